"""What an expression finds when it runs: where it stands, the instances, the clock; and how much it may still do."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Final

from amanat.forms.limits import LIMITS
from amanat.forms.nodes import Node

_LOOK_AT_CLOCK: Final = 20_000


class TooMuchWork(Exception):
    """A form asks for more computing than it may; what it would have given is not known."""


@dataclass(slots=True)
class Budget:
    """Steps and seconds that are left of one piece of work."""

    steps: int = LIMITS.steps
    seconds: float = LIMITS.seconds
    _until: float = 0.0
    _looked: int = 0

    def begin(self) -> None:
        """Begin a new piece of work, with all that it may take."""
        self.steps = self._looked = LIMITS.steps
        self._until = time.monotonic() + self.seconds

    def spend(self, steps: int) -> None:
        """Count what was done.

        Raises:
            TooMuchWork: it was the last that may be done.
        """
        self.steps -= steps
        if self.steps < 0:
            raise TooMuchWork
        if self._looked - self.steps > _LOOK_AT_CLOCK:
            self._looked = self.steps
            if time.monotonic() > self._until:
                raise TooMuchWork


Index = dict[str, list[Node]]


@dataclass(slots=True)
class Run:
    """One filling, as expressions see it.

    `lists`: roots of the lists by name. `indexes`: of lists, by column, shared by all fillings. `choice_name(node, value)`
    and `itext(id)` give texts in the language of the filling. `bare`: on pages answers stand as dots in texts, for a reader who
    does not see them all; what is computed stays as it is.
    """

    root: Node
    lists: Mapping[str, Node]
    indexes: dict[tuple[int, str, str], Index]
    now: datetime
    zone: tzinfo
    language: str
    seed: str
    form_version: str
    choice_name: Callable[[Node, str, str], str]
    itext: Callable[[str], str]
    budget: Budget = field(default_factory=Budget)
    bare: bool = False


@dataclass(slots=True)
class At:
    """Where an expression stands: `node`, in a predicate one of many; `current` stays the node of the whole expression."""

    node: Node
    current: Node
    run: Run
    position: int = 1
    size: int = 1
