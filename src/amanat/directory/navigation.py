"""Where the directory stands in the navigation and on *My day*."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from amanat.access.policy import Verb
from amanat.directory import keepers
from amanat.web import day
from amanat.web.navigation import NavEntry, add
from amanat.web.paging import count_text


def register() -> None:
    """Called once, when the room is loaded."""
    entry = NavEntry(
        name="directory", label=_("Services"), url_name="directory.services", icon="flag", order=35, shown_to=_looks
    )
    add(entry)
    day.add(confirm_tile)


def _looks(actor: Any) -> bool:
    return actor is not None and actor.may(Verb.LOOK_DIRECTORY)


def confirm_tile(actor: Any) -> day.Counted | None:
    """The entries that one keeps and that nobody confirmed for 90 days; nothing where all are."""
    if not actor.may(Verb.DIRECTORY_CONFIRM):
        return None
    return day.Counted(keepers.to_confirm(actor, actor.now).values("pk"), _tile)


def _tile(count: int) -> day.Tile | None:
    label = ngettext_lazy("service to confirm", "services to confirm", count)
    return day.Tile(count_text(count), label, "check", "directory.entries", "?show=old", "warning") if count else None
