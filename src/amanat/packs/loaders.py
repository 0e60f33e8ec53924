"""Which files and folders a pack may have, and who reads each. Rooms register theirs; this room registers its own."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

from amanat.packs.faults import TOLD, Fault

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Source:
    """One file or folder of one pack, as its loader gets it, and the place where the loader tells faults."""

    path: Path
    pack: Path
    languages: tuple[str, ...]
    faults: list[Fault]

    def fault(self, where: str, what: str, mend: str, file: Path | None = None) -> None:
        """Tell one fault; go on reading, so that a person learns all of them at once."""
        if len(self.faults) >= TOLD:
            return
        shown = (file or self.path).relative_to(self.pack.parent)
        self.faults.append(Fault(shown.as_posix(), where, what, mend))


Read = Callable[[Source], Mapping[str, T]]
Merge = Callable[[T, T], T]
Check = Callable[[Source, Mapping[str, T], Mapping[str, Mapping[str, Any]]], None]
"""Tells faults that show only once a layer lies on what it extends: the source, what the layer itself says, all parts."""
Inside = Callable[[T], Mapping[str, Any]]
"""What stands in one part, by name: what two versions of a pack are compared by. Each thing that has a `label` is called by it."""
Trial = Callable[[T], Iterable[Fault]]
"""Tells faults of one part that show only when it is used, which takes its time: `check` of a pack asks, loading it does not."""


@dataclass(frozen=True, slots=True)
class Section(Generic[T]):
    """One kind of file in a pack, and the key by which `Pack.part` gives what was read from it."""

    name: str
    read: Read[T]
    merge: Merge[T]
    check: Check[T] | None = None
    inside: Inside[T] | None = None
    trial: Trial[T] | None = None

    def layered(self, base: Mapping[str, T], own: Mapping[str, T]) -> dict[str, T]:
        """Lay what a pack says over what the pack that it extends says, name by name."""
        both = {name: self.merge(base[name], own[name]) for name in base.keys() & own.keys()}
        return {name: both.get(name, part) for name, part in {**base, **own}.items()}


SECTIONS: dict[str, Section[Any]] = {}


def _replaced(base: T, own: T) -> T:
    return own


def register(
    name: str,
    read: Read[T],
    merge: Merge[T] = _replaced,
    check: Check[T] | None = None,
    inside: Inside[T] | None = None,
    trial: Trial[T] | None = None,
) -> Section[T]:
    """Add a file (`retention.toml`) or a folder (`codes`) to what a pack may have.

    `read` turns the source into named parts and tells faults instead of raising. `merge(base, own)` joins two parts of
    one name where a pack extends another; without it the own part replaces the base's. `check` looks at the joined
    parts, where one file depends on another or on the base. `inside` names what a part is made of, for `pack diff`; a part
    without it is one thing. `trial` uses a part once, for what shows only then. Keep the section: it is the typed key of `Pack.part`.

    Raises:
        ValueError: another loader has that name.
    """
    if name in SECTIONS:
        raise ValueError(f"Two loaders read {name!r} in a pack.")
    SECTIONS[name] = section = Section(name, read, merge, check, inside, trial)
    return section
