"""Sections of a child's file: each room adds its own when it is loaded. What a section shows stands with its room."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amanat.access.files import File
from amanat.access.policy import SEEING, Level, Part

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def nothing_more(_file: File) -> dict[str, Any]:
    """The context of a section that shows its notes only."""
    return {}


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the file page.

    Args:
        name: unique; the coded word in the address.
        label: translatable, short.
        part: whose level decides whether the section is there.
        icon: a name of `amanat.web.icons`.
        order: ascending from left to right.
        template: drawn with `file`, `case`, `section` and what `context` gives.
        context: asked with the actor's file, only when the section is open. It opens through `file.open`.
        also: more parts that stand in this section; one that is seen is enough.
        levels: at which levels it is there. `Level.REVEAL` shows it with a lock, and the way to have it shown.
        with_notes: the notes of its parts stand below, paged.
        notes_of: of these parts only, where it shows more than they do.
    """

    name: str
    label: StrOrPromise
    part: Part
    icon: str
    order: int
    template: str
    context: Callable[[File], dict[str, Any]] = nothing_more
    also: tuple[Part, ...] = ()
    levels: frozenset[Level] = SEEING | {Level.REVEAL}
    with_notes: bool = False
    notes_of: tuple[Part, ...] = ()

    @property
    def parts(self) -> tuple[Part, ...]:
        return (self.part, *self.also)

    @property
    def own_parts(self) -> tuple[Part, ...]:
        """The parts that it is about: their notes stand in it, and it has them revealed."""
        return self.notes_of or self.parts

    def is_there(self, file: File) -> bool:
        return any(file.level(part) in self.levels for part in self.parts)

    def is_closed(self, file: File) -> bool:
        """Whether all that the actor could have of it must be revealed first."""
        return {file.level(part) for part in self.parts} & self.levels == {Level.REVEAL}


_sections: dict[str, Section] = {}


def add(section: Section) -> None:
    """Register a section; called from the `ready()` of the room that owns it.

    Raises:
        ValueError: another section has this name.
    """
    if _sections.get(section.name, section) != section:
        raise ValueError(f"Two sections are named {section.name!r}.")
    _sections[section.name] = section


def named(name: str) -> Section | None:
    return _sections.get(name)


def sections_of(file: File) -> list[Section]:
    """The sections that are there for this actor, in order."""
    return sorted(
        (section for section in _sections.values() if section.is_there(file)), key=lambda one: (one.order, one.name)
    )
