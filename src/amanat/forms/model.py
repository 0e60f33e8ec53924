"""What a compiled form is made of, and what a person sees of it while filling. No expression is read or run here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from amanat.packs.labels import Label

NO_LABEL: Final = Label({})

KINDS: Final = (
    "text", "integer", "decimal", "date", "time", "dateTime", "select_one", "select_multiple", "rank", "range", "note",
    "acknowledge", "calculate", "hidden", "image", "audio", "video", "file", "geopoint", "geotrace", "geoshape", "barcode",
)  # fmt: skip
"""A signature is an image with the appearance `signature`. Of `image`, `audio`, `video` and `file` an answer is a file's name."""

MEDIA: Final = frozenset({"image", "audio", "video", "file"})
UNSEEN: Final = frozenset({"calculate", "hidden"})
SELECTS: Final = frozenset({"select_one", "select_multiple", "rank"})


@dataclass(frozen=True, slots=True)
class Range:
    """The numbers of a range question, both ends with it."""

    start: Decimal
    end: Decimal
    step: Decimal


@dataclass(frozen=True, slots=True)
class Extras:
    """What the columns `amanat::…` say of a question.

    `part`: whose eyes. `countable`: may enter aggregates. `htcds`: name of the field that it fills. `score`: name of the
    score that it holds. `alert`: an expression like a constraint; where it holds, the answer raises a task at once.
    """

    part: str = "facts"
    countable: bool = False
    htcds: str = ""
    score: str = ""
    alert: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a form. `path` is without numbers of repeats: `/data/children/age`."""

    path: str
    name: str
    kind: str
    label: Label
    hint: Label
    guidance: Label
    appearance: frozenset[str]
    extras: Extras
    range: Range | None = None
    rows: int = 0

    @property
    def part(self) -> str:
        """Whose eyes its answers are for."""
        return self.extras.part


@dataclass(frozen=True, slots=True)
class Offered:
    """A choice as it is offered now; `image` is the name of a file."""

    value: str
    label: str
    image: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A question on a screen, in the language of the filling. `path` has the numbers of repeats: `/data/children[2]/age`.

    `value`: the answer as the XForm keeps it; `values`: the chosen of a select. `typed`: what stands in the input, also
    where it is no answer. `changes`: other questions depend on the answer, so the page should ask again when it changes.
    `files`: what goes with the label (`image`, `big-image`, `audio`, `video`), and the name of its file. `said`: the
    answer in words, where it is only read. `follows`: other answers set it (`trigger`).
    """

    path: str
    question: Question
    label: str
    hint: str
    guidance: str
    value: str
    values: tuple[str, ...]
    typed: str
    choices: tuple[Offered, ...]
    required: bool
    read_only: bool
    changes: bool
    files: tuple[tuple[str, str], ...] = ()
    said: str = ""
    follows: bool = False
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a group, or one of a repeat, begins on a screen. `level` begins at 1; `number` of a repeat, else 0. `parts`: whose eyes
    the answers of a repeat are for.
    """

    path: str
    label: str
    level: int
    number: int = 0
    can_remove: bool = False
    appearance: frozenset[str] = frozenset()
    parts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RepeatEnd:
    """Below the last one of a repeat: the place of the button that adds one. `path` is what `Filling.add` takes."""

    path: str
    label: str
    count: int
    can_add: bool


Item = Shown | Heading | RepeatEnd


@dataclass(frozen=True, slots=True)
class Screen:
    """What is asked at once. `key` stays the same while the form does."""

    key: str
    title: str
    items: tuple[Item, ...]

    @property
    def questions(self) -> tuple[Shown, ...]:
        """The questions of the screen, in their order."""
        return tuple(item for item in self.items if isinstance(item, Shown))


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it is read later: `value` as the XForm keeps it, `label` in words of the language of the filling."""

    path: str
    question: Question
    asked: str
    value: str
    label: str
    part: str


@dataclass(frozen=True, slots=True)
class Score:
    """A score that the form computed; `value` is empty where it can't be."""

    name: str
    path: str
    label: str
    value: str
    part: str


@dataclass(frozen=True, slots=True)
class Alert:
    """An answer that must be looked at at once."""

    path: str
    question: Question
    asked: str
    label: str


@dataclass(frozen=True, slots=True)
class LeftOver:
    """An answer of an older version, or of a phone, that has no place in the form."""

    path: str
    value: str


Texts = Mapping[str, str]
