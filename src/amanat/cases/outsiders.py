"""Organisations without Amanat of which a file says that they may be asked. Rooms unknown here add theirs in `ready()`."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from amanat.access.files import File

# By reference, each with its name in the reader's language: an address carries the reference, never the name.
Named = dict[uuid.UUID, str]
_sources: list[Callable[[File], Named]] = []


def register(source: Callable[[File], Named]) -> None:
    if source not in _sources:
        _sources.append(source)


def of(file: File) -> Named:
    """One query a source."""
    return {ref: name for source in _sources for ref, name in source(file).items()}


def chosen(known: Named, ref: str) -> str:
    """The name of the one that an address names; "" where the file knows of none like it."""
    try:
        return known.get(uuid.UUID(ref), "")
    except ValueError:
        return ""
