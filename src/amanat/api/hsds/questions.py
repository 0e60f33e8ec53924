"""Which open rows are asked for, by the parameters of the OpenAPI. What databases compare differently is compared in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from amanat.api.hsds.asked import Asked, plain_postcode
from amanat.directory.models import Attribute
from amanat.directory.nearness import Point, distance_km
from amanat.directory.openness import open_rows
from amanat.names.searching import Ways, query_tokens, searchable, written
from amanat.web.errors import PersonFacingError

# By the way to a row: its names, read across scripts, and its texts, as they are spelt.
_Searched = Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]
_ENTRY: Final = (("name", "alternate_name"), ("description",))
_SEARCHED: Final[Mapping[str, _Searched]] = {
    "services": {"": _ENTRY},
    "organizations": {"": _ENTRY},
    "service_at_location": {"service__": _ENTRY, "location__": _ENTRY, "": ((), ("description",))},
    "taxonomies": {"": _ENTRY},
    "taxonomy_terms": {"": (("name", "alternate_name"), ("code", "description"))},
}
_REMEMBERED: Final = 1 << 14  # texts


class Found:
    """What was asked for: how many there are, and the rows of a page. `pks` where they were chosen in memory."""

    def __init__(self, rows: QuerySet[Any], pks: Sequence[UUID] | None) -> None:
        self._rows, self._pks = rows, pks

    def __len__(self) -> int:
        return self._rows.count() if self._pks is None else len(self._pks)

    def part(self, start: int, size: int) -> list[Any]:
        if self._pks is None:
            return list(self._rows[start : start + size])
        return list(self._rows.filter(pk__in=self._pks[start : start + size]))

    def parts(self, size: int) -> Iterator[list[Any]]:
        """All of them, so many at a time; each costs the same however many went before."""
        if self._pks is not None:
            yield from (self.part(start, size) for start in range(0, len(self._pks), size))
            return
        rows = list(self._rows[:size])
        while rows:
            yield rows
            rows = list(self._rows.filter(pk__gt=rows[-1].pk)[:size])


def found(table: str, asked: Asked) -> Found:
    """The open rows of a table that meet all that is asked, in one order.

    Raises:
        PersonFacingError: nothing here says where the postcode is that “proximity” counts from.
    """
    rows = open_rows(table).filter(_asked_of(table, asked)).order_by("pk")
    pks: list[UUID] | None = None
    if asked.postcode:
        pks = list(_around(rows, asked.postcode, asked.proximity))
        rows = open_rows(table).order_by("pk")
    if words := query_tokens(asked.search):
        met = set(_said_in(table, rows, words))
        pks = [pk for pk in pks if pk in met] if pks is not None else sorted(met)
    return Found(rows, pks)


def _asked_of(table: str, asked: Asked) -> Q:
    at = "service__" if table == "service_at_location" else ""
    parts: dict[str, Any] = {
        f"{at}organization_id": asked.organization_id,
        f"{at}last_modified__gte": asked.modified_after,
        "parent_id": asked.parent_id,
        "parent__isnull": asked.top_only or None,
    }
    if table == "taxonomy_terms":
        parts["taxonomy_id"] = asked.taxonomy_id
    wanted = Q(**{name: value for name, value in parts.items() if value is not None})
    return wanted if table == "taxonomy_terms" else wanted & _under(asked, at)


def _under(asked: Asked, at: str) -> Q:
    """Sorted under a term, or under any of a taxonomy: itself, or the service that is given there."""
    told = {"taxonomy_term_id": asked.taxonomy_term_id, "taxonomy_term__taxonomy_id": asked.taxonomy_id}
    wanted = Q()
    for name, pk in told.items():
        if pk is not None:
            attributes = Attribute.objects.filter(**{name: pk})
            own = Q(Exists(attributes.filter(link_id=OuterRef("pk"))))
            wanted &= own | Q(Exists(attributes.filter(link_id=OuterRef("service_id")))) if at else own
    return wanted


def _said_in(table: str, rows: QuerySet[Any], words: Sequence[Ways]) -> Iterator[UUID]:
    """Every word somewhere, in any script and order."""
    ways = _SEARCHED[table]
    columns = [f"{at}{name}" for at, (names, texts) in ways.items() for name in (*names, *texts, "texts")]
    for row in rows.values("pk", *columns):
        held = " ".join(_held(row, at, *kinds) for at, kinds in ways.items())
        if all(any(way in held for way in word) for word in words):
            yield row["pk"]


def _held(row: Mapping[str, Any], at: str, names: Sequence[str], texts: Sequence[str]) -> str:
    def told(columns: Sequence[str], reading: Callable[[str], str]) -> Iterator[str]:
        for name in columns:
            for text in (row[at + name], *(row[f"{at}texts"] or {}).get(name, {}).values()):
                if text:
                    yield reading(text)

    return " ".join((*told(names, _as_name), *told(texts, _as_spelt)))


@lru_cache(maxsize=_REMEMBERED)
def _as_name(text: str) -> str:
    return searchable([text])


@lru_cache(maxsize=_REMEMBERED)
def _as_spelt(text: str) -> str:
    return written(text)


def _around(rows: QuerySet[Any], postcode: str, metres: float | None) -> Iterator[UUID]:
    """At the places with this postcode, or so many metres around the middle of them."""
    told = open_rows("addresses").exclude(postal_code="").values_list("location_id", "postal_code")
    there = {location for location, code in told if plain_postcode(code) == postcode}
    places = rows.values_list("pk", "location_id", "location__latitude", "location__longitude")
    if metres is None:
        yield from (pk for pk, location, *_point in places if location in there)
        return
    middle = _middle_of(there)
    for pk, _location, latitude, longitude in places:
        if None not in (latitude, longitude) and distance_km(middle, Point(latitude, longitude)) * 1000 <= metres:
            yield pk


def _middle_of(locations: set[UUID]) -> Point:
    placed = open_rows("locations").exclude(Q(latitude=None) | Q(longitude=None))
    points = [(north, east) for pk, north, east in placed.values_list("pk", "latitude", "longitude") if pk in locations]
    if not points:
        raise PersonFacingError(
            _("Where this postcode is, is not known here."), _("Ask without “proximity”."), field="postcode"
        )
    return Point(*(sum(one) / len(points) for one in zip(*points, strict=True)))
