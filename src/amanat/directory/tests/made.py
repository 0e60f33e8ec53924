"""Services for tests: many at once, or one with what a test says of it."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime
from typing import Any

from amanat.access.actor import Actor
from amanat.directory.actions import detailing
from amanat.directory.models import (
    Language,
    Location,
    Organization,
    RequiredDocument,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceNeed,
)
from amanat.people.models import Agency

NEEDS = ("shelter", "medical", "psychological", "legal", "social", "education", "documents")
WALKED = "Walked shelter"
HOURS = [("MO,TU", "09:00", "18:00")]
NOWHERE: dict[str, float | None] = {"latitude": None, "longitude": None}
REGIONS = ("north_valley", "south_valley", "lakeside")


def organization(name: str = "House of Help", agency: Agency | None = None, **more: Any) -> Organization:
    return Organization.objects.create(name=name, agency=agency, **more)


def service(name: str = "Shelter", *needs: str, of: Organization | None = None, **more: Any) -> Service:
    """One service; `hours`, `languages`, `documents` and `at` (columns of its location) as short words."""
    details = {key: more.pop(key, ()) for key in ("hours", "languages", "documents")}
    at = more.pop("at", None)
    made = Service.objects.create(organization=of or organization(f"Organisation of {name}"), name=name, **more)
    for code in needs:
        ServiceNeed.objects.create(service=made, code=code)
    for days, opens, closes in details["hours"]:
        Schedule.objects.create(service=made, freq="WEEKLY", byday=days, opens_at=opens, closes_at=closes)
    for code in details["languages"]:
        Language.objects.create(service=made, code=code)
    for document in details["documents"]:
        RequiredDocument.objects.create(service=made, document=document)
    if at is not None:
        place = Location.objects.create(organization=made.organization, **{"name": f"House of {name}"} | at)
        ServiceAtLocation.objects.create(service=made, location=place)
    return made


def walked(actor: Actor) -> Service:
    """An entry that the actor's agency keeps: hours, a phone, a confidential place, and another place that it has."""
    made = service(WALKED, "shelter", of=organization("Walked house", actor.membership.agency), hours=HOURS)
    place = dict.fromkeys(("state_province", "postal_code", "country", "transportation"), "")
    place |= {"address_1": "Hidden lane 7", "city": "Hiddenton"}
    detailing.add_phone(made, number="+993 12 000000", description="", actor=actor)
    at = [
        detailing.add_place(made, name="A house", region="", is_confidential=hidden, actor=actor, **place, **NOWHERE)
        for hidden in (True, False)
    ]
    at[1].delete()  # it stays a place of the organisation
    return made


def many(count: int, seed: int = 7, of: Organization | None = None) -> None:
    """A directory of a whole country: each service with a place, hours, languages, needs; some things never told."""
    chance = random.Random(seed)
    houses = (
        [of]
        if of
        else Organization.objects.bulk_create(Organization(name=f"House {n}") for n in range(count // 10 + 1))
    )
    services = Service.objects.bulk_create(
        Service(
            organization=chance.choice(houses),
            name=f"Service {number}",
            minimum_age=chance.choice([None, 0, 6, 12]),
            maximum_age=chance.choice([None, 17, 18]),
            sex=chance.choice(["any", "any", "girls", "boys"]),
            free_places=chance.choice([None, 0, 3]),
            free_places_at=datetime(2026, 11, 20, tzinfo=UTC),
            confirmed_on=date(2026, chance.randint(1, 11), 1),
        )
        for number in range(count)
    )
    places = Location.objects.bulk_create(
        Location(
            name=f"Place {number}",
            region=chance.choice(REGIONS),
            latitude=chance.uniform(35, 42),
            longitude=chance.uniform(52, 66),
        )
        for number in range(count)
    )
    ServiceAtLocation.objects.bulk_create(
        ServiceAtLocation(service=one, location=place) for one, place in zip(services, places, strict=True)
    )
    ServiceNeed.objects.bulk_create(ServiceNeed(service=one, code=chance.choice(NEEDS)) for one in services)
    Language.objects.bulk_create(
        Language(service=one, code=code) for one in services for code in chance.sample(["tk", "ru", "ro", "en"], 2)
    )
    RequiredDocument.objects.bulk_create(
        RequiredDocument(service=one, document="passport") for one in services if chance.random() < 0.3
    )
    Schedule.objects.bulk_create(
        Schedule(
            service=one,
            freq="WEEKLY",
            byday=",".join(sorted(chance.sample(["MO", "TU", "WE", "TH", "FR", "SA", "SU"], chance.randint(1, 7)))),
            opens_at=f"{chance.randint(6, 11):02d}:00",
            closes_at=f"{chance.randint(14, 23):02d}:30",
        )
        for one in services
        if chance.random() < 0.9
    )
