"""What was agreed for a child and is not reached yet, for whoever visits it. Rooms add what they know of in `ready()`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from amanat.access.files import File
from amanat.cases.shown import Text


@dataclass(frozen=True, slots=True)
class Agreed:
    text: Text
    by: date | None = None


Ask = Callable[[File], Iterable[Agreed]]
_asks: list[Ask] = []


def register(ask: Ask) -> None:
    """`ask(file)` opens through the file, and only what the actor sees."""
    if ask not in _asks:
        _asks.append(ask)


def still(file: File) -> list[Agreed]:
    return [one for ask in _asks for one in ask(file)]
