"""That a child left a centre. Rooms that have to do something at once add theirs in `ready()`; it is called within the verb, under the
lock of the case."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.cases.models import Case


@dataclass(frozen=True, slots=True)
class Departure:
    """A child left at a moment; `first_visit`: the day that was agreed for it; `died`: nothing is arranged any more; `to_carer`: to
    somebody who takes over its care."""

    at: datetime
    first_visit: date | None = None
    to_carer: bool = False
    died: bool = False


Listener = Callable[[Case, Departure, Actor], None]
_listening: list[Listener] = []
Asked = Callable[[File], Sequence[str]]
_asked: list[Asked] = []


def register(listener: Listener) -> None:
    if listener not in _listening:
        _listening.append(listener)


def left(case: Case, departure: Departure, actor: Actor) -> None:
    for listener in _listening:
        listener(case, departure, actor)


def ask_before(asked: Asked) -> None:
    """Let `asked(file)` say what is not ready for the child to go to a carer. It keeps nobody back: a child may have to leave."""
    if asked not in _asked:
        _asked.append(asked)


def not_ready(file: File) -> list[str]:
    return [sentence for asked in _asked for sentence in asked(file)]
