"""Which operators' screens look, and when: all of a hotline with a few, some of one with many.

A screen that looks asks for the desk; two hundred that do so for each ring kept each other waiting for fifteen seconds
(`./run bench hotline`). So where many are free, a ring is heard by some of them at first, and by more and more while nobody answers.
"""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from amanat.hotline.models import Call, CallState
from amanat.people import looks
from amanat.people.doors import IDLE
from amanat.people.models import Agency, Membership, Role, Session

AT_ONCE: Final = 10  # workers; ours
MORE_AFTER: Final = timedelta(seconds=10)  # in which nobody answered; ours


def who_hears(agency: Agency, now: datetime) -> set[uuid.UUID]:
    """The workers whose screens should look: operators who are not in talk; where everybody is, all of them."""
    on_duty = _at_work(agency, now)
    talking = Call.objects.filter(operator__in=on_duty, state=CallState.TALKING).values_list("operator", flat=True)
    free = {user for pk, user in on_duty.items() if pk not in set(talking)}
    return free or set(on_duty.values())


def _at_work(agency: Agency, now: datetime) -> dict[uuid.UUID, uuid.UUID]:
    """Operators who are not on leave: by membership the worker."""
    operators = Membership.objects.current(now).filter(agency=agency, role=Role.HOTLINE_OPERATOR)
    away = Q(away_from__lte=now, away_until__gt=now)
    return dict(operators.exclude(away).values_list("pk", "user_id"))


def hear_ring(agency: Agency, now: datetime) -> None:
    """Let a ring be heard; where many are free, by some of them at first."""
    looks.look(_some(who_hears(agency, now), now))


def hear_more(now: datetime) -> None:
    """Let some more hear what has rung for long, until all have. Told by rounds: all at once would be late for each other once more."""
    long = Call.objects.filter(state=CallState.RINGING, ended_at=None, rang_at__lte=now - MORE_AFTER)
    since: dict[Agency, datetime] = {}
    for call in long.select_related("matter__agency").order_by("rang_at"):
        since.setdefault(call.matter.agency, call.rang_at)
    for agency, moment in since.items():
        hear = set(_at_work(agency, now).values())  # also who is in talk: those who are free may sit at no screen
        looks.look(_some(hear - looks.told_since(moment, hear), now))


def _some(users: set[uuid.UUID], now: datetime) -> set[uuid.UUID]:
    """At most so many, whoever sits at a screen before others; who of them is drawn, so that all get calls."""
    if len(users) <= AT_ONCE:
        return users
    far = _how_far(users, now)
    return set(sorted(users, key=lambda user: (far[user], secrets.randbits(32)))[:AT_ONCE])


def _how_far(users: Collection[uuid.UUID], now: datetime) -> dict[uuid.UUID, int]:
    """From an open session (0) over one that is locked (1) to none (2)."""
    far = dict.fromkeys(users, 2)
    rows = Session.objects.filter(user__in=users, ends_at__gt=now).values_list("user_id", "locked_at", "seen_at")
    for user, locked_at, seen_at in rows:
        assert user is not None
        far[user] = min(far[user], int(locked_at is not None or now - seen_at >= IDLE))
    return far


def look_again(agency: Agency, since: datetime, now: datetime) -> None:
    """Something changed that some screens show since then: a ring that was answered goes from all that heard it. Where many are free,
    the others see it when their page asks by itself.
    """
    hear = who_hears(agency, now)
    looks.look(hear if len(hear) <= AT_ONCE else looks.told_since(since, hear))
