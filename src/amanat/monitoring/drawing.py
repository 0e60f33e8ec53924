"""The child's way as a picture, drawn on the server from above to below. All of it stands in the lists beside it as well.

It is as wide as the narrowest screen leaves room for, and is only ever drawn larger: its letters are never smaller than here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from textwrap import wrap
from typing import Any, Final

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases import papers
from amanat.monitoring.journey import Journey, Moment, Stretch, journey

PAPER: Final = "journey"
WIDTH: Final = 256
LINE, LETTERS = 16, 16  # from one line of letters to the next; how many fit in a stage
LEAST, MOST, APART = 24, 140, 23  # of a stage's height beside its title; from one dot to the next
BAR, BROAD, WAIT, DOT, DAY = 2, 150, 157, 179, 194  # where the bars of stages and waits, the dots and their days stand
LONG: Final = 365  # days from which a stage is drawn no longer


@dataclass(frozen=True)
class Block:
    """A stage: its place in the picture, how many days it lasted."""

    stretch: Stretch
    order: int
    y: float
    height: float

    @property
    def texts(self) -> list[tuple[float, str]]:
        """The lines of its title, each with where it stands."""
        return [(round(self.y + LINE * place, 1), line) for place, line in enumerate(_lines(self.stretch), start=1)]

    @property
    def days_y(self) -> float:
        return round(self.y + LINE * (len(self.texts) + 1), 1)


@dataclass(frozen=True)
class Bar:
    stretch: Stretch
    y: float
    height: float


@dataclass(frozen=True)
class Spot:
    moment: Moment
    y: float


@dataclass(frozen=True)
class Drawing:
    blocks: Sequence[Block]
    bars: Sequence[Bar]
    spots: Sequence[Spot]
    height: float
    width: int = WIDTH
    bar: int = BAR
    broad: int = BROAD
    wait: int = WAIT
    dot: int = DOT
    day: int = DAY


def register() -> None:
    papers.register(
        papers.Paper(PAPER, _("The whole way"), Part.EXISTENCE, "monitoring/paper_journey.html", told, in_bundles=False)
    )


def told(file: File, _key: str) -> Mapping[str, Any] | None:
    way = journey(file)
    return {"way": way, "drawing": drawn(way)} if way else None


def drawn(way: Journey | None) -> Drawing | None:
    """None where no stage is known."""
    if way is None or not way.stages:
        return None
    blocks: list[Block] = []
    y = 4.0
    for order, stage in enumerate(way.stages):
        height = LEAST + LINE * len(_lines(stage)) + (MOST - LEAST) * sqrt(min(stage.days, LONG) / LONG)
        blocks.append(Block(stage, order % 5, round(y, 1), round(height, 1)))
        y += height + 3
    bars = [_bar(blocks, way, wait) for wait in way.waits]
    spots = _spots(blocks, way)
    return Drawing(blocks, bars, spots, round(max([y, *(spot.y + APART for spot in spots)]), 1))


def _lines(stage: Stretch) -> list[str]:
    return wrap(capfirst(str(stage.title)), LETTERS) or [""]


def _bar(blocks: Sequence[Block], way: Journey, wait: Stretch) -> Bar:
    begins, ends = _place(blocks, way, wait.begins), _place(blocks, way, wait.ends or way.ends)
    return Bar(wait, begins, round(max(ends - begins, 4), 1))


def _spots(blocks: Sequence[Block], way: Journey) -> list[Spot]:
    """In the order of time, none over the one before."""
    found: list[Spot] = []
    for moment in way.moments:
        y = max(_place(blocks, way, moment.at), found[-1].y + APART if found else 12)
        found.append(Spot(moment, round(y, 1)))
    return found


def _place(blocks: Sequence[Block], way: Journey, at: datetime) -> float:
    """How far down a moment stands: within its stage by its share of it."""
    block = next((one for one in reversed(blocks) if one.stretch.begins <= at), blocks[0])
    begins, ends = block.stretch.begins, block.stretch.ends or way.ends
    whole = (ends - begins).total_seconds()
    share = min(max((at - begins).total_seconds() / whole, 0), 1) if whole > 0 else 0
    return round(block.y + block.height * share, 1)
