"""What is another between two texts of a plan: as a value that makes the newer one of the older, and in words. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from amanat.plans.texts import FIELDS, Row, Text

ADDED, TAKEN_OUT, CHANGED = "added", "taken_out", "changed"
SAME, NEW, GONE = "same", "new", "gone"
_WORDS: Final = re.compile(r"\s+|\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field whose words are others; "" where nothing stood, or stands."""

    name: str
    before: str
    after: str

    @property
    def pieces(self) -> list[tuple[str, str]]:
        return pieces(self.before, self.after)


@dataclass(frozen=True, slots=True)
class Change:
    """One row that is there only before (`taken_out`), only after (`added`), or says something else (`changed`)."""

    ref: str
    before: Row | None
    after: Row | None
    fields: tuple[FieldChange, ...] = ()

    @property
    def what(self) -> str:
        if self.before is None:
            return ADDED
        return TAKEN_OUT if self.after is None else CHANGED

    @property
    def row(self) -> Row:
        row = self.after or self.before
        assert row is not None
        return row


def between(before: Text, after: Text) -> list[Change]:
    """The changes that make `after` of `before`, in the order of the rows."""
    rows = {**before, **after}
    found = []
    for ref in sorted(rows, key=lambda ref: (rows[ref].place, ref)):
        was, now = before.get(ref), after.get(ref)
        if was != now:
            found.append(Change(ref, was, now, _fields(was, now)))
    return found


def applied(text: Text, changes: Sequence[Change]) -> Text:
    """The text after the changes.

    Raises:
        ValueError: they were made of another text.
    """
    held = dict(text)
    for change in changes:
        if held.pop(change.ref, None) != change.before:
            raise ValueError(f"row {change.ref} stands otherwise here")
        if change.after is not None:
            held[change.ref] = change.after
    return held


def _fields(before: Row | None, after: Row | None) -> tuple[FieldChange, ...]:
    was, now = _held(before), _held(after)
    known = FIELDS.get((after or before).kind, ())  # type: ignore[union-attr]
    names = [*known, *sorted((was.keys() | now.keys()) - set(known))]
    return tuple(
        FieldChange(name, was.get(name, ""), now.get(name, ""))
        for name in names
        if was.get(name, "") != now.get(name, "")
    )


def _held(row: Row | None) -> Mapping[str, str]:
    return row.fields if row is not None else {}


def replaced(before: str, after: str) -> list[tuple[str, str]]:
    """One value in the place of another."""
    return [(what, text) for what, text in ((GONE, before), (NEW, after)) if text]


def pieces(before: str, after: str) -> list[tuple[str, str]]:
    """A text word by word: what stayed, what is new, what is gone. What stayed and is new makes the newer text."""
    old, new = _WORDS.findall(before), _WORDS.findall(after)
    told: list[tuple[str, str]] = []
    for does, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if does == "equal":
            told.append((SAME, "".join(old[a:b])))
            continue
        if a < b:
            told.append((GONE, "".join(old[a:b])))
        if c < d:
            told.append((NEW, "".join(new[c:d])))
    return told
