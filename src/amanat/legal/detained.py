"""Where those who are accused of what was done to a child are, as one actor may read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases.shown import Text, spoken
from amanat.legal.models import AT_LARGE, Custody, Detention

SHOWN = 100  # more than are ever recorded of one child


@dataclass(frozen=True)
class ShownDetention:
    row: Detention
    held: dict[str, Any]

    @property
    def who(self) -> Text:
        return spoken(str(self.held.get("who", "")))

    @property
    def what(self) -> str:
        return str(Custody(self.held["custody"]).label)

    @property
    def since(self) -> datetime:
        return datetime.fromisoformat(self.held["since"])

    @property
    def words(self) -> Text:
        return spoken(str(self.held.get("words", "")))

    @property
    def is_at_large(self) -> bool:
        return self.held["custody"] in AT_LARGE


def detentions_of(file: File) -> list[ShownDetention]:
    """What was written down about accused people of this child, on any of its cases, the newest first; one query."""
    if not file.sees(Part.LEGAL_STATUS):
        return []
    rows = (
        Detention.objects.filter(subject=file.row.subject_id)
        .select_related("author__user")
        .order_by("-at", "-id")[:SHOWN]
    )
    found = []
    for row in rows:
        row.subject = file.row.subject
        found.append(ShownDetention(row, file.open(row, "content") or {}))
    return found


def where_they_are(told: list[ShownDetention]) -> list[ShownDetention]:
    """Of each accused the line that holds: that of the latest change, of two at one moment the one that was written later.

    `told`: the one that was written last first; somebody accused is known by how they are called.
    """
    newest: dict[str, ShownDetention] = {}
    for one in sorted(told, key=lambda one: one.since, reverse=True):
        newest.setdefault(one.who.text.strip().casefold(), one)
    return list(newest.values())
