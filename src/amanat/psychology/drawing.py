"""Totals of one line as a picture, drawn on the server: bands behind, limits broken, a point for each. The table beside says it all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from amanat.psychology.change import Total
from amanat.psychology.scales import Scale

WIDTH, HEIGHT, LEFT, EDGE = (
    320,
    160,
    28,
    12,
)  # of the drawing; room for the numbers at the side; of the plot to its borders


@dataclass(frozen=True)
class Stripe:
    """A band. `place` counts from the side that is better, so that the colour says the same on every scale."""

    y: float
    height: float
    place: int
    sign: str


@dataclass(frozen=True)
class Spot:
    x: float
    y: float
    sign: str  # its number in the table
    value: str
    above: bool  # whether its value stands above it


@dataclass(frozen=True)
class Drawing:
    stripes: Sequence[Stripe]
    cuts: Sequence[float]
    ticks: Sequence[tuple[float, str]]
    path: str
    spots: Sequence[Spot]
    left: int = LEFT
    right: int = WIDTH - EDGE
    width: int = WIDTH - EDGE - LEFT
    height: int = HEIGHT


def drawn(totals: Sequence[Total], scale: Scale | None) -> Drawing:
    """Totals of one line, the earliest first; days stand as far apart as they lie."""
    least = min([scale.least] if scale else [], default=min(0, min(one.value for one in totals)))
    most = max([scale.most] if scale else [], default=max(one.value for one in totals) or 1)
    ruler = _Ruler(least, max(most, least + 1))
    first, last = totals[0].on, totals[-1].on
    days = (last - first).days or 1
    inner = WIDTH - EDGE - LEFT - 2 * EDGE
    spots = []
    for place, one in enumerate(totals):
        share = (one.on - first).days / days if len(totals) > 1 and last > first else (place + 1) / (len(totals) + 1)
        y = ruler.at(one.value)
        spots.append(Spot(round(LEFT + EDGE + inner * share, 1), y, str(place + 1), f"{one.value:g}", y > 30))
    path = "M" + "L".join(f"{spot.x:g} {spot.y:g}" for spot in spots) if len(spots) > 1 else ""
    # Without a scale no number stands at the side: the highest one seen would look like the highest there is.
    marks = ([band.least for band in scale.bands] or [scale.least]) + [scale.most] if scale else []
    return Drawing(
        _stripes(scale, ruler) if scale else [],
        [ruler.at(cut.at) for cut in scale.cuts] if scale else [],
        [(ruler.at(mark), f"{mark:g}") for mark in marks],
        path,
        spots,
    )


@dataclass(frozen=True)
class _Ruler:
    least: float
    most: float

    def at(self, value: float) -> float:
        share = (value - self.least) / (self.most - self.least)
        return round(HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * min(1.0, max(0.0, share)), 1)


def _stripes(scale: Scale, ruler: _Ruler) -> list[Stripe]:
    count = len(scale.bands)
    found = []
    for number, band in enumerate(scale.bands):
        top = ruler.at(scale.most if band.most == scale.most else band.most + 1)
        bottom = ruler.at(band.least)
        place = number if scale.better == "lower" else count - 1 - number
        found.append(Stripe(top, round(bottom - top, 1), min(place, 4), str(number + 1)))
    return found
