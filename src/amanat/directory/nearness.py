"""How far it is, as the crow flies; and where a town or region lies: in the middle of the places there that the directory knows."""

from __future__ import annotations

from math import asin, cos, radians, sin, sqrt
from typing import Final, NamedTuple

from django.db.models import Avg, QuerySet

from amanat.directory.models import Address, Location

EARTH: Final = 6371.0
"""Mean radius in km (IUGG)."""
MOST_TOWNS: Final = 300  # ours


class Point(NamedTuple):
    """In degrees, as HSDS writes them."""

    latitude: float
    longitude: float


def distance_km(one: Point, other: Point) -> float:
    """Along the great circle, by the haversine formula."""
    north, east = radians(other.latitude - one.latitude), radians(other.longitude - one.longitude)
    half = sin(north / 2) ** 2 + cos(radians(one.latitude)) * cos(radians(other.latitude)) * sin(east / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(half)))


def towns() -> list[str]:
    """The towns in which the directory knows where something is."""
    known = Address.objects.filter(location__in=_placed()).exclude(city="")
    return list(known.order_by("city").values_list("city", flat=True).distinct()[:MOST_TOWNS])


def point_of(*, town: str = "", region: str = "") -> Point | None:
    """The middle of the places known there; None where no place there has coordinates."""
    if not town and not region:
        return None
    rows = _placed().filter(pk__in=Address.objects.filter(city=town).values("location")) if town else _placed()
    rows = rows if town else rows.filter(region=region)
    middle = rows.aggregate(latitude=Avg("latitude"), longitude=Avg("longitude"))
    return None if middle["latitude"] is None else Point(middle["latitude"], middle["longitude"])


def _placed() -> QuerySet[Location]:
    return Location.objects.filter(is_confidential=False, latitude__isnull=False, longitude__isnull=False)
