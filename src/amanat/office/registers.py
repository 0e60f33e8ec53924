"""The registers that stand on the data protection desk as links: each room adds its own when it is loaded."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from amanat.access.actor import Actor

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Register:
    """A page of the desk: where it is, what it is called, what stands there."""

    url_name: str
    label: StrOrPromise
    text: StrOrPromise
    icon: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much of a register waits for the officer, for its tile; `late`: something is past its time."""

    figure: str
    label: StrOrPromise
    icon: str
    url_name: str
    late: bool = False


@dataclass(frozen=True, slots=True)
class Counting:
    """What another room counts for the head of the desk: rows by name, and the tiles made of their numbers."""

    rows: Callable[[Actor], Mapping[str, QuerySet[Any]]]
    tiles: Callable[[Mapping[str, int]], list[Waiting]]


registers: list[Register] = []
countings: list[Counting] = []


def add(*added: Register) -> None:
    """Called in `ready()`."""
    registers.extend(register for register in added if register not in registers)


def add_counting(counting: Counting) -> None:
    """Called in `ready()`. All rooms are counted in one query."""
    if counting not in countings:
        countings.append(counting)
