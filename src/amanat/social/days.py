"""Days that can't be: those to come, and those before the child was born."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.files import File
from amanat.cases.htcds import surely_born
from amanat.packs import bounds
from amanat.web.errors import PersonFacingError


def check_day(file: File, day: date, field: str = "on") -> None:
    """Raises:
    PersonFacingError: the day has not come yet, or lies before the child was born.
    """
    if day > timezone.localdate(file.actor.now):
        raise PersonFacingError(_("This day has not come yet."), field=field)
    born = surely_born(file)
    if bounds.is_before(day.isoformat(), born or bounds.OLDEST):
        raise PersonFacingError(_("The child was not born then."), _("Look which of the two days is right."), field)
