"""A legal hold that is asked for from the case, and the officer's answer where it is no. The hold itself is placed at their desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import lock, mark
from amanat.cases.actions.writing import add_task
from amanat.cases.circle import Circle
from amanat.cases.models import Case, EventKind, TaskKind
from amanat.legal.models import HoldAsked
from amanat.people.models import Membership
from amanat.web.errors import PersonFacingError

READ_WITHIN: Final = timedelta(days=1)  # ours: after that the file may be erased by two people


@verb(Verb.HOLD_ASK)
def ask_hold(case: Case, *, reason: str, actor: Actor) -> HoldAsked:
    """Ask the data protection officer to keep everything of this file from being erased.

    Raises:
        PersonFacingError: it was asked for already, and waits for an answer.
    """
    lock(case)
    if HoldAsked.objects.filter(subject=case.subject_id, answered_at=None).exists():
        raise PersonFacingError(
            _("A legal hold was asked for already."), _("The data protection officer has it on their desk.")
        )
    row = HoldAsked.objects.create(
        subject=case.subject, case=case, author=actor.membership, at=actor.now, words={"reason": reason}
    )
    mark(case, EventKind.HOLD_ASKED, actor, part=Part.LEGAL_STATUS)
    return row


@verb(Verb.HOLD_DECLINE)
def decline_hold(asked: HoldAsked, *, reason: str, actor: Actor) -> HoldAsked:
    """No hold is placed; whoever asked hears it as a task, with why.

    Raises:
        PersonFacingError: it was answered meanwhile.
    """
    case = asked.case
    lock(case)
    if not HoldAsked.objects.filter(pk=asked.pk, answered_at=None).exists():
        raise PersonFacingError(_("This was answered meanwhile."))
    asked.answered_at, asked.answered_by, asked.declined = actor.now, actor.membership, True
    asked.answer = {"reason": reason}
    asked.save(update_fields=["answered_at", "answered_by", "declined", "answer"])
    told = _("The legal hold that was asked for is not placed. Why: %(reason)s") % {"reason": reason}
    add_task(case, TaskKind.FLAG, told, actor.now + READ_WITHIN, _who_hears(asked, actor), actor, Part.LEGAL_STATUS)
    mark(case, EventKind.FLAGGED, actor, part=Part.LEGAL_STATUS, text=told)
    return asked


def _who_hears(asked: HoldAsked, actor: Actor) -> Membership:
    """Who asked; the case manager where they stand in the circle of care no more."""
    circle = Circle(asked.case, actor)
    manager = circle.manager
    still_here = any(grant.membership_id == asked.author_id for grant in circle.grants())
    return asked.author if still_here or manager is None else manager.membership
