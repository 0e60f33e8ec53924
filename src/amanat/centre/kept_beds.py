"""A bed that is kept for another child from a day on, while whoever sleeps there is to stay beyond it."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.policy import Part
from amanat.cases.actions.consenting import DECIDE_WITHIN
from amanat.cases.actions.writing import flag_for
from amanat.cases.answering import those_of
from amanat.centre.models import Stay, StayBed

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

LASTS_LONGER = _(
    "Whoever sleeps in the bed that is kept for the child stays longer than that. Keep another bed, or ask the house."
)
TOLD = _(
    "From %(day)s on this bed is kept for another child. Whoever answers for that child is told: one of the two needs another bed."
)
NOBODY_TOLD = _(
    "From %(day)s on this bed is kept for another child, and nobody could be told. Speak with your supervisor: one of the two needs "
    "another bed."
)


def kept_after(stay: Stay, last_day: date) -> StayBed | None:
    """For whom the bed of a stay is kept from a day on before it ends."""
    own = StayBed.objects.filter(stay=stay, until=None, begun=True)
    rows = StayBed.objects.filter(bed__in=own.values("bed"), begun=False, until=None, stay__comes_on__lte=last_day)
    return rows.select_related("stay__case__subject", "stay__case__child", "stay__case__agency").first()


def flag(kept: StayBed, actor: Actor) -> None:
    """Within a verb that holds the case of the child for whom it is kept: who has to act on it hears of it."""
    case = kept.stay.case
    for who in those_of(case, actor):
        flag_for(who, case, LASTS_LONGER, Part.CENTRE, actor.now + DECIDE_WITHIN, actor.now)


def told(kept: StayBed, actor: Actor) -> StrOrPromise:
    """What `flag` did, for whoever extended the stay."""
    return TOLD if those_of(kept.stay.case, actor) else NOBODY_TOLD
