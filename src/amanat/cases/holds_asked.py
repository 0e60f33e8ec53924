"""That a legal hold was asked for is another room's to keep; it is told here when a hold was placed."""

from __future__ import annotations

from collections.abc import Callable

from amanat.access.actor import Actor
from amanat.access.models import FileRow

Answered = Callable[[FileRow, Actor], None]
_listening: list[Answered] = []


def register(answered: Answered) -> None:
    """Let `answered(row, actor)` know, within the verb, that somebody placed a hold on a file. Called in `ready()`."""
    if answered not in _listening:
        _listening.append(answered)


def placed(row: FileRow, actor: Actor) -> None:
    for answered in _listening:
        answered(row, actor)
