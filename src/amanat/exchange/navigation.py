"""Where the exchange of workbooks, and the papers of many children, stand in the navigation."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from amanat.access.policy import Verb
from amanat.cases.navigation import who_may
from amanat.web.navigation import NavEntry, add


def register() -> None:
    """Called once, when the room is loaded."""
    add(
        NavEntry(
            name="import",
            label=_("Files in and out"),
            url_name="exchange.imports",
            icon="swap",
            order=50,
            shown_to=who_may(Verb.EXCHANGE_IMPORT),
        )
    )
    add(
        NavEntry(
            name="papers",
            label=_("Papers"),
            url_name="exchange.gather",
            icon="print",
            order=51,
            shown_to=who_may(Verb.PAPERS_GATHER),
        )
    )
