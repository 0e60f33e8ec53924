"""Bars drawn on the server: how many calls an hour had, and how many of them nobody answered. What is drawn stands in a table as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from amanat.hotline.numbers import HourRow

WIDTH, HEIGHT = 300, 100  # of the drawing, without the line of hours
BAR: Final = 9.5
STEP: Final = WIDTH / 24


@dataclass(frozen=True)
class Bar:
    """One hour. `top` and `height` are those of all calls; `low` and `rest` of the ones that nobody answered, at its upper end."""

    x: float
    top: float
    height: float
    rest: float


def bars(hours: Sequence[HourRow]) -> list[Bar]:
    most = max((row.offered for row in hours), default=0) or 1
    drawn = []
    for row in hours:
        height, rest = (round(HEIGHT * count / most, 1) for count in (row.offered, min(row.abandoned, row.offered)))
        drawn.append(Bar(round(row.hour * STEP + (STEP - BAR) / 2, 1), HEIGHT - height, height, rest))
    return drawn


def most_of(hours: Sequence[HourRow]) -> HourRow | None:
    """The hour with the most calls; None where there were none."""
    found = max(hours, key=lambda row: row.offered, default=None)
    return found if found and found.offered else None
