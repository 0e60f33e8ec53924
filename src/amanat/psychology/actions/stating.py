"""Shared by the verbs of this room: the file of an open case under its lock, moments that can't be, and when the child was last seen."""

from __future__ import annotations

from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases import stating
from amanat.cases.models import Case
from amanat.web.errors import PersonFacingError


def file_of(case: Case, actor: Actor, part: Part = Part.PSYCHOLOGY_SUMMARY) -> File:
    """The file under the lock of the case, for a verb that writes into a part.

    Raises:
        Closed: the part is not open to the actor, to whom a conflict may have closed it.
        PersonFacingError: the case is closed.
    """
    file = stating.file_of(case, actor, part)
    stating.check_open(case)
    return file


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
