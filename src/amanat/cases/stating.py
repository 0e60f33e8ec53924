"""Shared by the verbs of rooms that add statements to a file: the file under the lock of its case, days and moments that can't be."""

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


def file_of(case: Case, actor: Actor, part: Part) -> File:
    """The file under the lock of the case, for a verb that adds to a part.

    Raises:
        Closed: the part is not open to the actor, to whom a conflict may have closed it.
    """
    lock(case)
    file = open_file(actor, case)
    demand(file, part)
    return file


def file_to_write(case: Case, actor: Actor, part: Part) -> File:
    """The same for a verb whose part is only for those who write it.

    Raises:
        Closed: the part is not the actor's to write.
    """
    file = file_of(case, actor, part)
    if not file.writes(part):
        raise Closed(part)
    return file


def demand(file: File, part: Part) -> None:
    """Raises:
    Closed: who does not see what stands there so far adds nothing to it.
    """
    if not file.sees(part):
        raise Closed(part)


def check_open(case: Case) -> None:
    """Raises:
    PersonFacingError: the case is closed.
    """
    if case.is_closed:
        raise PersonFacingError(_("This case is closed."), _("Reopen it first."))


def check_day(file: File, day: date, field: str = "on") -> None:
    """Raises:
    PersonFacingError: the day has not come yet, or lies before the child was born.
    """
    if day > timezone.localdate(file.actor.now):
        raise PersonFacingError(_("This day has not come yet."), field=field)
    check_born(file, day, field)


def check_moment(file: File, at: datetime, field: str = "at") -> None:
    """Raises:
    PersonFacingError: it lies in the future, or before the child was born.
    """
    if at > file.actor.now:
        raise PersonFacingError(_("This lies in the future. Write what has happened."), field=field)
    check_born(file, timezone.localdate(at), field)


def check_born(file: File, day: date, field: str) -> None:
    """Raises:
    PersonFacingError: the day lies before the child was born, or before any file.
    """
    if bounds.is_before(day.isoformat(), surely_born(file) or bounds.OLDEST):
        raise PersonFacingError(_("The child was not born then."), _("Look which of the two days is right."), field)


def said(**content: Any) -> dict[str, Any]:
    """What is kept of it: nothing that is empty."""
    return {key: value for key, value in content.items() if value not in ("", None, [], {}, ())}
