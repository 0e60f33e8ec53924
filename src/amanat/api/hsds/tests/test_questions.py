"""What can be asked of the read API: words, ids, days, places; pages and lines; and what is said to a question that can't be read."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from amanat.api.hsds import answers
from amanat.api.hsds.tests.conftest import Asker, content_of
from amanat.api.hsds.tests.standard import faults
from amanat.directory.models import (
    Address,
    Attribute,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    Taxonomy,
    TaxonomyTerm,
)
from amanat.directory.tests.made import service


@pytest.fixture
def three(db: None) -> dict[str, Service]:
    """Three services, each of its own organisation."""
    return {
        "beds": service("Night beds", description="A warm house", texts={"name": {"ru": "Ночлег"}}),
        "law": service("Çaryýewa Legal Aid", last_modified=datetime(2026, 11, 1, 12, tzinfo=UTC)),
        "talk": service("Somebody to talk to", alternate_name="Helpline", confirmed_on=date(2026, 11, 20)),
    }


def put(one: Service, latitude: float, longitude: float, postcode: str) -> ServiceAtLocation:
    location = Location.objects.create(name=f"House of {one.name}", latitude=latitude, longitude=longitude)
    Address.objects.create(location=location, address_1="1", city="Gulabad", postal_code=postcode, country="XX")
    return ServiceAtLocation.objects.create(service=one, location=location)


# --- words ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "met"),
    [
        ("NIGHT", {"Night beds"}),
        ("warm beds", {"Night beds"}),
        ("ночлег", {"Night beds"}),
        ("Чарыева", {"Çaryýewa Legal Aid"}),
        ("caryyewa", {"Çaryýewa Legal Aid"}),
        ("helpl", {"Somebody to talk to"}),
        ("warm law", set()),
        ("%", {"Night beds", "Çaryýewa Legal Aid", "Somebody to talk to"}),  # no letter: nothing is asked
    ],
)
def test_words_are_found_in_any_script_whole_or_in_part(
    ask: Asker, three: dict[str, Service], words: str, met: set[str]
) -> None:
    assert ask.names("/services", search=words) == met


def test_words_of_a_service_at_a_location_are_its_own_its_services_and_its_locations(
    ask: Asker, three: dict[str, Service]
) -> None:
    put(three["beds"], 37.9, 58.4, "744000")
    put(three["law"], 37.9, 58.4, "744000")
    assert ask.names("/service_at_locations", search="house night") == {"Night beds"}
    assert ask.names("/organizations", search="organisation of somebody") == {"Organisation of Somebody to talk to"}


# --- ids and days --------------------------------------------------------------------------------------------------------


def test_services_of_one_organisation(ask: Asker, three: dict[str, Service]) -> None:
    put(three["law"], 37.9, 58.4, "744000")
    wanted = str(three["law"].organization_id)
    for path in ("/services", "/service_at_locations"):
        assert ask.names(path, organization_id=wanted) == {"Çaryýewa Legal Aid"}
    assert ask("/services", organization_id=str(uuid4()))["empty"] is True


def test_services_under_a_term_and_under_any_of_a_taxonomy(ask: Asker, three: dict[str, Service]) -> None:
    needs = Taxonomy.objects.create(name="Needs")
    above = TaxonomyTerm.objects.create(code="1", name="Shelter", taxonomy=needs)
    below = TaxonomyTerm.objects.create(code="2", name="Night shelter", taxonomy=needs, parent=above)
    other = TaxonomyTerm.objects.create(code="3", name="By telephone")
    offered = put(three["law"], 37.9, 58.4, "744000")
    for of, term in ((three["beds"].pk, below), (offered.pk, above), (three["talk"].pk, other)):
        Attribute.objects.create(link_id=of, link_entity="any", taxonomy_term=term)

    assert ask.names("/services", taxonomy_term_id=str(below.pk)) == {"Night beds"}
    assert ask.names("/services", taxonomy_id=str(needs.pk)) == {"Night beds"}
    assert ask.names("/service_at_locations", taxonomy_id=str(needs.pk)) == {"Çaryýewa Legal Aid"}
    assert ask.names("/taxonomy_terms", parent_id=str(above.pk)) == {"Night shelter"}
    assert ask.names("/taxonomy_terms", top_only="true") == {"Shelter", "By telephone"}
    assert ask.names("/taxonomy_terms", top_only="false", taxonomy_id=str(needs.pk)) == {"Shelter", "Night shelter"}
    (term,) = ask("/taxonomy_terms", search="night")["contents"]
    assert term["taxonomy_detail"]["name"] == "Needs"


@pytest.mark.parametrize(
    ("moment", "met"),
    [
        ("2026-11-01T12:00:00Z", True),
        ("2026-11-01T12:00:01Z", False),
        ("2026-11-01T16:59:00+05:00", True),
        ("2026-11-01T17:01:00+05:00", False),
        ("2026-11-01T11:59:00.5", True),
        ("2026-11-01", True),
        ("2026-11-02", False),
    ],
)
def test_services_that_changed_at_a_moment_or_after(
    ask: Asker, three: dict[str, Service], moment: str, met: bool
) -> None:
    for told in {moment, moment.replace("+", " ")}:  # uncoded, a plus sign arrives as a space
        assert ask.names("/services", modified_after=told) == ({"Çaryýewa Legal Aid"} if met else set())


def test_a_service_was_assured_when_it_was_last_confirmed(ask: Asker, three: dict[str, Service]) -> None:
    assert ask(f"/services/{three['talk'].pk}")["assured_date"] == "2026-11-20"
    Service.objects.update(assured_date=date(2026, 11, 22))
    assert ask(f"/services/{three['talk'].pk}")["assured_date"] == "2026-11-22"
    assert "assured_date" not in ask.lines("/services", minimal="true")[0]


# --- places --------------------------------------------------------------------------------------------------------------


def test_places_by_postcode_and_around_the_middle_of_it(ask: Asker, three: dict[str, Service]) -> None:
    put(three["beds"], 37.90, 58.40, "GA 74-40")
    put(three["law"], 37.91, 58.40, "ga7441")
    put(three["talk"], 39.00, 58.40, "")
    assert ask.names("/service_at_locations", postcode="ga7440") == {"Night beds"}
    around = {metres: ask.names("/service_at_locations", postcode="GA7440", proximity=metres) for metres in (0, 2000)}
    assert around == {0: {"Night beds"}, 2000: {"Night beds", "Çaryýewa Legal Aid"}}
    both = ask.names("/service_at_locations", postcode="GA7440", proximity=2000, search="legal")
    assert both == {"Çaryýewa Legal Aid"}
    unknown = ask("/service_at_locations", 400, postcode="GA9", proximity=2000)
    assert unknown == {
        "error": "Where this postcode is, is not known here. Ask without “proximity”.",
        "parameter": "postcode",
    }


# --- pages and lines -----------------------------------------------------------------------------------------------------


def test_pages_say_where_they_stand(ask: Asker, three: dict[str, Service]) -> None:
    first, second, beyond = (ask("/services", per_page=2, page=page) for page in (1, 2, 900_000_000))
    assert [row["id"] for page in (first, second) for row in page.pop("contents")] == sorted(
        str(one.pk) for one in three.values()
    )
    all_of_them = {"total_items": 3, "total_pages": 2, "empty": False}
    assert first == all_of_them | {"page_number": 1, "size": 2, "first_page": True, "last_page": False}
    assert second == all_of_them | {"page_number": 2, "size": 1, "first_page": False, "last_page": True}
    assert (beyond["contents"], beyond["empty"], beyond["last_page"]) == ([], True, True)
    nothing = ask("/taxonomies")
    assert (nothing["total_items"], nothing["total_pages"], nothing["empty"]) == (0, 0, True)


@pytest.mark.parametrize("more", [{}, {"search": "a"}])
def test_lines_hold_all_without_pages(
    ask: Asker, three: dict[str, Service], monkeypatch: pytest.MonkeyPatch, more: dict[str, str]
) -> None:
    monkeypatch.setattr(answers, "AT_ONCE", 2)
    for path in ("/services", "/organizations"):
        assert ask.lines(path, per_page=1, **more) == ask(path, **more)["contents"]
    answer = ask.answer("/services", format="ndjson")
    assert answer["Content-Type"] == "application/x-ndjson"
    assert len(content_of(answer).splitlines()) == 3


def test_a_minimal_answer_is_one_page_and_still_what_its_schema_says(ask: Asker) -> None:
    house = Organization.objects.create(name="House")
    modified = datetime(2026, 11, 1, 12, tzinfo=UTC)
    Service.objects.bulk_create(Service(organization=house, name=f"{n}", last_modified=modified) for n in range(101))
    answer = ask("/services", minimal="true")
    assert (answer["size"], answer["last_page"]) == (101, True)
    row = answer["contents"][0]
    assert row.keys() == {"id", "name", "status", "last_modified", "modified_date"}
    assert row["modified_date"] == "2026-11-01T12:00:00.000Z"
    assert faults("service_list", row, strict=False) == []
    assert ask("/services", minimal="true", per_page=2)["size"] == 2


def test_texts_are_told_in_the_language_that_is_asked_for(ask: Asker, three: dict[str, Service]) -> None:
    path = f"/services/{three['beds'].pk}"
    told = {language: ask.answer(path, {"Accept-Language": language}) for language in ("ru", "tk", "en")}
    assert {language: answer.json()["name"] for language, answer in told.items()} == {
        "ru": "Ночлег",
        "tk": "Night beds",
        "en": "Night beds",
    }
    assert told["ru"]["Content-Language"] == "ru"
    assert "Accept-Language" in told["ru"]["Vary"]
    (line,) = content_of(
        ask.answer("/services", {"Accept-Language": "ru"}, search="night", format="ndjson")
    ).splitlines()
    assert "Ночлег" in line.decode()


# --- what can't be read --------------------------------------------------------------------------------------------------


@pytest.mark.sqlcipher_only
@pytest.mark.parametrize(
    ("parameters", "wrong"),
    [
        ({"page": "0"}, "page"),
        ({"page": "-1"}, "page"),
        ({"page": "two"}, "page"),
        ({"page": "٣"}, "page"),
        ({"page": "9" * 4000}, "page"),
        ({"per_page": "101"}, "per_page"),
        ({"format": "xml"}, "format"),
        ({"full": "yes"}, "full"),
        ({"minimal": ""}, "minimal"),
        ({"organization_id": "1"}, "organization_id"),
        ({"taxonomy_id": "{" + str(uuid4())[1:]}, "taxonomy_id"),
        ({"modified_after": "yesterday"}, "modified_after"),
        ({"modified_after": "2026-02-30"}, "modified_after"),
        ({"modified_after": "0001-01-01T00:00:00+05:00"}, "modified_after"),
        ({"search": "a" * 201}, "search"),
        ({"page": ["1", "2"]}, "page"),
        ({"postcode": "744000"}, ""),
        ({"\x00<script>": "1"}, ""),
    ],
)
def test_what_cannot_be_read_is_said_in_a_sentence(ask: Asker, parameters: dict[str, Any], wrong: str) -> None:
    answer = ask("/services", 400, **parameters)
    assert answer.get("parameter", "") == wrong
    assert answer["error"].endswith(".")


@pytest.mark.sqlcipher_only
@pytest.mark.parametrize(
    ("parameters", "wrong"),
    [
        ({"proximity": "100"}, "proximity"),
        ({"postcode": "1", "proximity": "-1"}, "proximity"),
        ({"postcode": "1", "proximity": "nan"}, "proximity"),
        ({"postcode": "1", "proximity": "1000001"}, "proximity"),
        ({"postcode": "%"}, "postcode"),
    ],
)
def test_a_place_that_cannot_be_read(ask: Asker, parameters: dict[str, str], wrong: str) -> None:
    assert ask("/service_at_locations", 400, **parameters)["parameter"] == wrong


def test_a_letter_that_no_database_holds_parts_words(ask: Asker, three: dict[str, Service]) -> None:
    assert ask.names("/services", search="night\x00beds") == {"Night beds"}
    assert ask.names("/service_at_locations", postcode="1\x00") == set()
