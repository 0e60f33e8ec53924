"""The lines of a screen as one person sees them: which there are, and by which signs the server knows what a page shows already."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django import forms

from amanat.forms.model import Heading, Item, RepeatEnd, Screen, Shown

Allowed = Callable[[str], bool]


def anybody(_part: str) -> bool:
    """Every part is open: where a form is tried, nothing is about anybody."""
    return True


def name_of(path: str) -> str:
    """The name of a question's field, and its id on the page: an address of its own without signs that mean something there."""
    return "q" + hashlib.sha256(path.encode()).hexdigest()[:10]


def item_name(item: Item) -> str:
    """Headings and ends of repeats have the path of a group, which is no question's."""
    return name_of(item.path if isinstance(item, Shown) else f"{type(item).__name__} {item.path}")


def slug_of(key: str) -> str:
    """The key of a screen as a piece of an address."""
    return key.strip("/").replace("/", ".") or "screen"


@dataclass(frozen=True)
class Beside:
    """The addresses of the files that go with a label; `big`: the picture as large as it is."""

    image: str = ""
    big: str = ""
    audio: str = ""
    video: str = ""


@dataclass(frozen=True)
class Line:
    """An item of a screen with what draws it. `seen`: by which the server knows again what a page shows of it already."""

    kind: str  # field, shown, note, heading, end
    name: str
    item: Any
    bound: forms.BoundField | None = None
    beside: Beside | None = None
    can_remove: bool = False

    @property
    def heading(self) -> int:
        """The level of its heading: below the page's own and that of the screen."""
        return min(2 + int(self.item.level), 6)

    @property
    def seen(self) -> str:
        return f"{self.name}:{zlib.crc32(repr(self._told()).encode()):x}"

    def _told(self) -> tuple[Any, ...]:
        """All of it but what the person may have typed meanwhile."""
        item = self.item
        if not isinstance(item, Shown):
            return (item,)
        held = "" if self.kind == "field" else item.value
        return (self.kind, item.label, item.hint, item.guidance, item.choices, item.required, held, item.files)


def is_there(screen: Screen, writes: Allowed = anybody, sees: Allowed = anybody) -> bool:
    """Whether a screen has anything for this person."""
    return any(kind in ("field", "note", "shown") for kind, _item in visible(screen, writes, sees))


def visible(screen: Screen, writes: Allowed, sees: Allowed) -> Iterator[tuple[str, Item]]:
    """What is there for this person, headings only where something stands below them."""
    waiting: list[tuple[str, Item]] = []
    for item in screen.items:
        if isinstance(item, Heading):
            waiting = [one for one in waiting if isinstance(one[1], Heading) and one[1].level < item.level]
            waiting.append(("heading", item))
        elif isinstance(item, RepeatEnd):
            waiting = []
            if any(writes(question.question.part) for question in screen.questions) or not screen.questions:
                yield "end", item
        elif kind := kind_of(item, writes, sees):
            yield from waiting
            waiting = []
            yield kind, item


def is_removable(item: Heading, removes: Allowed) -> bool:
    """Whether this person may take one out of a repeat: only with all its answers. A part that kept its own would give them to the next."""
    return item.can_remove and all(removes(part) for part in item.parts)


def kind_of(item: Shown, writes: Allowed, sees: Allowed) -> str:
    """How it stands there for this person; empty where it does not."""
    part = item.question.part
    if item.question.kind == "note":
        return "note" if sees(part) and (item.label or item.hint or item.files) else ""
    if item.read_only:
        return "shown" if sees(part) else ""
    return "field" if writes(part) else ""
