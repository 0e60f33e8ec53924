"""What happened in proceedings as one actor may read it, with what was taken back."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from amanat.access.files import File
from amanat.access.loaders import hidden
from amanat.access.policy import Part
from amanat.cases.shown import Text, label, spoken
from amanat.legal.models import Proceeding, Ruling

EVENTS = "legal_event"
SHOWN = 100  # of one kind on a page: more than any child has


@dataclass(frozen=True)
class ShownRuling:
    """Something that happened. `back`: what takes it back, where it was wrong."""

    row: Ruling
    held: dict[str, Any]
    back: ShownRuling | None = None

    @property
    def event(self) -> str:
        return label(EVENTS, str(self.held.get("event", "")))

    @property
    def words(self) -> Text:
        return spoken(str(self.held.get("words", "")))

    def _day(self, key: str) -> date | None:
        return date.fromisoformat(self.held[key]) if self.held.get(key) else None

    @property
    def until(self) -> date | None:
        return self._day("until")

    @property
    def appeal_by(self) -> date | None:
        return self._day("appeal_by")


def rulings_of(file: File, rows: list[Proceeding]) -> dict[Any, list[ShownRuling]]:
    """By proceedings, what was taken back with them; nothing where the legal file is closed. One query."""
    by: dict[Any, list[ShownRuling]] = defaultdict(list)
    if not rows or not file.sees(Part.LEGAL_FILE):
        return by
    found = Ruling.objects.filter(proceeding__in=rows, takes_back=None).select_related("taken_back__author__user")
    for row in found.order_by("-on", "-at", "-id")[:SHOWN]:
        back = getattr(row, "taken_back", None)
        by[row.proceeding_id].append(_ruling(file, row, _ruling(file, back) if back else None))
    return by


def _ruling(file: File, row: Ruling, back: ShownRuling | None = None) -> ShownRuling:
    row.subject = file.row.subject
    return ShownRuling(row, file.open(row, "content") or {}, back)


def standing(told: Iterable[ShownRuling], ref: uuid.UUID) -> ShownRuling:
    """One that was not taken back.

    Raises:
        Hidden: there is none among them.
    """
    found = next((one for one in told if one.row.pk == ref and one.back is None), None)
    if found is None:
        raise hidden(Ruling, ref)
    return found
