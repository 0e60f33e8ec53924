"""What is not for everybody leaves by no address and no parameter: confidential locations, and what is withheld.

Sealing takes the words of a confidential location out of the clear rows (`directory/confidential.py`). Here they stand in them
all the same: the API does not rest on that alone.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from amanat.api.hsds.tests.conftest import Asker, content_of
from amanat.directory.models import (
    Accessibility,
    Address,
    Attribute,
    Contact,
    CostOption,
    Funding,
    Language,
    Location,
    Metadata,
    Organization,
    OrganizationIdentifier,
    Phone,
    Program,
    RequiredDocument,
    Schedule,
    Service,
    ServiceArea,
    ServiceAtLocation,
    Status,
    Taxonomy,
    TaxonomyTerm,
)
from amanat.directory.rows import Row

CANARY = "Zzq7 canary lane"
LISTS = ("services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms")


class Closed:
    """Rows that nobody outside may see: each says so, and none may be named by its id."""

    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.house = Organization.objects.create(name="House of Help", source=CANARY, given_id=CANARY)
        self.open = Service.objects.create(organization=self.house, name="Beds")
        self.office = Location.objects.create(name="Office", organization=self.house, latitude=37.9, longitude=58.4)
        Address.objects.create(location=self.office, address_1="Office street 1", postal_code="744000")
        Location.objects.create(name="Front desk", organization=self.house)
        self.offered = ServiceAtLocation.objects.create(service=self.open, location=self.office)
        self.term = TaxonomyTerm.objects.create(
            code="1", name="Shelter", taxonomy=Taxonomy.objects.create(name="Needs")
        )

    def add(self, model: type[Any], **columns: Any) -> Any:
        texts = {
            f.name: CANARY for f in model._meta.fields if f.get_internal_type() == "TextField" and f.name != "given_id"
        }
        row = model.objects.create(**(texts | columns))
        self.rows.append(row)
        return row

    def details(self, **of: Any) -> None:
        """All that can be told of one row, of those kinds that name it."""
        kinds = (Contact, Phone, Address, Schedule, Language, Accessibility, Funding, ServiceArea, RequiredDocument)
        for model in (*kinds, CostOption, OrganizationIdentifier):
            names = {field.name for field in model._meta.fields}
            if names >= of.keys():
                self.add(model, **of)
        (row,) = of.values()
        self.add(Attribute, link_id=row.pk, taxonomy_term=self.term)


def shelter(closed: Closed) -> None:
    """A confidential location of an open service, with all that names it, also what names an open row as well."""
    hidden = closed.add(Location, name=CANARY, is_confidential=True, organization=closed.house, latitude=1, longitude=1)
    there = closed.add(ServiceAtLocation, service=closed.open, location=hidden)
    closed.details(location=hidden)
    closed.details(service_at_location=there)
    for model in (Contact, Phone, Schedule):
        closed.add(model, location=hidden, service=closed.open)
        closed.add(model, service_at_location=there, service=closed.open)
    warden = closed.add(Contact, location=hidden, organization=closed.house)
    phone = closed.add(Phone, contact=warden, organization=closed.house, service=closed.open)
    closed.add(Language, phone=phone, service=closed.open)


def withheld_service(closed: Closed) -> None:
    """It, what tells of it, and the place that serves nothing else."""
    kept = closed.add(Service, name=CANARY, organization=closed.house, is_withheld=True)
    only = closed.add(Location, name=CANARY, organization=closed.house)
    closed.details(location=only)
    closed.details(service_at_location=closed.add(ServiceAtLocation, service=kept, location=only))
    closed.add(ServiceAtLocation, service=kept, location=closed.office)
    closed.details(service=kept)
    closed.add(Phone, service=kept, organization=closed.house)
    closed.add(Funding, service=kept, organization=closed.house)
    closed.add(Service, name=CANARY, organization=closed.house, status=Status.INACTIVE)
    closed.add(Service, name=CANARY, organization=closed.house, status=Status.DEFUNCT)


def withheld_organization(closed: Closed) -> None:
    """It and all that is its own; what is open names it no more."""
    kept = closed.add(Organization, name=CANARY, is_withheld=True)
    closed.details(organization=kept)
    program = closed.add(Program, name=CANARY, organization=kept)
    place = closed.add(Location, name=CANARY, organization=kept)
    closed.details(location=place)
    service = closed.add(Service, name=CANARY, organization=kept)
    closed.details(service=service)
    closed.add(ServiceAtLocation, service=service, location=closed.office)
    closed.add(ServiceAtLocation, service=closed.open, location=place)
    Organization.objects.filter(pk=closed.house.pk).update(parent_organization=kept)
    Service.objects.filter(pk=closed.open.pk).update(program=program)


def history(closed: Closed) -> None:
    """What stood in a row before."""
    for row in (closed.house, closed.open, closed.office, closed.offered, closed.term):
        closed.add(Metadata, resource_id=row.pk)


@pytest.fixture
def closed(db: None) -> Closed:
    made = Closed()
    for part in (shelter, withheld_service, withheld_organization, history):
        part(made)
    return made


def everything(ask: Asker, more: dict[str, list[str]]) -> str:
    """Every list, by each parameter of its own and by none, and each row of each list."""
    said = {
        **{key: ["true"] for key in ("full", "full_service", "minimal", "top_only")},
        "format": ["ndjson"],
        "search": [CANARY, "office", "shelter", "beds"],
        "modified_after": ["2000-01-01"],
        **more,
    }
    found = []
    for name in LISTS:
        answers = [ask.answer(f"/{name}")]
        for parameter, values in said.items():
            full = {} if parameter == "full" or not name.startswith(("services", "org")) else {"full": "true"}
            answers += [ask.answer(f"/{name}", **full, **{parameter: value}) for value in values]
        for row in ask(f"/{name}")["contents"]:
            full = {"full_service": "true"} if name == "organizations" else {}
            answers += [ask.answer(f"/{name}/{row['id']}", **full)]
        assert {answer.status_code for answer in answers} <= {200, 400}
        found += [content_of(answer).decode() for answer in answers if answer.status_code == 200]
    return "\n".join(found)


def test_no_address_and_no_parameter_lets_out_what_is_closed(
    ask: Asker, closed: Closed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("amanat.api.hsds.door.OFTEN", (10_000, 60))
    monkeypatch.setattr("amanat.api.hsds.door.WHOLE", (10_000, 60))
    assert len(closed.rows) > 60
    more = {
        "organization_id": [str(row.pk) for row in closed.rows if isinstance(row, Organization)],
        "taxonomy_term_id": [str(closed.term.pk)],
        "taxonomy_id": [str(closed.term.taxonomy_id)],
        "postcode": ["744000", CANARY],
    }
    told = everything(ask, more)
    for seen in ("Beds", "Front desk", "Office street 1", "House of Help", str(closed.offered.pk)):
        assert seen in told
    assert CANARY not in told
    for row in closed.rows:
        assert str(row.pk) not in told, row


def test_a_closed_row_is_like_one_that_there_never_was(ask: Asker, closed: Closed) -> None:
    models = {"services": Service, "organizations": Organization, "service_at_locations": ServiceAtLocation}
    for table, model in models.items():
        ours = [row for row in closed.rows if type(row) is model]
        assert ours
        for row in ours:
            assert ask(f"/{table}/{row.pk}", 404) == {"error": "There is no such entry here."}


def test_a_place_that_nobody_may_know_is_no_point_to_measure_from(ask: Asker, closed: Closed) -> None:
    assert "error" in ask("/service_at_locations", 400, postcode=CANARY, proximity="1000000")
    near = ask("/service_at_locations", postcode="744000", proximity="1000000")["contents"]
    assert [row["id"] for row in near] == [str(closed.offered.pk)]


def test_it_is_open_again_when_nothing_is_withheld(ask: Asker, closed: Closed) -> None:
    """So that the others mean something: the same rows leave once they may."""
    Location.objects.update(is_confidential=False)
    for model in (Organization, Service):
        model.objects.update(is_withheld=False)
    Service.objects.update(status=Status.ACTIVE)
    told = json.dumps([ask(f"/{name}", full="true", full_service="true") for name in ("organizations",)])
    told += json.dumps(ask("/services", full="true"))
    unseen = [row for row in closed.rows if str(row.pk) not in told]
    assert {type(row) for row in unseen} == {Metadata}
