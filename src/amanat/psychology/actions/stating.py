"""Shared by the verbs of this room: the file under its lock, moments that can't be, and what is kept of an answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
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


def file_of(case: Case, actor: Actor, part: Part = Part.PSYCHOLOGY_SUMMARY) -> File:
    """The file under the lock of the case, for a verb that writes into a part.

    Raises:
        Closed: the part is not open to the actor, to whom a conflict may have closed it.
        PersonFacingError: the case is closed.
    """
    lock(case)
    if case.is_closed:
        raise PersonFacingError(_("This case is closed."), _("Reopen it first."))
    file = open_file(actor, case)
    demand(file, part)
    return file


def demand(file: File, part: Part = Part.PSYCHOLOGY_SUMMARY) -> None:
    """Raises:
    Closed: who does not see what stands there so far writes nothing more.
    """
    if not file.sees(part):
        raise Closed(part)


def check_past(file: File, at: datetime) -> None:
    """Raises:
    PersonFacingError: it has not come yet, or lies before the child was born.
    """
    if at > file.actor.now:
        raise PersonFacingError(_("This lies in the future. Write what has happened."), field="at")
    day = timezone.localdate(at).isoformat()
    if bounds.is_before(day, surely_born(file) or bounds.OLDEST):
        raise PersonFacingError(_("The child was not born then."), _("Look which of the two days is right."), "at")


def check_ahead(now: datetime, at: datetime) -> None:
    """Raises:
    PersonFacingError: it has passed.
    """
    if at <= now:
        raise PersonFacingError(
            _("This time has passed."), _("If the session was held, record it instead of planning it."), "at"
        )


def was_in_contact(case: Case, at: datetime) -> None:
    case.last_contact = max(case.last_contact, timezone.localdate(at))
    case.save(update_fields=["last_contact"])


def said(content: Mapping[str, Any]) -> dict[str, Any]:
    """What is empty is not kept."""
    return {key: value for key, value in content.items() if value not in ("", None, [], {})}
