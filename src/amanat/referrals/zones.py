"""Whose clock a time is by, where two agencies read it and may be in two time zones."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _


def by_clock() -> str:
    """The zone of the reader's own site, in which every page shows its times."""
    return _("By the clock of %(zone)s.") % {"zone": timezone.get_current_timezone_name()}
