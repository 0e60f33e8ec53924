"""What stands at the head of a file as a caution. Rooms that this one knows nothing of add theirs in `ready()`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amanat.access.files import File
from amanat.access.policy import Part

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Caution:
    """A title with a sentence, and the page where it comes from."""

    title: StrOrPromise
    text: StrOrPromise
    url_name: str


Cautioning = Callable[[File], Caution | None]
_cautioning: list[tuple[Part, Cautioning]] = []


def add(part: Part, cautioning: Cautioning) -> None:
    """Let `cautioning(file)` say what whoever sees `part` has to know before anything else; it opens through `file.open`."""
    if (part, cautioning) not in _cautioning:
        _cautioning.append((part, cautioning))


def on(file: File) -> list[Caution]:
    """The cautions that the actor may read."""
    said = [cautioning(file) for part, cautioning in _cautioning if file.sees(part)]
    return [caution for caution in said if caution is not None]
