"""The parts of a compiled form that `filling` works with: binds, controls, groups, repeats, and how values are set."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from amanat.forms.functions import Program
from amanat.forms.model import Question
from amanat.forms.texts import NOTHING, Text


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression of the form: its program, the generic paths that it reads, and whether each run may give another value."""

    source: str
    program: Program
    reads: frozenset[tuple[str, ...]]
    fickle: bool = False


@dataclass(slots=True)
class Bind:
    """What holds for the nodes of one path."""

    path: str
    type: str = "string"
    relevant: Formula | None = None
    calculate: Formula | None = None
    required: Formula | None = None
    read_only: Formula | None = None
    constraint: Formula | None = None
    required_message: Text = NOTHING
    constraint_message: Text = NOTHING
    preload: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A value that is set when something happens; without a formula it is `text`."""

    events: frozenset[str]
    target: str
    formula: Formula | None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """A choice that is always the same."""

    value: str
    label: Text
    image: Text = NOTHING


@dataclass(frozen=True, slots=True)
class Choices:
    """Fixed ones, or those of a list: `formula` gives its items, `value` and `label` are columns; `translated`: the label
    is the id of a text. `whole` gives all items of the list, where `formula` gives some."""

    fixed: tuple[Choice, ...] = ()
    formula: Formula | None = None
    whole: Formula | None = None
    value: str = "name"
    label: str = "label"
    translated: bool = False


@dataclass(frozen=True, slots=True)
class Control:
    """A question as it is asked. `media`: the files of its label by form (`image`, `audio` …)."""

    question: Question
    label: Text
    hint: Text
    guidance: Text
    media: Mapping[str, Text]
    choices: Choices | None
    changes: tuple[Change, ...] = ()

    @property
    def path(self) -> str:
        """The generic path of its answer."""
        return self.question.path


@dataclass(frozen=True, slots=True)
class Group:
    """Questions that belong together; `path` is empty for a group that only the page has."""

    path: str
    label: Text
    appearance: frozenset[str]
    parts: Sequence[Part]


@dataclass(frozen=True, slots=True)
class Repeat:
    """Questions that are asked several times; `count` says how many, else a person adds and removes unless it is `fixed`."""

    path: str
    label: Text
    appearance: frozenset[str]
    count: Formula | None
    fixed: bool
    parts: Sequence[Part]


Part = Control | Group | Repeat


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that can't work: the generic path, which column of the sheet, what is wrong, how to mend it."""

    path: str
    column: str
    what: str
    mend: str


@dataclass(slots=True)
class Troubles:
    """What can't work in a form; gathered while it is compiled."""

    found: list[Trouble] = field(default_factory=list)

    def tell(self, path: str, column: str, what: str, mend: str) -> None:
        """Tell one thing."""
        self.found.append(Trouble(path, column, what, mend))
