"""Where the hotline stands in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from amanat.access.policy import Verb
from amanat.cases.navigation import who_may
from amanat.web.navigation import NavEntry, add


def register() -> None:
    """Called once, when the room is loaded."""
    add(
        NavEntry(
            name="hotline",
            label=_("Hotline"),
            url_name="hotline.desk",
            icon="phone",
            order=15,
            shown_to=who_may(Verb.LOOK_HOTLINE),
        )
    )
    add(
        NavEntry(
            name="lines",
            label=_("Telephone systems"),
            url_name="hotline.lines",
            icon="phone",
            order=68,
            shown_to=who_may(Verb.LOOK_LINES),
        )
    )
