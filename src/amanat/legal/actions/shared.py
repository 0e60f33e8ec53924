"""Shared by the verbs of this folder: days that can't follow from another."""

from __future__ import annotations

from datetime import date

from django.utils.translation import gettext as _

from amanat.web.errors import PersonFacingError


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
