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


@dataclass(frozen=True, slots=True)
class Counted:
    """A figure that is how many rows there are: all of them are counted by one query, so that a room more costs none.

    `rows` is a queryset of one column; `tile` is asked with the count, at most 1,001.
    """

    rows: Any
    tile: Callable[[int], Tile | None]


Ask = Callable[[Any], Tile | Counted | None]
_asks: list[Ask] = []


def add(ask: Ask) -> None:
    """Register a question to `request.actor`; None for whoever has nothing to do there."""
    if ask not in _asks:
        _asks.append(ask)


def asked(actor: Any) -> list[Tile | Counted]:
    """The answers of all rooms, in the order in which they were added."""
    return [one for ask in _asks if (one := ask(actor)) is not None]
