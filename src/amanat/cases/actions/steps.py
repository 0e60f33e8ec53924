"""Saying that a step of the procedure is done, waiving it, taking that back. What a step stands in the way of asks here."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_file
from amanat.access.policy import Verb
from amanat.access.verbs import verb
from amanat.cases import steps
from amanat.cases.actions.marking import lock, mark
from amanat.cases.actions.registering import MOMENT
from amanat.cases.models import Case, Event, EventKind
from amanat.procedures import Due
from amanat.web.errors import PersonFacingError, Refused


@verb(Verb.CASE_FINISH_STEP)
def finish_step(case: Case, *, step: str, text: str = "", happened_at: datetime | None = None, actor: Actor) -> Event:
    """Say that an open step is done, with what came of it; it counts from when it was done.

    Raises:
        PersonFacingError: the step is not open, something else finishes it, or it is said to have been done before it
            began or later than now.
    """
    lock(case)
    found = _open(case, step, actor)
    if not found.step.by_hand:
        raise PersonFacingError(
            _("Nobody has to say that this step is done."), _("It is over as soon as what it asks for is recorded.")
        )
    if happened_at is not None and happened_at > actor.now:
        raise PersonFacingError(_("This lies in the future. Write what has happened."), field="happened_at")
    if happened_at is not None and happened_at < found.began.replace(second=0, microsecond=0):
        raise PersonFacingError(_("The step began later than that."), field="happened_at")
    at = _behind(found, happened_at or actor.now)
    return mark(case, EventKind.STEP_DONE, actor, at=at, step=step, text=text)


@verb(Verb.CASE_WAIVE_STEP)
def waive_step(case: Case, *, step: str, reason: str, actor: Actor) -> Event:
    """Do without an open step, with the reason; what comes after it begins.

    Raises:
        PersonFacingError: the step is not open.
    """
    lock(case)
    at = _behind(_open(case, step, actor), actor.now)
    return mark(case, EventKind.STEP_WAIVED, actor, at=at, step=step, text=reason)


@verb(Verb.CASE_TAKE_BACK_STEP)
def take_back_step(case: Case, *, step: str, reason: str, actor: Actor) -> Event:
    """Say that a step is not over after all, which somebody had said was done or waived. Both lines stay in the timeline.

    Raises:
        PersonFacingError: nobody said so, or the case is closed.
        Refused: it was waived, and the actor may not waive.
    """
    lock(case)
    file = open_file(actor, case)
    ended = steps.said_last(file, step)
    if ended is None:
        raise PersonFacingError(_("There is nothing to take back on this step."), _("Look at the steps of the file."))
    if not steps.may_take_back(file, ended):
        raise Refused(_("It was waived: only who may waive a step takes that back."), _("Ask the case manager."))
    return mark(case, EventKind.STEP_TAKEN_BACK, actor, step=step, line=ended.said, text=reason)


def _behind(step: Due, at: datetime) -> datetime:
    """The timeline goes by time, and people write whole minutes: the end of a step stands behind its beginning."""
    return max(at, step.began + MOMENT)


def _open(case: Case, name: str, actor: Actor) -> Due:
    found = next((one for one in steps.due(open_file(actor, case)) if one.step.name == name), None)
    if found is None:
        raise PersonFacingError(_("This step is not open now."), _("Look at the steps of the file."))
    return found


def left_behind(file: File, act: Verb) -> list[str]:
    """The names of the open steps that a verb leaves behind.

    Raises:
        PersonFacingError: one of them has to be over before.
    """
    standing = steps.in_the_way(file, act)
    strict = [one.step.label.text() for one in standing if one.step.strict]
    if strict:
        raise PersonFacingError(
            _("These steps have to be over first: %(names)s.") % {"names": ", ".join(strict)},
            _("Finish or waive them on the page of the steps."),
        )
    return [one.step.name for one in standing]
