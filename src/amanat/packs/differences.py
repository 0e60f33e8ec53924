"""What another version of a pack adds, drops, renames and changes, and how many stored answers what it drops touches."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from amanat.packs.labels import FALLBACK, Label
from amanat.packs.loaders import SECTIONS, Section
from amanat.packs.pack import Pack

Thing = tuple[str, str]
"""A part, and the name of something in it; "" is all of the part."""
Counter = Callable[[Collection[Thing]], Mapping[Thing, int]]
"""How many stored answers each of these touches; what it does not count is not among them."""

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


def touched(found: Sequence[Difference]) -> list[int | None]:
    """Of each how many stored answers are to what a version drops; None where nothing is dropped or nobody counts it."""
    counts: dict[tuple[str, Thing], int] = {}
    for section, counters in _counters.items():
        dropped = [one for one in found if one.section == section and one.change is Change.DROPPED]
        things = {(one.part, one.name) for one in dropped}
        for counter in counters if things else ():
            for thing, count in counter(things).items():
                counts[section, thing] = counts.get((section, thing), 0) + count
    return [counts.get((one.section, (one.part, one.name))) for one in found]


def differences(before: Pack, after: Pack) -> list[Difference]:
    """Everything that differs between two packs with all that they extend, by section and part."""
    return [found for _name, section in sorted(SECTIONS.items()) for found in _of_section(section, before, after)]


def _of_section(section: Section[Any], before: Pack, after: Pack) -> Iterator[Difference]:
    was, now = before.part(section), after.part(section)
    for part in [*was, *(part for part in now if part not in was)]:
        if section.inside and part not in now:
            yield Difference(section.name, part, "", Change.DROPPED, _called(was[part]))
        elif section.inside and part not in was:
            yield Difference(section.name, part, "", Change.ADDED, after=_called(now[part]))
        else:
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
    found = (getattr(thing, name, None) for name in ("label", "title"))
    return next((one for one in found if isinstance(one, Label)), None)


def _called(thing: Any) -> str:
    label = _label(thing)
    return label.text() if label else ""


def _texts(thing: Any) -> Mapping[str, str]:
    label = _label(thing)
    return dict(label.texts) if label else {FALLBACK: ""}
