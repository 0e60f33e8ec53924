"""How far a conference is, in a word."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from amanat.cases.shown import Badge
from amanat.referrals.models_conferences import Conference, ConferenceState

BADGES = {
    ConferenceState.PLANNED: ("accent", "calendar"),
    ConferenceState.HELD: ("success", "check"),
    ConferenceState.CANCELLED: ("", "minus"),
}


def badge(conference: Conference, now: datetime) -> Badge:
    """One that is planned and whose time has passed waits for its minutes."""
    if conference.is_planned and conference.held_at <= now:
        was_held = conference.called_at >= conference.held_at
        told = _("was held, no minutes yet") if was_held else _("its time has passed, no minutes yet")
        return Badge(told, "warning", "note")
    return Badge(str(conference.get_state_display()), *BADGES[ConferenceState(conference.state)])
