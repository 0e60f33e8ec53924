"""Where a task comes from, for kinds of tasks that another room makes. Rooms say so in `ready()`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amanat.access.files import File
from amanat.cases.models import Task, TaskKind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Origin:
    label: StrOrPromise
    href: str


Ask = Callable[[File, Task], Origin | None]
_asks: dict[TaskKind, Ask] = {}


def register(kind: TaskKind, ask: Ask) -> None:
    """Let `ask` say where tasks of this kind come from."""
    _asks[kind] = ask


def of(file: File, task: Task) -> Origin | None:
    ask = _asks.get(TaskKind(task.kind))
    return ask(file, task) if ask else None
