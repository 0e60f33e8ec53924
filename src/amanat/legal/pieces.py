"""Pieces of evidence with their chains, as one actor may read them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases.shown import Text, spoken
from amanat.legal import chain
from amanat.legal.models import Evidence, Handing, Proceeding


@dataclass(frozen=True)
class Link:
    """One handing on, opened."""

    row: Handing
    told: dict[str, Any]

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.told["at"])

    @property
    def how(self) -> list[str]:
        """Where, what for and in which condition, as far as it was said."""
        return [str(self.told[key]) for key in ("place", "why", "condition") if self.told.get(key)]

    @property
    def giver(self) -> str:
        return str(self.told.get("from", ""))

    @property
    def taker(self) -> str:
        return str(self.told.get("to", ""))


@dataclass(frozen=True)
class ShownEvidence:
    """A piece with its chain, oldest link first."""

    row: Evidence
    held: dict[str, Any]
    links: list[Link]

    @property
    def what(self) -> Text:
        return spoken(str(self.held.get("what", "")))

    @property
    def how_found(self) -> Text:
        return spoken(str(self.held.get("how_found", "")))

    @property
    def seal(self) -> str:
        return str(self.held.get("seal", ""))

    @property
    def sha256(self) -> str:
        return str(self.held.get("sha256", ""))

    @property
    def holder(self) -> str:
        return self.links[-1].taker if self.links else ""

    @property
    def broken_at(self) -> int:
        return chain.broken_at(self.sha256, (one.told for one in self.links))


def evidence_rows(file: File) -> QuerySet[Evidence]:
    """Those of the parts that are open to the actor."""
    return Evidence.objects.filter(case=file.row.pk, part__in=file.visible_parts())


def links_of(file: File, piece: Evidence) -> list[Link]:
    return _links(file, [piece])[piece.pk]


def case_number(file: File, piece: ShownEvidence) -> str:
    """Of the proceedings for which the piece was taken in; else of the only ones of the child, as far as the legal file is open."""
    if piece.held.get("case_number") or not file.sees(Part.LEGAL_FILE):
        return str(piece.held.get("case_number", ""))
    rows = list(Proceeding.objects.filter(case=file.row.pk)[:2])
    if len(rows) != 1:
        return ""
    rows[0].subject = file.row.subject
    return str((file.open(rows[0], "content") or {}).get("numbers", ""))


def _links(file: File, pieces: list[Evidence]) -> dict[Any, list[Link]]:
    by: dict[Any, list[Link]] = defaultdict(list)
    for row in Handing.objects.filter(evidence__in=pieces).order_by("evidence", "number"):
        row.subject = file.row.subject
        by[row.evidence_id].append(Link(row, file.open(row, "content") or {}))
    return by


def evidence_of(file: File, rows: Iterable[Evidence]) -> list[ShownEvidence]:
    """Those that are open to the actor; one query more than they took."""
    known = [row for row in rows if file.sees(Part(row.part))]
    links = _links(file, known) if known else {}
    found = []
    for row in known:
        row.subject = file.row.subject
        found.append(ShownEvidence(row, file.open(row, "content") or {}, links.get(row.pk, [])))
    return found
