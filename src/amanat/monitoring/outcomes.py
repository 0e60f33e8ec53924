"""Outcomes of reintegration side by side over time: the worker's view and the child's, as a table and a small picture each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils import timezone

from amanat.access.files import File
from amanat.cases.shown import Badge, Text, case_of, label, spoken
from amanat.monitoring import pack
from amanat.monitoring.models import Outcomes, View
from amanat.monitoring.opening import opened
from amanat.monitoring.pack import Item

LEVELS: Final = "outcome_level"
COLUMNS: Final = 6  # recordings side by side, the newest
MOST: Final = 60  # where all are asked for
WIDTH, HEIGHT, EDGE = 96, 36, 8  # of the picture of one outcome
# How high a level stands in the picture; what is not known has no place there, and no number.
_HEIGHTS = {"good": 0, "fair": 1, "poor": 2}
_BADGES = {"good": ("success", "check"), "fair": ("accent", ""), "poor": ("warning", "alert")}


@dataclass(frozen=True)
class Recorded:
    row: Outcomes
    content: dict[str, Any]

    @property
    def view(self) -> str:
        return str(View(self.row.view).label)

    @property
    def is_child(self) -> bool:
        return self.row.view == View.CHILD

    @property
    def on(self) -> date:
        return date.fromisoformat(self.content["on"]) if self.content.get("on") else timezone.localdate(self.row.at)

    @property
    def words(self) -> Text:
        return spoken(self.content.get("words", ""))

    def level(self, outcome: str) -> str:
        return str(self.content.get("levels", {}).get(outcome, ""))


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    is_child: bool


@dataclass(frozen=True)
class Line:
    """One outcome: what each recording says of it, and the picture of that (None where fewer than two say something)."""

    item: Item
    cells: Sequence[tuple[Recorded, Badge | None]]
    worker: str
    child: str
    dots: Sequence[Dot]


def recorded(file: File, most: int = COLUMNS) -> list[Recorded]:
    """The newest recordings, the oldest of them first: one query."""
    rows = Outcomes.objects.filter(case=case_of(file)).select_related("author__user").order_by("-at", "-id")[:most]
    found = [Recorded(row, opened(file, row)) for row in rows]
    return sorted(found, key=lambda one: (one.on, one.row.at, one.row.view))


def lines(held: Sequence[Recorded]) -> list[Line]:
    """Of each outcome that one of these recordings says something of."""
    found = [_line(item, held) for item in pack.listed("outcome").values()]
    return [line for line in found if any(badge for _one, badge in line.cells)]


def not_looked_at(found: Sequence[Line]) -> list[str]:
    """Outcomes of the pack that none of these recordings says anything of."""
    said = {line.item.name for line in found}
    return [item.label.text() for name, item in pack.listed("outcome").items() if name not in said]


def _line(item: Item, held: Sequence[Recorded]) -> Line:
    cells = [(one, _badge(one.level(item.name))) for one in held]
    step = (WIDTH - 2 * EDGE) / max(len(held) - 1, 1)
    dots = [
        Dot(round(EDGE + step * place, 1), EDGE + _HEIGHTS[level] * (HEIGHT - 2 * EDGE) / 2, one.is_child)
        for place, one in enumerate(held)
        if (level := one.level(item.name)) in _HEIGHTS
    ]
    return Line(item, cells, _path(dots, child=False), _path(dots, child=True), dots)


def _path(dots: Sequence[Dot], *, child: bool) -> str:
    return " ".join(f"{dot.x:g},{dot.y:g}" for dot in dots if dot.is_child is child)


def _badge(level: str) -> Badge | None:
    return Badge(label(LEVELS, level), *_BADGES.get(level, ("", ""))) if level else None
