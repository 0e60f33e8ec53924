"""One entry of the directory as its page shows it, to who may know where a confidential place is and to who may not."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import log_line
from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.directory import confidential, keepers
from amanat.directory.candidates import Facts, Place, facts_in, read_words, told
from amanat.directory.finding import needs_confirming
from amanat.directory.hours import Told
from amanat.directory.judging import Reason, Wanted, reasons
from amanat.directory.models import (
    Address,
    Location,
    Phone,
    Schedule,
    Service,
    ServiceAtLocation,
)
from amanat.directory.week import clock_of, days_of, first_day, valid_in
from amanat.directory.wording import called
from amanat.packs.labels import Label


@dataclass(frozen=True, slots=True)
class Line:
    """Hours in words."""

    row: Schedule
    is_own: bool

    @property
    def days(self) -> str:
        return days_of(self.row)

    @property
    def clock(self) -> str:
        return clock_of(self.row)

    @property
    def valid(self) -> str:
        return valid_in(self.row)


@dataclass(frozen=True, slots=True)
class Where:
    """A place as this reader may know it. `is_closed`: it is confidential, and they may not know where it is."""

    place: Place
    name: str
    region: str
    address: Sequence[str] = ()
    directions: str = ""
    phones: Sequence[str] = ()
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Shown:
    service: Service
    reasons: Sequence[Reason]
    hours: Sequence[Line]
    phones: Sequence[Phone]
    places: Sequence[Where]
    is_old: bool
    may_keep: bool
    may_confirm: bool

    @property
    def needs(self) -> list[Label]:
        known = packs.current().codes("service_need")
        return [known[one.code].label for one in self.service.needs.all() if one.code in known]

    @property
    def source(self) -> Label:
        return self.service.label_of("source")


def shown(pk: uuid.UUID, actor: Actor) -> Shown | None:
    """None where there is no such service. Nothing of a confidential place is opened here: `look_at_place` does that."""
    rows = told(Service.objects.filter(pk=pk)).select_related("organization__agency", "confirmed_by__user")
    service = rows.prefetch_related("needs", "contacts", "cost_options").first()
    if service is None:
        return None
    facts = facts_in(service)
    at = ServiceAtLocation.objects.filter(service=pk).select_related("location__organization").order_by("id")
    locations = {row.pk: row.location for row in at}
    facts.places = [Place(key, at.pk, at.name, at.region, at.is_confidential) for key, at in locations.items()]
    read_words([facts], [pk])
    phones = list(Phone.objects.filter(_at(service, facts)).order_by("id"))
    hours = _hours(service, facts)
    may_keep = keepers.may_keep(actor, service.organization)
    return Shown(
        service=service,
        reasons=reasons(Wanted(), facts, actor.now),
        hours=hours,
        phones=[phone for phone in phones if not phone.location_id],
        places=_places(facts, locations, phones, actor),
        is_old=needs_confirming(service.confirmed_on, actor.now),
        may_keep=may_keep,
        may_confirm=may_keep and actor.may(Verb.DIRECTORY_CONFIRM),
    )


def _at(service: Service, facts: Facts) -> Q:
    """Rows of a service, of it at its places, and of these places."""
    places = facts.places
    return (
        Q(service=service)
        | Q(service_at_location__in=[place.at for place in places])
        | Q(location__in=[place.location for place in places])
    )


def _hours(service: Service, facts: Facts) -> list[Line]:
    """Its own, else those of its places; and what they say of the moment goes into the facts."""
    rows = list(Schedule.objects.filter(_at(service, facts)).order_by("id"))
    own = [row for row in rows if not row.location_id]
    facts.schedules = [Told.of(row) for row in own or rows]
    return [Line(row, row.service_id == service.pk) for row in sorted(own or rows, key=first_day)]


def _places(
    facts: Facts, locations: Mapping[uuid.UUID, Location], phones: Sequence[Phone], actor: Actor
) -> list[Where]:
    addresses: dict[uuid.UUID | None, list[str]] = defaultdict(list)
    for row in Address.objects.filter(location__in=[place.location for place in facts.places]).order_by("id"):
        addresses[row.location_id] += lines_of(vars(row))
    numbers: dict[uuid.UUID | None, list[str]] = defaultdict(list)
    for phone in phones:
        numbers[phone.location_id].append(str(phone))
    known = confidential.open_to(actor, [locations[place.at] for place in facts.places if place.is_confidential])
    return [
        Where(
            place,
            locations[place.at].label.text(),
            called("region", place.region),
            addresses[place.location],
            locations[place.at].transportation,
            numbers[place.location],
            place.is_confidential and place.location not in known,
        )
        for place in facts.places
    ]


def lines_of(address: dict[str, Any]) -> list[str]:
    """An address, a line each; the country by its name."""
    code = address.get("country", "")
    countries = packs.current().countries
    town = " ".join(part for part in (address.get("postal_code", ""), address.get("city", "")) if part)
    parts = [address.get("attention"), address.get("address_1"), address.get("address_2"), town]
    parts += [address.get("state_province"), countries.name(code) if code in countries else code]
    return [str(part) for part in parts if part]


def look_at_place(location: Location, actor: Actor) -> Where:
    """Where a confidential place is; that it was looked at stands in the log.

    Raises:
        Refused: the actor may not know.
    """
    content = confidential.opened(location, actor)
    about = content.get("locations", [{}])[0]
    point = " ".join(about[name] for name in ("latitude", "longitude") if about.get(name))
    note_look(location, actor)
    return Where(
        Place(location.pk, location.pk, "", location.region, is_confidential=True),
        about.get("name", ""),
        "",
        [line for row in content.get("addresses", []) for line in lines_of(row)] + ([point] if point else []),
        about.get("transportation", ""),
        [row["number"] for row in content.get("phones", []) if row.get("number")],
    )


def note_look(location: Location, actor: Actor) -> None:
    """That somebody saw where a confidential place is, in the log of the office; not where it is."""
    with transaction.atomic():
        about = f"{location.organization}: {location.pk}"
        recording.record(**log_line(actor, Verb.LOOK_DIRECTORY, Outcome.READ, about=about))
