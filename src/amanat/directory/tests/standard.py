"""The official example of HSDS 3.0, read from beside the project and never copied into it; and small packages of our own."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import datetime

from amanat.access.actor import Actor
from amanat.directory.actions import taking_in
from amanat.packs.hsds import TABLES
from amanat.packs.tests.standards import SHARED, needed
from amanat.people.models import Membership
from amanat.vault.uploads import SealedUpload

HSDS = SHARED / "standards" / "hsds-3"
Told = dict[str, list[dict[str, str]]]
# Rows that the example names and does not have.
MISSING: Mapping[str, list[dict[str, str]]] = {
    "organizations": [
        {"id": "cd09a387-91f4-4555-94ec-e799c35344cd", "name": "Above", "description": "-"},
        {"id": "985e4a42-bd9f-4edc-911d-0243a4640aca", "name": "Of the house", "description": "-"},
        {"id": "ae67a707-5893-4225-b0b1-320ab9cb596b", "name": "Of the contact", "description": "-"},
    ],
    "service_at_location": [
        {
            "id": "93eaf18d-1cd2-4ec7-bffb-3c9172ee5070",
            "service_id": "ac148810-d857-441c-9679-408f346de14b",
            "location_id": "3a19ff88-4620-4d17-9830-ac1d859eb5d5",
        }
    ],
    "taxonomy_terms": [{"id": "0bc248fa-dc27-4650-9ba4-8f1a24ef16a2", "name": "Above", "description": "-"}],
    "taxonomies": [{"id": "07ff6aee-a219-438c-b694-d2fcb6c5373b", "name": "Of the term", "description": "-"}],
}


def example() -> Told:
    """The tables of the standard's own package, without the spaces around its cells."""
    found: Told = {}
    for table in TABLES:
        with needed(HSDS / "examples" / "csv" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            found[table] = [{name: text.strip() for name, text in row.items()} for row in csv.DictReader(file)]
    return found


def mended() -> Told:
    """The same, with what it names."""
    return {table: [*rows, *MISSING.get(table, [])] for table, rows in example().items()}


def zipped(tables: Mapping[str, Iterable[Mapping[str, str]] | str], **others: str) -> bytes:
    """A package of tables, each as rows or as it stands in its file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for table, rows in tables.items():
            archive.writestr(f"data/{table}.csv", rows if isinstance(rows, str) else written(list(rows)))
        for name, text in others.items():
            archive.writestr(f"data/{name}", text)
    return out.getvalue()


def written(rows: list[Mapping[str, str]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(dict.fromkeys(name for row in rows for name in row)))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def unzipped(content: bytes) -> Told:
    """The tables of a package."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if name.endswith(".csv")]
        return {name.removesuffix(".csv"): _rows(archive.read(name).decode()) for name in names}


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


SHELTER: Mapping[str, list[dict[str, str]]] = {
    "organizations": [
        {"id": "house", "name": "Harbour House", "name::ru": "Дом у гавани", "description": "Helps children"}
    ],
    "services": [
        {
            "id": "beds",
            "organization_id": "house",
            "name": "Night beds",
            "status": "active",
            "minimum_age": "6",
            "amanat::needs": "shelter food_clothing",
            "amanat::sex": "girls",
            "amanat::free_places": "3",
        }
    ],
    "locations": [
        {
            "id": "villa",
            "location_type": "physical",
            "organization_id": "house",
            "name": "CANARY villa",
            "description": "CANARY behind the mill",
            "transportation": "CANARY bus 7",
            "latitude": "37.123",
            "longitude": "58.321",
            "external_identifier": "CANARY-9",
            "amanat::region": "abroad",
            "amanat::confidential": "yes",
        }
    ],
    "service_at_location": [
        {"id": "there", "service_id": "beds", "location_id": "villa", "description": "CANARY ring twice"}
    ],
    "addresses": [
        {
            "id": "street",
            "location_id": "villa",
            "address_1": "CANARY street 4",
            "city": "CANARY town",
            "state_province": "-",
            "postal_code": "-",
            "country": "TM",
            "address_type": "physical",
        }
    ],
    "contacts": [{"id": "keeper", "service_at_location_id": "there", "name": "CANARY keeper"}],
    "phones": [
        {"id": "door", "contact_id": "keeper", "number": "+993 12 111111 CANARY"},
        {"id": "line", "service_id": "beds", "number": "+993 12 222222"},
    ],
    "languages": [
        {"id": "spoken", "phone_id": "door", "name": "CANARY Turkmen", "code": "tk"},
        {"id": "offered", "service_id": "beds", "name": "Turkmen", "code": "tk"},
    ],
    "schedules": [
        {
            "id": "nights",
            "service_at_location_id": "there",
            "freq": "WEEKLY",
            "byday": "MO",
            "opens_at": "18:00",
            "notes": "CANARY by the back gate",
        }
    ],
    "accessibility": [{"id": "steps", "location_id": "villa", "description": "CANARY three steps"}],
    "taxonomies": [{"id": "kinds", "name": "Kinds", "description": "Kinds of help"}],
    "taxonomy_terms": [{"id": "safe", "taxonomy_id": "kinds", "name": "Safe house", "description": "Safe house"}],
    "attributes": [
        {
            "id": "kind",
            "link_entity": "location",
            "link_id": "villa",
            "taxonomy_term_id": "safe",
            "value": "CANARY kind",
        },
        {"id": "other", "link_entity": "service", "link_id": "beds", "taxonomy_term_id": "safe"},
    ],
    "metadata": [
        {
            "id": "moved",
            "resource_type": "address",
            "resource_id": "street",
            "last_action_date": "2026-01-02",
            "last_action_type": "update",
            "field_name": "address_1",
            "previous_value": "CANARY old street",
            "replacement_value": "CANARY street 4",
            "updated_by": "house",
        }
    ],
}
"""A shelter that nobody may find, as somebody brings it: every word that tells where it is has CANARY in it."""


def waits(membership: Membership, now: datetime) -> None:
    """Somebody brought a package in which much is new, and did not take it yet."""
    houses = [{"id": f"house{place}", "name": f"Harbour House {place}", "description": "-"} for place in range(60)]
    content = zipped({**SHELTER, "organizations": [*SHELTER["organizations"], *houses]})
    actor = Actor.of(membership, now, proved_at=now, second_factor=True)
    taking_in.bring(file=SealedUpload.of(content, "houses.zip"), publisher="Open Data", actor=actor)
