"""That a legal hold was asked for is another room's to keep: it says whether one waits, and hears when one was placed."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import NamedTuple

from amanat.access.actor import Actor
from amanat.access.models import FileRow


class Keeping(NamedTuple):
    """`waits`: whether one was asked for about a subject that nobody decided; `placed`: told within the verb that places one."""

    waits: Callable[[uuid.UUID], bool]
    placed: Callable[[FileRow, Actor], None]


_keeping: list[Keeping] = []


def register(keeping: Keeping) -> None:
    """Called in `ready()`."""
    if keeping not in _keeping:
        _keeping.append(keeping)


def waits(subject: uuid.UUID) -> bool:
    """Whether an officer still has to decide on a hold: nothing is erased before."""
    return any(one.waits(subject) for one in _keeping)


def placed(row: FileRow, actor: Actor) -> None:
    for one in _keeping:
        one.placed(row, actor)
