"""What another version of a pack adds, drops, renames and changes, and how many stored answers what it drops touches."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from amanat.packs.labels import FALLBACK, Label
from amanat.packs.loaders import SECTIONS, Section
from amanat.packs.pack import Pack

Counter = Callable[[str, str], int | None]
"""How many stored answers a thing of a part touches: (part, name) → a number; None where it counts no such thing."""

_counters: dict[str, list[Counter]] = {}


class Change(StrEnum):
    ADDED = "added"
    DROPPED = "dropped"
    RENAMED = "renamed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs: its section and part, its name there ("" for the whole part), what it is called before and after."""

    section: str
    part: str
    name: str
    change: Change
    before: str = ""
    after: str = ""

    @property
    def where(self) -> str:
        """The place in words, like `codes/risk`."""
        return f"{self.section}/{self.part}"


def register_counter(section: str, counter: Counter) -> None:
    """Let a room count the answers that it keeps to what a section of packs names. Called in `ready()`."""
    _counters.setdefault(section, []).append(counter)


def touched(difference: Difference) -> int | None:
    """How many stored answers are to what a version drops; None where nothing is dropped or nobody counts it."""
    if difference.change is not Change.DROPPED:
        return None
    counts = [counter(difference.part, difference.name) for counter in _counters.get(difference.section, ())]
    known = [count for count in counts if count is not None]
    return sum(known) if known else None


def differences(before: Pack, after: Pack) -> list[Difference]:
    """Everything that differs between two packs with all that they extend, by section and part."""
    return [found for _name, section in sorted(SECTIONS.items()) for found in _of_section(section, before, after)]


def _of_section(section: Section[Any], before: Pack, after: Pack) -> Iterator[Difference]:
    was, now = before.part(section), after.part(section)
    for part in [*was, *(part for part in now if part not in was)]:
        yield from _of_part(section, part, _things(section, was, part), _things(section, now, part))


def _things(section: Section[Any], parts: Mapping[str, Any], part: str) -> Mapping[str, Any]:
    if part not in parts or getattr(parts[part], "retired", False):
        return {}
    return section.inside(parts[part]) if section.inside else {"": parts[part]}


def _of_part(section: Section[Any], part: str, was: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[Difference]:
    for name in [*was, *(name for name in now if name not in was)]:
        before, after = _called(was.get(name)), _called(now.get(name))
        if name not in now:
            yield Difference(section.name, part, name, Change.DROPPED, before)
        elif name not in was:
            yield Difference(section.name, part, name, Change.ADDED, after=after)
        elif _texts(was[name]) != _texts(now[name]):
            yield Difference(section.name, part, name, Change.RENAMED, before, after)
        elif was[name] != now[name]:
            yield Difference(section.name, part, name, Change.CHANGED, before, after)


def _label(thing: Any) -> Label | None:
    found = getattr(thing, "label", None) or getattr(thing, "title", None)
    return found if isinstance(found, Label) else None


def _called(thing: Any) -> str:
    label = _label(thing)
    return label.text() if label else ""


def _texts(thing: Any) -> Mapping[str, str]:
    label = _label(thing)
    return dict(label.texts) if label else {FALLBACK: ""}
