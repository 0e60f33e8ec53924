"""Functions of places on Earth, taken as a ball with the radius of the equator, as ODK does."""

from __future__ import annotations

from itertools import pairwise
from math import acos, cos, radians, sin
from typing import Final

from amanat.forms.functions import function
from amanat.forms.functions_text import texts
from amanat.forms.running import At
from amanat.forms.values import NAN, Value

RADIUS: Final = 6_378_100
Point = tuple[float, float]


def points_of(written: list[str]) -> list[Point] | None:
    """Latitude and longitude of each point; None where one is none."""
    pieces = [piece.split() for text in written for piece in text.split(";") if piece.strip()]
    try:
        points = [(float(piece[0]), float(piece[1])) for piece in pieces]
    except (ValueError, IndexError):
        return None
    return points if all(-90 <= point[0] <= 90 and -180 <= point[1] <= 180 for point in points) else None


@function("distance", 1, None)
def _distance(at: At, *values: Value) -> float:
    points = points_of(texts(values))
    if points is None:
        return NAN
    at.run.budget.spend(len(points))
    return sum(_between(one, other) for one, other in pairwise(points))


def _between(one: Point, other: Point) -> float:
    first, second = radians(one[0]), radians(other[0])
    turn = radians(other[1] - one[1])
    inner = sin(first) * sin(second) + cos(first) * cos(second) * cos(turn)
    return acos(max(-1.0, min(1.0, inner))) * RADIUS if one != other else 0.0


@function("area", 1, None)
def _area(at: At, *values: Value) -> float:
    points = points_of(texts(values))
    if points is None:
        return NAN
    if len(points) < 3:
        return 0.0
    at.run.budget.spend(len(points))
    around = zip(points, [*points[1:], points[0]], strict=True)
    total = sum(
        radians(other[1] - one[1]) * (2 + sin(radians(one[0])) + sin(radians(other[0]))) for one, other in around
    )
    return abs(total * RADIUS * RADIUS / 2)


@function("geofence", 2)
def _geofence(at: At, place: Value, shape: Value) -> bool:
    points, inside = points_of(texts((shape,))), points_of(texts((place,)))
    if not points or not inside:
        return False
    at.run.budget.spend(len(points))
    latitude, longitude = inside[0]
    crossed = False
    for one, other in zip(points, [*points[1:], points[0]], strict=True):
        if (one[0] > latitude) != (other[0] > latitude):
            at_longitude = one[1] + (latitude - one[0]) / (other[0] - one[0]) * (other[1] - one[1])
            crossed ^= longitude < at_longitude
    return crossed
