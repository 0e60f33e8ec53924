"""The durable solution of a case as one actor may read it: what it rests on, what is still open, who signed the way home."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from amanat.access.files import File
from amanat.access.models import FileRow
from amanat.cases.models import PersonAround
from amanat.cases.shown import Text, case_of, spoken
from amanat.monitoring import pack
from amanat.monitoring.models import End, Signature, Solution, SolutionState
from amanat.monitoring.opening import opened
from amanat.monitoring.pack import Item
from amanat.monitoring.things import Things, asked_beside, behind, told_beside

MOST = 50  # versions of a case that its page shows, the newest


@dataclass(frozen=True)
class Condition:
    """`is_there`: whether what has to stand behind it is in the system; None where words are all that it asks for."""

    item: Item
    proof: Text
    is_there: bool | None = None
    link: str = ""

    @property
    def is_met(self) -> bool:
        """A line of the timeline says that something was done, and no more: what came of it has to be told as well."""
        if self.is_there is None or self.item.event:
            return bool(self.proof.text) and self.is_there is not False
        return self.is_there


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
    things: Things | None = None  # of the version that holds, while nothing is decided: what is there now

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
        """Those of its kind, in the pack's order."""
        return [self._condition(item) for item in items_of(self.kind)]

    def _condition(self, item: Item) -> Condition:
        proof = spoken(str(self.content.get("proofs", {}).get(item.name, "")))
        if self.things is None:
            return Condition(item, proof)
        return Condition(item, proof, self.things.are_behind(item), self.things.link(item))

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
        documents = {f"document_{name}": ref for name, ref in self.content.get("documents", {}).items()}
        return {name: str(self.content.get(name, "")) for name in words} | proofs | documents


def items_of(kind: str) -> list[Item]:
    """The conditions of a kind of solution. A kind that no pack knows any more rests on all."""
    known, told = pack.listed("condition"), pack.listed("solution").get(kind)
    return [known[name] for name in (told.conditions if told else tuple(known)) if name in known]


def versions(file: File) -> list[Shown]:
    """The newest first, with what stands behind it now."""
    rows = Solution.objects.filter(case=case_of(file)).select_related("author__user").order_by("-version")[:MOST]
    signed = signatures(file)
    found = [_shown(file, row, signed) for row in rows]
    return [_with_things(file, one) for one in found[:1]] + found[1:]


def _with_things(file: File, one: Shown, told: Mapping[str, Any] | None = None) -> Shown:
    return replace(one, things=behind(file, items_of(one.kind), one.content.get("documents", {}), told))


def newest(file: File, *, signed: bool = True) -> Shown | None:
    """The version that holds, with its signatures where they are asked for. One query, with what stands behind it; one more where a
    document was chosen."""
    items = list(pack.listed("condition").values())  # its kind is sealed, so of every kind
    rows = Solution.objects.filter(case=case_of(file)).annotate(**asked_beside(case_of(file), items))
    row = rows.select_related("author__user").order_by("-version").first()
    if row is None:
        return None
    return _with_things(file, _shown(file, row, signatures(file) if signed else []), told_beside(row, items))


def signatures(file: File) -> list[Signed]:
    rows = Signature.objects.filter(case=case_of(file)).select_related("author__user").order_by("at", "id")
    return [Signed(row, opened(file, row)) for row in rows]


def _shown(file: File, row: Solution, signed: list[Signed]) -> Shown:
    return Shown(row, opened(file, row), [one for one in signed if one.row.solution_id == row.pk])


def is_suspect(row: FileRow, carer: str) -> bool:
    """Whether a person around the child is a suspect now; asked of the column in clear, whatever the actor sees."""
    try:
        person = uuid.UUID(carer)
    except ValueError:
        return False
    rows = PersonAround.objects.filter(subject=row.subject_id, suspicion__isnull=False)
    return rows.filter(pk=person).exists()


def _day(content: dict[str, Any]) -> date | None:
    return date.fromisoformat(content["on"]) if content.get("on") else None


def newest_content(file: File) -> dict[str, Any]:
    """What the newest version says, alone: one query."""
    row = Solution.objects.filter(case=case_of(file)).order_by("-version").first()
    return {} if row is None else opened(file, row)
