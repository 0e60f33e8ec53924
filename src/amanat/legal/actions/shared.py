"""Shared by the verbs of this folder: the file under its lock, and days that can't be."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import Closed, File, open_file
from amanat.access.policy import Part
from amanat.cases.actions.marking import lock
from amanat.cases.htcds import surely_born
from amanat.cases.models import Case
from amanat.packs import bounds
from amanat.web.errors import PersonFacingError


def file_of(case: Case, actor: Actor, part: Part = Part.LEGAL_FILE) -> File:
    """The file under the lock of the case.

    Raises:
        Closed: the part is not open to the actor.
    """
    lock(case)
    file = open_file(actor, case)
    demand(file, part)
    return file


def demand(file: File, part: Part = Part.LEGAL_FILE) -> None:
    """Raises:
    Closed: who does not see what was written so far writes nothing more.
    """
    if not file.sees(part):
        raise Closed(part)


def said(**told: Any) -> dict[str, Any]:
    """What is kept: what is empty is not."""
    return {key: value for key, value in told.items() if value not in ("", None, [], ())}


def check_past(file: File, day: date, field: str = "on") -> None:
    """Raises:
    PersonFacingError: the day has not come yet, or lies before the child was born.
    """
    if day > timezone.localdate(file.actor.now):
        raise PersonFacingError(_("This day has not come yet."), field=field)
    check_born(file, day, field)


def check_born(file: File, day: date, field: str) -> None:
    """Raises:
    PersonFacingError: the day lies before the child was born, or before any file.
    """
    if bounds.is_before(day.isoformat(), surely_born(file) or bounds.OLDEST):
        raise PersonFacingError(_("The child was not born then."), _("Look which of the two days is right."), field)


def check_after(day: date | None, first: date, field: str) -> None:
    """Raises:
    PersonFacingError: a day that follows from another lies before it, or is none (31 December 9999).
    """
    if day is not None and day.year == date.max.year:
        raise PersonFacingError(
            _("This day never comes."), _("Leave it empty where nothing says until when it holds."), field
        )
    if day is not None and day < first:
        raise PersonFacingError(
            _("This is before the day on which it happened."), _("Look which of the two days is right."), field
        )


def check_moment(file: File, at: datetime, field: str = "at") -> None:
    """Raises:
    PersonFacingError: it lies in the future, or before the child was born.
    """
    if at > file.actor.now:
        raise PersonFacingError(_("This lies in the future. Write what has happened."), field=field)
    check_born(file, timezone.localdate(at), field)
