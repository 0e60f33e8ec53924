"""Confidential places: what tells where one is, taken out of the clear rows and sealed; and who may open it again.

Whoever else may know of a place, such as who receives a referral to it, is told by the room that knows that (`register`).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from django.db.models import Q

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.directory import keepers
from amanat.directory.models import Attribute, ConfidentialPlace, Location, Metadata, Row, Schedule, ServiceAtLocation
from amanat.directory.packages.cells import MODELS, cells_of, fields_of
from amanat.directory.packages.places import STAYS, WORDS, Place
from amanat.directory.packages.trees import KIND_OF
from amanat.directory.serializing import field_of
from amanat.packs.hsds import TABLES
from amanat.vault.models import Subject, SubjectKind
from amanat.vault.sealing import open_sealed
from amanat.web.errors import Refused

Asker = Callable[[Actor, Collection[uuid.UUID]], Iterable[uuid.UUID]]
_askers: list[Asker] = []


def register(asker: Asker) -> None:
    """Let `asker` say of which places an actor may know besides where they are. Called in `ready()`."""
    if asker not in _askers:
        _askers.append(asker)


def may_open(actor: Actor, location: Location) -> bool:
    return location.pk in open_to(actor, [location])


def open_to(actor: Actor, locations: Iterable[Location]) -> set[uuid.UUID]:
    """Of these places those of which the actor may know where they are: the agency that keeps it; of those that no agency here keeps,
    who keeps their entries; and whom a room lets."""
    rows = list(locations)
    found = {row.pk for row in rows if _is_own(actor, row)}
    for asks in _askers:
        others = [row.pk for row in rows if row.pk not in found]
        found |= set(asks(actor, others)) if others else set()
    return found


def _is_own(actor: Actor, location: Location) -> bool:
    agency = location.organization.agency_id if location.organization else None
    if agency is None:
        return keepers.keeps_others(actor)
    return agency == actor.membership.agency_id and actor.may(Verb.LOOK_DIRECTORY)


def opened(location: Location, actor: Actor) -> Place:
    """By the name of a table of HSDS its rows about a place, in the columns of the standard.

    Raises:
        Refused: the actor may not know where it is.
    """
    if not may_open(actor, location):
        raise Refused()
    return _content(location)


def hide(location: Location) -> None:
    """Make a location confidential: what tells where it is goes out of the clear rows, and is sealed. Called by verbs."""
    found: Place = {}
    for table, rows in _whole(location).items():
        found[table] = [cells_of(table, row) for row in rows]
        MODELS[table]._default_manager.filter(pk__in=[row.pk for row in rows]).delete()
    for table, rows in _worded(location).items():
        found[table] = [told for row in rows if (told := _taken_out(table, row, WORDS[table]))]
    words = frozenset({*TABLES["locations"], "amanat::source"} - STAYS)
    cells = {name: text for name, text in cells_of("locations", location).items() if name not in STAYS}
    found["locations"] = [{**cells, "id": str(location.pk)}]
    _blank("locations", location, words - {"amanat::source"})
    location.texts, location.source, location.given_id, location.is_confidential = {}, "", "", True
    location.save()
    write(location, merged(_content(location), found))


def write(location: Location, content: Mapping[str, list[dict[str, str]]]) -> None:
    """Seal what is known of a place, in place of what was."""
    place = ConfidentialPlace.objects.filter(location=location).select_related("subject").first()
    place = place or ConfidentialPlace(location=location, subject=Subject.objects.begin(SubjectKind.LOCATION))
    place.content = {table: rows for table, rows in content.items() if rows}
    place.save()


def add(location: Location, told: Place) -> None:
    """Seal rows of a confidential place beside those that are; the same row in place of what it was. Called by verbs."""
    write(location, merged(_content(location), told))


def merged(before: Place, told: Place) -> Place:
    """Both, row by row; where both have one, what is told now."""
    found: Place = {}
    for table in {**before, **told}:
        rows = {cells["id"]: cells for cells in before.get(table, [])}
        found[table] = list((rows | {cells["id"]: cells for cells in told.get(table, [])}).values())
    return found


def _content(location: Location) -> Place:
    place = ConfidentialPlace.objects.filter(location=location).select_related("subject").first()
    return (open_sealed(place, "content") or {}) if place else {}


def _whole(location: Location) -> dict[str, list[Row]]:
    """The rows that tell where it is, in such an order that who is named comes before who names; gone in the other."""
    at = Q(location=location) | Q(service_at_location__location=location)
    contacts = list(MODELS["contacts"]._default_manager.filter(at))
    phones = list(MODELS["phones"]._default_manager.filter(at | Q(contact__in=[row.pk for row in contacts])))
    spoken = Q(location=location) | Q(phone__in=[row.pk for row in phones])
    found: dict[str, list[Row]] = {
        "contacts": contacts,
        "phones": phones,
        "addresses": list(MODELS["addresses"]._default_manager.filter(location=location)),
        "accessibility": list(MODELS["accessibility"]._default_manager.filter(location=location)),
        "languages": list(MODELS["languages"]._default_manager.filter(spoken)),
    }
    about = {table: [row.pk for row in rows] for table, rows in found.items()}
    about |= {table: [row.pk for row in rows] for table, rows in _worded(location).items()}
    about["locations"] = [location.pk]
    found["attributes"] = list(Attribute.objects.filter(_about(about, "link_entity", "link_id")))
    found["metadata"] = list(Metadata.objects.filter(_about(about, "resource_type", "resource_id")))
    return dict(reversed(found.items()))


def _about(rows: Mapping[str, Iterable[uuid.UUID]], kind: str, key: str) -> Q:
    found = Q(pk__in=[])
    for table, keys in rows.items():
        found |= Q(**{kind: KIND_OF[table], f"{key}__in": list(keys)})
    return found


def _worded(location: Location) -> dict[str, list[Row]]:
    offered = ServiceAtLocation.objects.filter(location=location)
    at = Q(location=location) | Q(service_at_location__location=location)
    return {"service_at_location": list(offered), "schedules": list(Schedule.objects.filter(at))}


def _taken_out(table: str, row: Row, words: Iterable[str]) -> dict[str, str]:
    """The words of a row that might tell, and the row without them, saved."""
    told = {name: text for name, text in cells_of(table, row).items() if name in words}
    if told:
        _blank(table, row, words)
        row.save()
    return {**told, "id": str(row.pk)} if told else {}


def _blank(table: str, row: Row, columns: Iterable[str]) -> None:
    for name, value in _fields(table, {}, columns):
        setattr(row, name, value)


def _fields(table: str, cells: Mapping[str, str], columns: Iterable[str]) -> Iterator[tuple[str, Any]]:
    found = fields_of(table, cells)
    yield from ((field_of(table, column), found[field_of(table, column)]) for column in columns)
