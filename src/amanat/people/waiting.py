"""What waits for a worker, a call or an alert: that it does, and where it is answered, never about whom. Rooms say what there is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Q
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amanat.people.models import Membership, User

SENTENCES: Final[dict[str, str | Promise]] = {
    "alert": _("An alert is waiting."),
    "call": _("A call is waiting."),
    "referral": _("A referral is waiting."),
}

# Gets the memberships by which the worker acts, those whose deputy they are included, and may ask the database once.
Ask = Callable[[Sequence[Membership], datetime], bool]


@dataclass(frozen=True)
class _Asker:
    ask: Ask
    at: str


_askers: dict[str, list[_Asker]] = {}


@dataclass(frozen=True)
class Waiting:
    """`at` is the address where it is answered."""

    kind: str
    sentence: str
    at: str


def register(kind: str, ask: Ask, at: str = "") -> None:
    """Let `ask` say whether something of a kind (`call`, `alert`) waits, which is answered on the page named `at`: *My day*, else.
    Called in `ready()`.

    Raises:
        KeyError: nobody could be told of such a kind.
    """
    if kind not in SENTENCES:
        raise KeyError(kind)
    asker = _Asker(ask, at)
    if asker not in _askers.setdefault(kind, []):
        _askers[kind].append(asker)


def what_waits(user: User, now: datetime) -> list[Waiting]:
    """What waits for this worker, alerts first. One query, and one for each room that may have something."""
    acting = acts_by(user, now)
    found = []
    for kind, sentence in SENTENCES.items():
        asker = next((one for one in _askers.get(kind, ()) if one.ask(acting, now)), None)
        if asker:
            found.append(Waiting(kind, str(sentence), reverse(asker.at) if asker.at else "/"))
    return found


def acts_by(user: User, now: datetime) -> list[Membership]:
    """The memberships that count for a worker now: their own, and of those on leave whose deputy they are."""
    held = Membership.objects.filter(user=user).values("pk")
    covered = Q(deputy__in=held, away_from__lte=now, away_until__gt=now)
    rows = list(Membership.objects.current(now).filter(Q(user=user) | covered).order_by("since", "pk"))
    own = {row.pk for row in rows if row.user_id == user.pk}
    return [row for row in rows if row.pk in own or row.deputy_id in own]
