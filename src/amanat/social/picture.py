"""The people around a child as a drawing: the child in the middle, rings around it, a sign for each person. Pure.

Who stands behind a sign says the table beside it: names do not fit into a drawing of 320 units.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from amanat.social.network import Node, Ring

SIZE: Final = 320
RADII: Final = {Ring.HOUSEHOLD: 46, Ring.FAMILY: 80, Ring.OTHERS: 113, Ring.PROFESSIONALS: 145}
APART: Final = 24  # units between two signs on a ring
FIRST: Final = {Ring.HOUSEHOLD: 0.0, Ring.FAMILY: 0.5, Ring.OTHERS: 0.25, Ring.PROFESSIONALS: 0.75}
"""By how much of a step the first sign of a ring is turned, so that signs of two rings do not stand in one line."""


@dataclass(frozen=True)
class Spot:
    sign: str
    node: Node
    x: float
    y: float


@dataclass(frozen=True)
class Picture:
    """`spots`: who is drawn, in the order of the table; `left_out`: for how many a ring had no place."""

    spots: Sequence[Spot]
    left_out: int
    size: int = SIZE
    middle: int = SIZE // 2

    @property
    def radii(self) -> Sequence[int]:
        return list(RADII.values())


def capacity(ring: Ring) -> int:
    return int(2 * math.pi * RADII[ring] / APART)


def drawn(nodes: Sequence[Node]) -> Picture | None:
    """None where there is nobody."""
    if not nodes:
        return None
    spots = []
    for ring in Ring:
        held = [(str(number), node) for number, node in enumerate(nodes, 1) if node.ring is ring]
        held = held[: capacity(ring)]
        spots += [Spot(sign, node, *_at(ring, place, len(held))) for place, (sign, node) in enumerate(held)]
    return Picture(spots, len(nodes) - len(spots))


def _at(ring: Ring, place: int, of: int) -> tuple[float, float]:
    """On the ring from the top, clockwise."""
    turn = 2 * math.pi * (place + (FIRST[ring] if of > 1 else FIRST[ring] / 2)) / of
    middle = SIZE / 2
    return round(middle + RADII[ring] * math.sin(turn), 1), round(middle - RADII[ring] * math.cos(turn), 1)
