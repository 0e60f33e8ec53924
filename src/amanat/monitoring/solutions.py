"""The durable solution of a case as one actor may read it: what it rests on, what is still open, who signed the way home."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from amanat.access.files import File
from amanat.access.models import FileRow
from amanat.access.policy import Part
from amanat.cases.models import Case, PersonAround
from amanat.cases.shown import Text, case_of, spoken
from amanat.forms.models import Record
from amanat.monitoring import pack
from amanat.monitoring.models import End, Signature, Solution, SolutionState
from amanat.monitoring.pack import Item

MOST = 50  # versions of a case that its page shows, the newest


@dataclass(frozen=True)
class Condition:
    item: Item
    proof: Text

    @property
    def is_met(self) -> bool:
        return bool(self.proof.text)


@dataclass(frozen=True)
class Signed:
    """What one end signed."""

    row: Signature
    content: dict[str, Any]

    @property
    def label(self) -> str:
        return str(End(self.row.end).label)

    @property
    def on(self) -> date | None:
        return _day(self.content)

    @property
    def done(self) -> set[str]:
        return set(self.content.get("done", ()))

    @property
    def left_out(self) -> Text:
        return spoken(self.content.get("left_out", ""))

    @property
    def words(self) -> Text:
        return spoken(self.content.get("words", ""))


@dataclass(frozen=True)
class Shown:
    """A version of a solution."""

    row: Solution
    content: dict[str, Any]
    signed: list[Signed] = field(default_factory=list)

    @property
    def is_decided(self) -> bool:
        return self.row.state == SolutionState.DECIDED

    @property
    def kind(self) -> str:
        return str(self.content.get("kind", ""))

    @property
    def title(self) -> str:
        return pack.named("solution", self.kind)

    @property
    def carer(self) -> str:
        return str(self.content.get("carer", ""))

    @property
    def on(self) -> date | None:
        return _day(self.content)

    def text(self, key: str) -> Text:
        return spoken(str(self.content.get(key, "")))

    @property
    def carer_words(self) -> Text:
        return self.text("carer_words")

    @property
    def place(self) -> Text:
        return self.text("place")

    @property
    def views(self) -> Text:
        return self.text("views")

    @property
    def words(self) -> Text:
        return self.text("words")

    @property
    def ground(self) -> Text:
        return self.text("ground")

    @property
    def conditions(self) -> list[Condition]:
        """Those of its kind, in the pack's order. A kind that no pack knows any more rests on all."""
        known, kind = pack.listed("condition"), pack.listed("solution").get(self.kind)
        proofs = self.content.get("proofs", {})
        names = kind.conditions if kind else tuple(known)
        return [Condition(known[name], spoken(str(proofs.get(name, "")))) for name in names if name in known]

    @property
    def missing(self) -> list[str]:
        return [one.item.label.text() for one in self.conditions if not one.is_met]

    @property
    def is_signed(self) -> bool:
        return {one.row.end for one in self.signed} == set(End)

    @property
    def as_fields(self) -> dict[str, str | list[str]]:
        """As the form of preparing sends it."""
        words = ("kind", "carer", "carer_words", "place", "views", "words")
        proofs = {f"proof_{name}": text for name, text in self.content.get("proofs", {}).items()}
        return {name: str(self.content.get(name, "")) for name in words} | proofs


def versions(file: File) -> list[Shown]:
    """The newest first: two queries."""
    rows = Solution.objects.filter(case=case_of(file)).select_related("author__user").order_by("-version")[:MOST]
    signed = signatures(file)
    return [_shown(file, row, signed) for row in rows]


def newest(file: File, *, signed: bool = True) -> Shown | None:
    """The version that holds, with its signatures where they are asked for."""
    row = Solution.objects.filter(case=case_of(file)).select_related("author__user").order_by("-version").first()
    return None if row is None else _shown(file, row, signatures(file) if signed else [])


def signatures(file: File) -> list[Signed]:
    rows = Signature.objects.filter(case=case_of(file)).select_related("author__user").order_by("at", "id")
    return [Signed(row, opened(file, row)) for row in rows]


def _shown(file: File, row: Solution, signed: list[Signed]) -> Shown:
    return Shown(row, opened(file, row), [one for one in signed if one.row.solution_id == row.pk])


def opened(file: File, row: Any, name: str = "content", part: Part = Part.PLAN) -> dict[str, Any]:
    """What a row of this room says, empty where it is closed to the actor."""
    row.subject = file.row.subject
    held: dict[str, Any] | None = file.open(row, name) if file.sees(part) else None
    return held or {}


def is_suspect(row: FileRow, carer: str) -> bool:
    """Whether a person around the child is a suspect now; asked of the column in clear, whatever the actor sees."""
    try:
        person = uuid.UUID(carer)
    except ValueError:
        return False
    rows = PersonAround.objects.filter(subject=row.subject_id, suspicion__isnull=False)
    return rows.filter(pk=person).exists()


def recorded_forms(case: Case, names: Collection[str]) -> set[str]:
    """Which of these forms somebody recorded about the child, and nobody has to look through."""
    rows = Record.objects.filter(subject=case.subject_id, needs_review=False, form_version__form__name__in=names)
    return set(rows.values_list("form_version__form__name", flat=True))


def _day(content: dict[str, Any]) -> date | None:
    return date.fromisoformat(content["on"]) if content.get("on") else None


def newest_content(file: File) -> dict[str, Any]:
    """What the newest version says, alone: one query."""
    row = Solution.objects.filter(case=case_of(file)).order_by("-version").first()
    return {} if row is None else opened(file, row)
