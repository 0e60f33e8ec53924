"""What a procedure may speak of. The rooms above tell it when they are loaded: a word that no room knows is a fault of the pack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from amanat.access.policy import Verb

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_events: dict[str, StrOrPromise] = {}
_facts: dict[str, str] = {}
_moves: set[str] = set()
_gates: set[Verb] = set()


def add_events(events: Mapping[str, StrOrPromise]) -> None:
    """Name events that happen on a case, and what each is called."""
    _events.update(events)


def add_fact(name: str, codes: str, *, moves: bool = False) -> None:
    """Name a fact that conditions may ask for, and the pack's list of its codes.

    `moves`: each change of it is an event, like `stage:closed`.
    """
    _facts[name] = codes
    if moves:
        _moves.add(name)


def add_gate(verb: Verb) -> None:
    """Name a verb that asks which open steps stand in its way."""
    _gates.add(verb)


def events() -> Mapping[str, StrOrPromise]:
    return _events


def facts() -> Mapping[str, str]:
    """The pack's list of codes by fact."""
    return _facts


def moves() -> list[str]:
    return sorted(_moves)


def gates() -> list[str]:
    return sorted(_gates)


def codes_of_move(event: str) -> tuple[str, str] | None:
    """(list of codes, code) of an event like `stage:closed`; None where it is none."""
    fact, colon, code = event.partition(":")
    return (_facts[fact], code) if colon and fact in _moves else None
