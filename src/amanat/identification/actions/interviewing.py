"""Interviews with a child: who was there, what was agreed, what was said, and apart from that what it may mean."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.actions.marking import mark
from amanat.cases.models import Case, EventKind
from amanat.cases.persons import around
from amanat.cases.stating import check_day, file_of
from amanat.identification.actions.stating import state
from amanat.identification.models import Statement, StatementKind
from amanat.identification.statements import interviews_before
from amanat.web.errors import PersonFacingError


class HowHeld(TypedDict, total=False):
    """How an interview was held, as its form asks. Codes are those of the form; the others are words."""

    place: str
    language: str
    interpreter: str
    interpreter_related: str
    others: str
    suspect_near: str
    told_limits: str
    agreed: str
    agreed_words: str
    breaks: str
    stopped: str
    stopped_words: str


@verb(Verb.INTERVIEW_RECORD)
def record_interview(
    case: Case,
    *,
    at: datetime,
    verbatim: str,
    interpretation: str = "",
    present: Sequence[str] = (),
    why_again: str = "",
    actor: Actor,
    **how: Unpack[HowHeld],
) -> Statement:
    """Record an interview. `present`: people around the child by id; `others`: everybody else, in words.

    Raises:
        PersonFacingError: it lies in the future or before the birth; a suspect is named as present; it is not the first one, and
            nothing says why the child had to tell it again.
    """
    file = file_of(case, actor, Part.FACTS)
    _check(file, at)
    _check_present(file, present)
    if (before := interviews_before(file)) and not why_again:
        raise PersonFacingError(_("Write why the child has to tell it again."), field="why_again")
    told = {"at": at.isoformat(), "number": before + 1, "present": list(present), "why_again": why_again, **how}
    interview = state(case, StatementKind.INTERVIEW, told, actor)
    interview.verbatim, interview.interpretation = verbatim, interpretation or None
    interview.save(update_fields=["verbatim", "interpretation"])
    case.last_contact = max(case.last_contact, timezone.localdate(at))
    case.save(update_fields=["last_contact"])
    mark(case, EventKind.INTERVIEWED, actor, part=Part.FACTS, at=at)
    return interview


def _check_present(file: File, present: Sequence[str]) -> None:
    if not set(present) <= {one.ref for one in around(file) if not one.is_suspect}:
        raise PersonFacingError(
            _("Somebody whom you chose is recorded as a suspect, or not on the list any more."),
            _("A suspect must not be there when a child is interviewed. If one was near all the same, say so below."),
            "present",
        )


def _check(file: File, at: datetime) -> None:
    if at > file.actor.now:
        raise PersonFacingError(_("This lies in the future. Write what has happened."), field="at")
    check_day(file, timezone.localdate(at), "at")
