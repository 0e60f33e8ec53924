"""The services that a question leaves over, as rows of what is told of each: read by a fixed number of queries, however many there are."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import BooleanField, Exists, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Cast

from amanat import packs
from amanat.directory.hours import COLUMNS as TOLD
from amanat.directory.hours import Told
from amanat.directory.models import (
    Language,
    PlaceKind,
    RequiredDocument,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceNeed,
    Status,
)
from amanat.directory.nearness import Point
from amanat.people.models import Site

MOST: Final = 1_000
"""Services that are compared at once; ours. A need or a region narrows them down."""
Services = QuerySet[Service, Any] | Sequence[uuid.UUID]


class Place(NamedTuple):
    """Where a service is given. Of a confidential place only the region is known here."""

    at: uuid.UUID
    location: uuid.UUID
    name: str
    region: str
    is_confidential: bool


@dataclass(slots=True)
class Facts:
    """What is told of a service. What has a value by itself is asked of the database only for those that need it."""

    id: uuid.UUID
    name: str
    minimum_age: float | None
    maximum_age: float | None
    sex: str
    free_places: int | None
    free_places_at: datetime | None
    confirmed_on: date | None
    has_need: bool
    in_region: bool
    has_languages: bool
    speaks: bool
    has_papers: bool
    zone: tzinfo
    points: Sequence[Point] = ()
    places: Sequence[Place] = ()
    schedules: Sequence[Told] = ()
    languages: Sequence[tuple[str, str]] = ()  # code, name
    documents: Sequence[str] = ()


COLUMNS: Final = tuple(one.name for one in fields(Facts) if one.default is MISSING)


def narrowed(need: str, region: str) -> QuerySet[Service]:
    """Active services for this need and region, and those of which nobody told."""
    rows = Service.objects.filter(status=Status.ACTIVE)
    if need:
        needs = ServiceNeed.objects.filter(service=OuterRef("pk"))
        rows = rows.filter(Exists(needs.filter(code=need)) | ~Exists(needs))
    if region:
        places = ServiceAtLocation.objects.filter(service=OuterRef("pk"))
        rows = rows.filter(Exists(places.filter(_reaches(region))) | ~Exists(places.exclude(location__region="")))
    return rows


def _reaches(region: str) -> Q:
    """Places in a region, and what is not bound to one: a phone, a page."""
    return Q(location__region=region) | Q(location__location_type=PlaceKind.VIRTUAL)


def told(rows: QuerySet[Service], need: str = "", region: str = "", languages: Sequence[str] = ()) -> QuerySet[Service]:
    """With what is compared as columns; where something is not asked for, it is as if it fitted."""
    yes: Any = Value(True, output_field=BooleanField())
    service = OuterRef("pk")
    spoken = Language.objects.filter(service=service)
    needs = ServiceNeed.objects.filter(service=service, code=need)
    places = ServiceAtLocation.objects.filter(_reaches(region), service=service)
    site = Site.objects.filter(agency=OuterRef("organization__agency")).order_by("name").values("time_zone")[:1]
    return rows.annotate(
        has_need=Exists(needs) if need else yes,
        in_region=Exists(places) if region else yes,
        has_languages=Exists(spoken),
        speaks=Exists(spoken.filter(code__in=languages)) if languages else yes,
        has_papers=Exists(RequiredDocument.objects.filter(service=service).exclude(document="")),
        zone=Subquery(site),
    )


def facts_of(rows: QuerySet[Service]) -> list[Facts]:
    """What is `told` of up to `MOST` services, and of one more that says that there are too many."""
    found = rows.order_by("name", "id").values_list(*COLUMNS)[: MOST + 1]
    return [_facts(row) for row in found]


def facts_in(row: Service) -> Facts:
    """The same of a row that was read with what is `told`."""
    return _facts([getattr(row, column) for column in COLUMNS])


def _facts(columns: Sequence[Any]) -> Facts:
    return Facts(*(*columns[:-1], _zone(columns[-1]) or packs.current().manifest.time_zone))


@lru_cache(maxsize=256)
def _zone(name: str | None) -> tzinfo | None:
    try:
        return ZoneInfo(name) if name else None
    except (ValueError, OSError, KeyError):  # what zoneinfo raises for bad, foreign and missing keys
        return None


def read_places(facts: Sequence[Facts], services: Services) -> None:
    """Where each is, with the point as far as coordinates are known."""
    rows = ServiceAtLocation.objects.filter(service__in=services).order_by("id")
    columns = (f"location__{column}" for column in ("latitude", "longitude", "name", "region", "is_confidential"))
    places: dict[uuid.UUID, list[Place]] = defaultdict(list)
    points: dict[uuid.UUID, list[Point]] = defaultdict(list)
    for service, at, location, latitude, longitude, *told in rows.values_list(
        "service_id", "id", "location_id", *columns
    ):
        places[service].append(Place(at, location, *told))
        if latitude is not None and longitude is not None:
            points[service].append(Point(latitude, longitude))
    for one in facts:
        one.places, one.points = places.get(one.id, ()), points.get(one.id, ())


def read_hours(facts: Sequence[Facts], services: Services) -> None:
    """Of each service, whose places were read, its own hours, those at one of its places among them; where it has none, those of its
    places."""
    own: dict[uuid.UUID, list[Told]] = defaultdict(list)
    usual: dict[uuid.UUID, list[Told]] = defaultdict(list)
    by_place = defaultdict(list)
    for one in facts:
        for place in one.places:
            by_place[place.at].append((own, one.id))
            by_place[place.location].append((usual, one.id))
    places = ServiceAtLocation.objects.filter(service__in=services)
    reached = Q(service__in=services) | Q(service_at_location__in=places.values("pk"))
    schedules = Schedule.objects.filter(reached | Q(location__in=places.values("location"))).order_by("id")
    whose = ("service_id", "service_at_location_id", "location_id")
    for service, at, location, *times in schedules.values_list(*whose, *TOLD):
        for kept, named in [(own, service)] if service else [*by_place[at], *by_place[location]]:
            kept[named].append(Told(*times))
    for one in facts:
        one.schedules = own.get(one.id) or usual.get(one.id) or ()


def read_words(facts: Sequence[Facts], services: Services) -> None:
    """Languages and papers, by one query."""
    blank: Any = Value("", output_field=TextField())
    spoken = Language.objects.filter(service__in=services)
    papers = RequiredDocument.objects.filter(service__in=services).exclude(document="")
    both = spoken.values_list("service_id", Value(1), Cast("code", TextField()), "name").union(
        papers.values_list("service_id", Value(2), "document", blank), all=True
    )
    languages: dict[uuid.UUID, list[tuple[str, str]]] = defaultdict(list)
    documents: dict[uuid.UUID, list[str]] = defaultdict(list)
    for service, kind, word, name in sorted(both):
        if kind == 1:
            languages[service].append((word, name))
        else:
            documents[service].append(word)
    for one in facts:
        one.languages, one.documents = languages.get(one.id, ()), documents.get(one.id, ())
