"""The child's plan as a road with stations, drawn on the server. What is drawn stands beside it in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

WIDTH, EDGE, STEP, TOP = (
    240,
    50,
    84,
    46,
)  # of the drawing; of a station's place at each side; of one to the next; above the first
DONE, NOW, AHEAD = "done", "now", "ahead"


@dataclass(frozen=True, slots=True)
class Station:
    """A place on the road. `number` counts from 1; the last one is the flag at the end and has none."""

    number: int
    x: float
    y: float
    state: str

    @property
    def is_end(self) -> bool:
        return self.number == 0


@dataclass(frozen=True, slots=True)
class Road:
    stations: Sequence[Station]
    path: str
    walked: str  # the part of it that lies behind
    goes_on: bool = False  # past the last station, where there is no flag

    @property
    def height(self) -> float:
        return self.stations[-1].y + TOP if self.stations else 0


def drawn(done: Sequence[bool], behind: int = 0, *, goes_on: bool = False) -> Road:
    """A road past one station for each, after so many that lie behind; the first that is not done is the one of now. It ends at a flag,
    or goes on."""
    first_open = next((place for place, is_done in enumerate(done) if not is_done), len(done))
    states = [DONE if is_done else NOW if place == first_open else AHEAD for place, is_done in enumerate(done)]
    spots = [Station(behind + place + 1, *_spot(place), state) for place, state in enumerate(states)]
    end = Station(0, *_spot(len(done)), DONE if done and all(done) else AHEAD)
    stations = [*spots, end]
    return Road(stations, _path(stations), _path(stations[: first_open + 1]), goes_on)


def _spot(place: int) -> tuple[float, float]:
    """Now at one side, now at the other, downwards as one reads."""
    return (float(EDGE if place % 2 == 0 else WIDTH - EDGE), float(TOP + STEP * place))


def _path(stations: Sequence[Station]) -> str:
    if not stations:
        return ""
    told = [f"M{stations[0].x:g} {stations[0].y:g}"]
    for before, after in pairwise(stations):
        middle = (before.y + after.y) / 2
        told.append(f"C{before.x:g} {middle:g} {after.x:g} {middle:g} {after.x:g} {after.y:g}")
    return "".join(told)
