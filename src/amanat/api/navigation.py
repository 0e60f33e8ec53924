"""Where phones stand in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from amanat.access.policy import Verb
from amanat.cases.navigation import who_may
from amanat.web.navigation import NavEntry, add


def register() -> None:
    """Called once, when the room is loaded."""
    add(
        NavEntry(
            name="phones",
            label=_("Phones"),
            url_name="api.phones",
            icon="swap",
            order=69,
            shown_to=who_may(Verb.DEVICE_REVOKE),
        )
    )
