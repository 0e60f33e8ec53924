"""Where the exchange of workbooks stands in the navigation."""

from __future__ import annotations

from typing import Any

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
            order=50,
            shown_to=lambda actor: entry_of(actor) == "papers",
        )
    )


def entry_of(actor: Any) -> str:
    """Under which entry papers are gathered: who brings files in finds them there."""
    if actor is None or not actor.may(Verb.PAPERS_GATHER):
        return ""
    return "import" if actor.may(Verb.EXCHANGE_IMPORT) else "papers"
