"""Shared by the verbs of this room: the file under the lock of its case, and days that can't be are refused."""

from __future__ import annotations

from datetime import date
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


def file_of(case: Case, actor: Actor, part: Part = Part.PLAN) -> File:
    """The file under the lock of the case.

    Raises:
        Closed: this part is not open to the actor.
    """
    lock(case)
    file = open_file(actor, case)
    demand(file, part)
    return file


def demand(file: File, part: Part = Part.PLAN) -> None:
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
    if bounds.is_before(day.isoformat(), surely_born(file) or bounds.OLDEST):
        raise PersonFacingError(_("The child was not born then."), _("Look which of the two days is right."), field)


def told(**content: Any) -> dict[str, Any]:
    """What is sealed: nothing that is empty."""
    return {key: value for key, value in content.items() if value not in ("", None, [], {}, ())}
