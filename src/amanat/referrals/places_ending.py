"""Places in the circle of care that end with the last day of a consent: told a day before, whether or not a referral rests on it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from amanat.access.actor import Actor
from amanat.access.consents import CARRY_ON
from amanat.access.models import Consent, Grant
from amanat.access.policy import CIRCLE, Part
from amanat.cases.actions.marking import lock
from amanat.cases.actions.writing import add_task
from amanat.cases.models import Case, TaskKind
from amanat.people.clock import clock
from amanat.referrals import telling
from amanat.referrals.agreeing import BEFORE_IT_ENDS, midnight_after
from amanat.vault.rounds import Rounds

EVERY: Final = 60.0  # seconds between two looks
# Ours, no standard: so long after a last day it is still told, where no clock went on that day.
STILL_TOLD: Final = timedelta(days=7)


class Announcer(Rounds):
    """Two of them at once, or one killed in between, tell nobody twice. A thread of the task process."""

    name = "places-clock"
    waits = "telling that places in a circle of care end waits"

    def __init__(self, every: float = EVERY) -> None:
        super().__init__(every)

    def turn(self) -> bool:
        now = clock()
        with ExitStack() as all_of_them:  # one that fails keeps no other back
            for consent, places in ending(now).items():
                all_of_them.callback(announce, consent, places, now)
        return False


def ending(now: datetime) -> dict[Consent, list[Grant]]:
    """The places in a circle of care that end with a consent within a day, and of which nobody was told. One query."""
    today, found = timezone.localdate(now), defaultdict(list)
    rows = Grant.objects.filter(Q(until=None) | Q(until__gt=now), relation__in=CIRCLE)
    rows = rows.filter(consent__until__range=(today - STILL_TOLD, today + 2 * BEFORE_IT_ENDS))
    rows = rows.filter(consent__withdrawn_at=None, consent__end_told_at=None).exclude(consent__purpose=CARRY_ON)
    people = ("membership__user", "membership__agency", "membership__site", "membership__deputy__user")
    for grant in rows.select_related("consent__recorded_by__user", *people).order_by("membership__user__display_name"):
        assert grant.consent
        found[grant.consent].append(grant)
    return {one: places for one, places in found.items() if _over_at(one, places) - BEFORE_IT_ENDS <= now}


def _over_at(consent: Consent, places: Sequence[Grant]) -> datetime:
    """The first midnight after its last day: it ends for each where they work."""
    assert consent.until
    return min(midnight_after(consent.until, grant.membership.zone) for grant in places)


def announce(consent: Consent, places: Sequence[Grant], now: datetime) -> None:
    """Those whose places end hear of it, and whose the case is to see to has a task; nothing if somebody was quicker."""
    with transaction.atomic():
        case = (
            Case.objects.select_related("subject", "agency").filter(subject=consent.subject_id, closed_at=None).first()
        )
        if case is None:
            return
        lock(case)
        if not Consent.objects.filter(pk=consent.pk, withdrawn_at=None, end_told_at=None).update(end_told_at=now):
            return
        those = telling.those_of(case, now) or [consent.recorded_by]
        telling.tell_workers([*those, *(grant.membership for grant in places)], now)
        names = "; ".join(f"{one.membership.user.display_name}, {one.membership.agency}" for one in places)
        text, by = f"{consent.number} {names}", Actor.of(those[0], now)
        add_task(case, TaskKind.PLACES_END, text, _over_at(consent, places), those[0], by, Part.CONSENT)
