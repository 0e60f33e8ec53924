"""The figures at the head of *My day* as a registry: each room adds its own when it is loaded, those of the files stand first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure and what it counts, with where it leads. `kind` colours it, where it is not zero."""

    figure: str
    label: StrOrPromise
    icon: str
    url_name: str
    rest: str = ""  # what follows the address: a query, a place on the page
    kind: str = ""


Ask = Callable[[Any], Tile | None]
_asks: list[Ask] = []


def add(ask: Ask) -> None:
    """Register a question to `request.actor`; None for whoever has nothing to do there."""
    if ask not in _asks:
        _asks.append(ask)


def tiles_for(actor: Any) -> list[Tile]:
    """The answers of all rooms, in the order in which they were added."""
    return [tile for ask in _asks if (tile := ask(actor)) is not None]
