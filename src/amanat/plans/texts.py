"""The text of a plan as a value: rows by their reference, the same for a draft and for what was agreed. Pure."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext_lazy as _

from amanat.plans.models import RowKind

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

# By kind, the fields of a row in the order in which they are read; each holds a text, "" where nothing stands there.
FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    RowKind.WHOLE: ("goal", "for_child", "child_language", "contingency", "aftercare"),
    RowKind.NEED: ("domain", "level", "words", "evidence", "evidence_words", "no_objective"),
    RowKind.OBJECTIVE: (
        "words", "own_words", "indicator", "proof", "owner", "person", "agency", "cost", "start", "end", "phrase", "for_child",
        "child_language",
    ),
    RowKind.ACTIVITY: ("words", "owner", "person", "agency", "cost", "start", "end", "phrase", "for_child", "child_language"),
}  # fmt: skip
LABELS: Final[Mapping[str, StrOrPromise]] = {
    "goal": _("What the child wants, in the child's own words"),
    "for_child": _("Said to the child, in simple words"),
    "child_language": _("Language of what is said to the child"),
    "contingency": _("If something goes otherwise"),
    "aftercare": _("What goes on afterwards"),
    "domain": _("Domain"),
    "level": _("How great the need is"),
    "words": _("In words"),
    "evidence": _("The assessment behind it"),
    "evidence_words": _("What shows it"),
    "no_objective": _("Why there is no objective for it"),
    "own_words": _("What the child says of it, in its own words"),
    "indicator": _("How one sees that it is reached"),
    "proof": _("What proves it"),
    "owner": _("Who does it"),
    "person": _("Name"),
    "agency": _("Agency"),
    "cost": _("Cost"),
    "start": _("Begins on"),
    "end": _("Ends on"),
    "phrase": _("A sentence for the child, from the list"),
}
# Fields that hold a code, with the pack's list.
CODES: Final[Mapping[str, str]] = {
    "domain": "plan_domain",
    "level": "need_level",
    "owner": "plan_owner",
    "phrase": "plan_phrase",
    "child_language": "language",
}
TO_CHILD: Final = frozenset({"phrase", "for_child", "child_language"})
DAYS: Final = frozenset({"start", "end"})
HIGH: Final = "high"


@dataclass(frozen=True, slots=True)
class Row:
    """A row. `parent`: the reference of what it stands under, "" for none. `place`: by which rows are ordered."""

    ref: str
    kind: str
    parent: str = ""
    place: int = 0
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> uuid.UUID:
        return uuid.UUID(self.ref)

    def get(self, name: str) -> str:
        """What stands in a field, "" where nothing does."""
        return self.fields.get(name, "")


Text = Mapping[str, Row]


@dataclass(frozen=True, slots=True)
class Objective:
    row: Row
    activities: list[Row]


@dataclass(frozen=True, slots=True)
class Need:
    row: Row
    objectives: list[Objective]


@dataclass(frozen=True, slots=True)
class Outline:
    """A text in the order in which it is read."""

    whole: Row | None
    needs: list[Need]

    @property
    def objectives(self) -> list[Objective]:
        return [one for need in self.needs for one in need.objectives]

    @property
    def is_empty(self) -> bool:
        return not self.needs


def text_of(rows: Iterable[Row]) -> Text:
    """Rows that stand under something that is not there are left out: who takes out a need takes out its objectives."""
    held = {row.ref: row for row in rows}

    def stands(row: Row) -> bool:
        return not row.parent or (row.parent in held and stands(held[row.parent]))

    return {ref: row for ref, row in held.items() if stands(row)}


def outline(text: Text) -> Outline:
    """Needs by domain and the greatest first, what stands under them as it was begun."""
    under: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(text.values(), key=lambda row: (row.place, row.ref)):
        under[row.parent].append(row)
    needs = [
        Need(row, [Objective(one, under[one.ref]) for one in under[row.ref]])
        for row in under[""]
        if row.kind == RowKind.NEED
    ]
    levels = {HIGH: 0, "medium": 1, "low": 2}
    needs.sort(key=lambda need: levels.get(need.row.get("level"), 3))
    return Outline(next((row for row in under[""] if row.kind == RowKind.WHOLE), None), needs)


def unanswered(text: Text) -> list[Row]:
    """High needs without an objective and without a written reason."""
    return [
        need.row
        for need in outline(text).needs
        if need.row.get("level") == HIGH and not need.objectives and not need.row.get("no_objective")
    ]


def domain_of(text: Text, row: Row) -> str:
    """That of the need that it stands under."""
    while row.parent and row.parent in text:
        row = text[row.parent]
    return row.get("domain")


def as_json(text: Text) -> dict[str, Any]:
    return {
        ref: {"kind": str(row.kind), "parent": row.parent, "place": row.place, "fields": dict(row.fields)}
        for ref, row in text.items()
    }


def from_json(held: Mapping[str, Any]) -> Text:
    return {ref: Row(ref, one["kind"], one["parent"], one["place"], one["fields"]) for ref, one in held.items()}


def digest(text: Text) -> str:
    """SHA-256 of the text, whatever the order of its rows: two that differ in one letter have two."""
    written = json.dumps(as_json(text), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()
