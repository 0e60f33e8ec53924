"""A row as the schemas of HSDS take it, whatever somebody wrote into it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from amanat.directory.models import Funding, Organization, Phone, Schedule, Service, ServiceArea, TaxonomyTerm
from amanat.directory.serializing import plain

pytestmark = [pytest.mark.sqlcipher_only]  # no database is asked


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("https://example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        (" www.example.org/a ", "https://www.example.org/a"),
        (
            "https://пример.example/дети",
            "https://%D0%BF%D1%80%D0%B8%D0%BC%D0%B5%D1%80.example/%D0%B4%D0%B5%D1%82%D0%B8",
        ),
        ("tel:+99312000000", "tel:+99312000000"),
        ("urn:example:a", "urn:example:a"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("https://desk:secret@example.org", None),
        ("https://example.org/%zz", None),
        ("ask at the desk", None),
        ("https://", None),
        ("", None),
    ],
)
def test_an_address_of_the_web_is_one_or_is_not_told(written: str, told: str | None) -> None:
    assert plain("organizations", Organization(name="House", website=written)).get("website") == told


@pytest.mark.parametrize(
    ("written", "told"),
    [("desk@example.org", "desk@example.org"), ("дом@example.org", None), ("desk at example", None), ("", None)],
)
def test_an_address_for_letters_is_one_or_is_not_told(written: str, told: str | None) -> None:
    assert plain("organizations", Organization(name="House", email=written)).get("email") == told


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        (Phone(number="1", extension="0100"), "extension", 100),
        (Phone(number="1", extension="ask for Aylar"), "extension", None),
        (Schedule(timezone="5.5"), "timezone", 5.5),
        (Schedule(timezone="Asia/Ashgabat"), "timezone", None),
        (Service(minimum_age=6.0), "minimum_age", 6),
        (Service(minimum_age=float("nan")), "minimum_age", None),
        (Service(maximum_age=float("inf")), "maximum_age", None),
        (Service(maximum_age=0), "maximum_age", 0),
        (ServiceArea(uri="not an address"), "uri", "not an address"),
        (Funding(funded_by="a fund", source="where the row comes from"), "source", "a fund"),
        (TaxonomyTerm(taxonomy_name="Needs"), "taxonomy", "Needs"),
    ],
)
def test_a_column_says_what_its_schema_takes(row: Any, column: str, told: Any) -> None:
    tables = {Phone: "phones", Schedule: "schedules", Service: "services", ServiceArea: "service_areas"}
    tables |= {Funding: "funding", TaxonomyTerm: "taxonomy_terms"}
    assert plain(tables[type(row)], row).get(column) == told


def test_what_is_needed_is_there_and_what_is_empty_is_not() -> None:
    told = plain("organizations", Organization(name="House"))
    assert (told["name"], told["description"]) == ("House", "")
    assert told.keys() == {"id", "name", "description"}


def test_a_moment_is_told_in_utc() -> None:
    here = datetime(2026, 11, 1, 17, tzinfo=timezone(timedelta(hours=5)))
    assert plain("services", Service(last_modified=here))["last_modified"] == "2026-11-01T12:00:00.000Z"
    assert datetime.fromisoformat("2026-11-01T12:00:00.000Z") == here.astimezone(UTC)


def test_a_text_is_told_in_a_language_where_it_is_there() -> None:
    house = Organization(name="House", description="Warm", texts={"name": {"ru": "Дом"}})
    told = {language: plain("organizations", house, language) for language in (None, "ru", "tk")}
    assert [one["name"] for one in told.values()] == ["House", "Дом", "House"]
    assert told["ru"]["description"] == "Warm"
