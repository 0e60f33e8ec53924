"""Requests of children and guardians: recorded by whoever they turn to, answered by the data protection officer."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.cases.models import Case
from amanat.desk.actions.locking import lock
from amanat.desk.models import Answer, Request, RequestKind
from amanat.packs.clocks import clock
from amanat.web.errors import PersonFacingError


@verb(Verb.REQUEST_RECORD)
def record(case: Case, *, kind: str, given_by: str, text: str, received_on: date, actor: Actor) -> Request:
    """Write down what a child or guardian asked for; from the day on which they did the clock runs.

    `given_by` is a code of the pack's list `consent_given_by`.

    Raises:
        Gone: the file was erased meanwhile.
        PersonFacingError: the day has not come yet.
    """
    lock(case)
    if received_on > timezone.localdate(actor.now):
        raise PersonFacingError(_("This day has not come yet."), field="received_on")
    return Request.objects.create(
        subject=case.subject,
        kind=RequestKind(kind),
        received_on=received_on,
        due_on=clock("request").last_day(received_on),
        recorded_by=actor.membership,
        recorded_at=actor.now,
        words={"given_by": given_by, "text": text},
    )


@verb(Verb.REQUEST_ANSWER)
def take_longer(case: Case, *, request: Request, reason: str, actor: Actor) -> Request:
    """Take more time, once, before the first time is over. The child or guardian is told why.

    Raises:
        PersonFacingError: it was answered, more time was taken already, or the time is over.
    """
    held = _hold(request)
    if held.longer:
        raise PersonFacingError(_("More time was taken already, and it is taken once."))
    if held.due_on < timezone.localdate(actor.now):
        raise PersonFacingError(_("The time is over. Answer as soon as you can, and say why it is late."))
    held.longer, held.due_on = True, clock("request_longer").last_day(held.due_on)
    held.words = open_file(actor, case).open(held, "words") | {"longer": reason}
    held.save(update_fields=["longer", "due_on", "words"])
    return held


@verb(Verb.REQUEST_ANSWER)
def answer(case: Case, *, request: Request, outcome: str, text: str, actor: Actor) -> Request:
    """Close a request with what was done and what the child or guardian was told.

    Raises:
        PersonFacingError: it was answered before.
    """
    held = _hold(request)
    held.answer, held.answered_by, held.answered_at = Answer(outcome), actor.membership, actor.now
    held.words = open_file(actor, case).open(held, "words") | {"answer": text}
    held.save(update_fields=["answer", "answered_by", "answered_at", "words"])
    return held


def _hold(request: Request) -> Request:
    held = Request.objects.select_for_update(no_key=True).select_related("subject").get(pk=request.pk)
    if held.answered_at:
        raise PersonFacingError(_("This request was answered before."))
    return held
