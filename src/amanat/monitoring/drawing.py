"""The child's way as a picture, drawn on the server from above to below. All of it stands in the lists beside it as well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from typing import TYPE_CHECKING, Final

from amanat.monitoring.journey import Journey, Moment, Stretch

if TYPE_CHECKING:
    pass

WIDTH: Final = 320
LEAST, MOST, APART = 34, 140, 17  # of a stage's height; from one dot to the next
BAR, WAIT, DOT = 8, 180, 206  # where the bar of stages, that of waits, and the first dot stand
LONG: Final = 365  # days from which a stage is drawn no longer


@dataclass(frozen=True)
class Block:
    """A stage: its place in the picture, how many days it lasted."""

    stretch: Stretch
    order: int
    y: float
    height: float

    @property
    def text_y(self) -> float:
        return self.y + 15


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
    wait: int = WAIT
    dot: int = DOT


def drawn(way: Journey | None) -> Drawing | None:
    """None where no stage is known."""
    if way is None or not way.stages:
        return None
    blocks: list[Block] = []
    y = 4.0
    for order, stage in enumerate(way.stages):
        height = LEAST + (MOST - LEAST) * sqrt(min(stage.days, LONG) / LONG)
        blocks.append(Block(stage, order % 5, round(y, 1), round(height, 1)))
        y += height + 3
    bars = [_bar(blocks, way, wait) for wait in way.waits]
    spots = _spots(blocks, way)
    return Drawing(blocks, bars, spots, round(max([y, *(spot.y + APART for spot in spots)]), 1))


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
