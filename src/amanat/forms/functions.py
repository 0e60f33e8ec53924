"""The functions that expressions may call, by name. Modules `functions_…` add theirs; an unknown name is a fault of the form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from amanat.forms.limits import LIMITS
from amanat.forms.running import At, TooMuchWork
from amanat.forms.syntax import Call
from amanat.forms.values import Value, number_of

Program = Callable[[At], Value]
Look = Callable[[Call, frozenset[str]], str]
"""Looks at a call before anything runs, knowing the names of the lists; gives what is wrong, or nothing."""


@dataclass(frozen=True, slots=True)
class Function:
    """`run` takes where it stands and its arguments: values, or where `lazy` programs. `most`: None for any number."""

    name: str
    least: int
    most: int | None
    run: Callable[..., Value]
    lazy: bool = False
    look: Look | None = None


FUNCTIONS: Final[dict[str, Function]] = {}
F = TypeVar("F", bound=Callable[..., Any])


def function(
    name: str, least: int = 0, most: int | None = -1, *, lazy: bool = False, look: Look | None = None
) -> Callable[[F], F]:
    """Register a function with the least and the most arguments; without `most` it takes just `least`."""

    def registered(run: F) -> F:
        FUNCTIONS[name] = Function(name, least, least if most == -1 else most, run, lazy, look)
        return run

    return registered


def bounded(text: str) -> str:
    """A computed text, unless it has grown beyond every use."""
    if len(text) > LIMITS.text:
        raise TooMuchWork
    return text


def number(at: At, value: Value) -> float:
    """A value as a number, on the clock of the filling."""
    return number_of(value, at.run.zone)
