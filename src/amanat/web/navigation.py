"""The primary navigation as a registry: each room adds its entries when it is loaded. Who sees one is the room's question."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


def everybody(actor: Any) -> bool:
    """Show an entry to every signed-in worker."""
    return actor is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class NavEntry:
    """One link of the primary navigation.

    Args:
        name: unique; also the value of a page's `nav` context variable that marks the entry as current.
        label: translatable text of the link.
        url_name: a URL name without arguments.
        icon: a name of `amanat.web.icons`.
        order: ascending from left to right; ties are sorted by name.
        shown_to: asked with `request.actor`. It only decides what is drawn; the page itself checks policy.
    """

    name: str
    label: str | Promise
    url_name: str
    icon: str
    order: int
    shown_to: Callable[[Any], bool] = everybody


_entries: dict[str, NavEntry] = {}


def add(entry: NavEntry) -> None:
    """Register an entry; called from the `ready()` of the room that owns the page.

    Raises:
        ValueError: another entry has this name.
    """
    if _entries.get(entry.name, entry) != entry:
        raise ValueError(f"Two navigation entries are named {entry.name!r}.")
    _entries[entry.name] = entry


def entries_for(actor: Any) -> list[NavEntry]:
    """The entries to draw for this actor, in order; none for somebody who is not signed in."""
    if actor is None:
        return []
    shown = [entry for entry in _entries.values() if entry.shown_to(actor)]
    return sorted(shown, key=lambda entry: (entry.order, entry.name))
