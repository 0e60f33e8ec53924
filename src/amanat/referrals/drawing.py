"""The network as a picture, drawn on the server: a line for each of the strongest ways, those on which something is late first.

What is drawn stands in a table as well.
"""

from __future__ import annotations

import string
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from amanat.referrals.network import Pair

LINES: Final = 12
WIDTH, STEP, EDGE = 320, 30, 22  # of the drawing; of one name to the next; of a name's place at each side
THINNEST, THICKEST = 1.5, 11.0


@dataclass(frozen=True)
class Spot:
    """An agency at one side, by its sign: letters send, numbers are asked."""

    sign: str
    name: str
    y: float


@dataclass(frozen=True)
class Way:
    path: str
    width: float
    is_stuck: bool


@dataclass(frozen=True)
class Drawing:
    senders: Sequence[Spot]
    asked: Sequence[Spot]
    ways: Sequence[Way]
    left: float = EDGE / 2
    right: float = WIDTH - EDGE / 2

    @property
    def height(self) -> int:
        return STEP * max(len(self.senders), len(self.asked))


def drawn(pairs: Sequence[Pair]) -> Drawing | None:
    """None where there is nothing to draw."""
    strongest = sorted(pairs, key=lambda pair: (bool(pair.counts["late"]), _weight(pair)), reverse=True)[:LINES]
    strongest = [pair for pair in strongest if _weight(pair)]
    if not strongest:
        return None
    senders = _spots([pair.sender for pair in strongest], list(string.ascii_uppercase))
    asked = _spots([pair.to for pair in strongest], [str(number) for number in range(1, LINES + 1)])
    most = max(map(_weight, strongest))
    ways = [
        Way(
            _curve(senders[pair.sender].y, asked[pair.to].y),
            round(THINNEST + (THICKEST - THINNEST) * _weight(pair) / most, 1),
            bool(pair.counts["late"]),
        )
        for pair in strongest
    ]
    return Drawing(list(senders.values()), list(asked.values()), ways)


def _weight(pair: Pair) -> int:
    return max(pair.counts["sent"], pair.counts["open"])


def _spots(names: Sequence[str], signs: Sequence[str]) -> dict[str, Spot]:
    return {name: Spot(signs[place], name, STEP * place + STEP / 2) for place, name in enumerate(dict.fromkeys(names))}


def _curve(begin: float, end: float) -> str:
    middle = WIDTH / 2
    return f"M{EDGE} {begin:g}C{middle:g} {begin:g} {middle:g} {end:g} {WIDTH - EDGE} {end:g}"
