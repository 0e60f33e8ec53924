"""Breaches of personal data: recorded as soon as somebody knows of one, gone on with step by step until they are closed."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.audit.locks import Lock, hold
from amanat.audit.recording import office_subject
from amanat.desk.models import Breach, BreachStep, StepKind
from amanat.packs.bounds import OLDEST
from amanat.packs.clocks import clock
from amanat.web.errors import PersonFacingError

# Which moment of the breach a step sets, the first time.
SETS = {StepKind.AUTHORITY: "authority_at", StepKind.PEOPLE: "people_at", StepKind.CLOSED: "closed_at"}


@verb(Verb.BREACH_RECORD, about=str)
def record(*, known_at: datetime, what: str, whom: str, follows: str, actor: Actor) -> Breach:
    """Write a breach down. The clock runs from the moment at which somebody knew of it.

    Raises:
        PersonFacingError: that moment has not come yet, or is a slip.
    """
    if known_at > actor.now:
        raise PersonFacingError(_("This moment has not come yet."), field="known_at")
    if known_at.date() < date.fromisoformat(OLDEST):
        raise PersonFacingError(_("This is too long ago."), _("Look whether the year is right."), field="known_at")
    hold(Lock.OFFICE)  # one number after the other
    return Breach.objects.create(
        subject=office_subject(),
        number=(Breach.objects.aggregate(last=Max("number"))["last"] or 0) + 1,
        known_at=known_at,
        due=clock("breach").rings(known_at),
        recorded_by=actor.membership,
        recorded_at=actor.now,
        words={"what": what, "whom": whom, "follows": follows},
    )


@verb(Verb.BREACH_FOLLOW_UP, about=str)
def follow_up(breach: Breach, *, kind: str, text: str, actor: Actor, untold: str = "") -> BreachStep:
    """Write down what was done about it. Telling the authority stops the clock; the last step closes the breach.

    `untold` says why the authority need not be told of what is closed.

    Raises:
        PersonFacingError: it is closed; or it is to be closed, and nothing says whether the authority was told.
    """
    held = Breach.objects.select_for_update(no_key=True).select_related("subject").get(pk=breach.pk)
    if held.closed_at:
        raise PersonFacingError(_("This breach is closed."))
    step = StepKind(kind)
    closes_untold = step == StepKind.CLOSED and held.authority_at is None
    if closes_untold and not untold.strip():
        raise PersonFacingError(
            _("Nothing says that the authority was told."),
            _("Tell it and write that down first, or write here why it need not be told."),
            field="untold",
        )
    if (column := SETS.get(step)) and getattr(held, column) is None:
        setattr(held, column, actor.now)
        held.save(update_fields=[column])
    return BreachStep.objects.create(
        subject=held.subject,
        breach=held,
        kind=step,
        by=actor.membership,
        at=actor.now,
        words={"text": text} | ({"untold": untold} if closes_untold else {}),
    )
