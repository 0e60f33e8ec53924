"""The loader registry: a room says how a reference in an address becomes a row; the way there always asks the policy.

`<ref:case>` in a route is loaded by the loader named `case`. What the actor may not know of does not exist (404).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from django.db.models import QuerySet

from amanat.access.actor import Actor
from amanat.access.files import File, open_files, open_with_beside
from amanat.access.models import FileRow
from amanat.vault.models import SealedModel, Subject


class Reached(Protocol):
    """A row that belongs to a file."""

    @property
    def file_row(self) -> FileRow: ...


class Hidden(Exception):
    """There is no such row for this actor. `subject` is what they reached for, for the log; None where there is nothing."""

    def __init__(self, subject: Subject | None) -> None:
        super().__init__("hidden")
        self.subject = subject


class RefConverter:
    """A random 128-bit reference, as 32 hexadecimal digits."""

    regex = "[0-9a-f]{32}"

    def to_python(self, value: str) -> uuid.UUID:
        return uuid.UUID(value)

    def to_url(self, value: Any) -> str:
        return (value if isinstance(value, uuid.UUID) else value.pk).hex


_loaders: dict[str, Callable[[], QuerySet[Any]]] = {}


def register(name: str, rows: Callable[[], QuerySet[Any]]) -> None:
    """Rows of this name are reached through `rows()`, a queryset that selects what `row.file_row` and its subject need."""
    if name in _loaders:
        raise ValueError(f"a loader named {name} is registered already")
    _loaders[name] = rows


def names() -> list[str]:
    return sorted(_loaders)


def load(name: str, ref: uuid.UUID, actor: Actor) -> tuple[Any, File]:
    """The row and its file.

    Raises:
        Hidden: there is none, or the actor may not know of it.
    """
    row: Reached | None = _loaders[name]().filter(pk=ref).first()
    if row is None:
        raise Hidden(None)
    file = open_with_beside(actor, row.file_row)
    if not file.exists:
        raise Hidden(file.row.subject)
    return row, file


def hidden(model: type[SealedModel], ref: uuid.UUID) -> Hidden:
    """To raise where a page has no row of its own by this reference: the log names whose row was reached for, if there is one."""
    row = model._default_manager.select_related("subject").filter(pk=ref).first()
    return Hidden(row.subject if row else None)


FilesAbout = Callable[[Iterable[uuid.UUID]], Iterable[FileRow]]
_files_about: list[FilesAbout] = []


def register_files(rows: FilesAbout) -> None:
    """`rows(subjects)` gives the file rows of those subjects, each with its subject, the newest of a subject last."""
    _files_about.append(rows)


def files_about(actor: Actor, subjects: Iterable[uuid.UUID]) -> dict[uuid.UUID, File]:
    """The newest file of each subject that the actor may know of; its text is the code name. A query, and one a registered room.

    For pages of the office that name files which they did not load, such as the data protection desk.
    """
    wanted = set(subjects)
    rows = [row for about in _files_about for row in about(wanted)] if wanted else []
    files = open_files(actor, rows) if rows else []
    return {file.row.subject_id: file for file in files if file.exists}
