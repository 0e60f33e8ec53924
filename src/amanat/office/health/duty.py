"""Alerts and messages: whether each agency has somebody on duty, and whether what is sent to workers leaves the house."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import Combinable
from django.utils.translation import gettext as _

from amanat.office.actions.arranging_duty import ON_DUTY
from amanat.office.health import Check, Probe, Seen, State, add, pile, waits
from amanat.people.models import Agency, DutyPlace, Membership, Message
from amanat.web.counting import count

# How long a message may be on its way until somebody should look, and until it is a fault (both ours).
WARN: Final = timedelta(minutes=10)
FAULT: Final = timedelta(hours=1)


def register() -> None:
    add(Probe("duty_lists", checks, figures))


def figures(now: datetime) -> Mapping[str, Combinable]:
    return {
        **pile("messages", Message.objects.filter(given_up_at=None), "made_at"),
        "messages_given_up": count(Message.objects.exclude(given_up_at=None)),
        "agencies_without_duty": count(without_duty(now)),
    }


def without_duty(now: datetime) -> QuerySet[Agency]:
    """Agencies with somebody who could take an alert, and nobody on the duty list who is told now, nor a deputy who is."""
    able = Membership.objects.current(now).filter(agency=OuterRef("pk"), role__in=ON_DUTY)
    away, deputy_away = (
        Q(**{f"{whose}away_from__lte": now, f"{whose}away_until__gt": now})
        for whose in ("membership__", "membership__deputy__")
    )
    there = Membership.objects.current(now).values("pk")
    placed = DutyPlace.objects.filter(agency=OuterRef("pk"), membership__in=there)
    told = placed.filter(~away | (Q(membership__deputy__in=there) & ~deputy_away))
    return Agency.objects.filter(Exists(able), ~Exists(told))


def checks(seen: Seen) -> Iterator[Check]:
    yield _duty(seen.figures["agencies_without_duty"] or 0)
    hint = _(
        "The server for e-mail or the program for texts does not take them. Try it: ./run amanat messages test NAME"
    )
    yield waits(seen, "messages", _("Messages to workers"), warn=WARN, fault=FAULT, hint=hint)
    given_up = seen.figures["messages_given_up"] or 0
    if given_up:
        sentence = _("Given up in the last week: %(count)s.") % {"count": given_up}
        yield Check("messages.given_up", _("Messages to workers"), State.FAULT, sentence, hint, given_up)


def _duty(agencies: int) -> Check:
    label = _("Duty lists")
    if not agencies:
        return Check("duty.lists", label, State.OK, _("Each agency has somebody on duty."), value=0)
    sentence = _("Agencies where nobody is on duty: %(count)s.") % {"count": agencies}
    hint = _("Alerts there go straight to the supervisors, who arrange who is on duty.")
    return Check("duty.lists", label, State.WARNING, sentence, hint, agencies)
