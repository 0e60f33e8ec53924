"""Packages of HSDS 3.0: the standard's own in and out as it was, every fault with its place, nothing lost and nothing doubled."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from amanat.directory import bringing, models
from amanat.directory.actions import taking_in
from amanat.directory.bringing import waiting_of
from amanat.directory.packages.cells import MODELS
from amanat.directory.packages.writing import nested, tabular
from amanat.directory.serializing import field_of
from amanat.directory.tests.standard import HSDS, MISSING, SHELTER, example, mended, unzipped, zipped
from amanat.packs.hsds import TABLES
from amanat.packs.tests.standards import needed
from amanat.vault.models import Subject, SubjectKind
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import Cast

Bring = Callable[..., dict[str, Any]]
Take = Callable[..., int]


def out() -> dict[str, list[dict[str, str]]]:
    return unzipped(b"".join(tabular(withheld=False)))


def test_the_standards_own_package_comes_back_as_it_went(take: Take) -> None:
    told = mended()
    assert take(zipped(told)) == sum(map(len, told.values()))
    came = out()
    for table, rows in told.items():
        back = {row["id"]: row for row in came[table]}
        for row in rows:
            assert {name: back[row["id"]][name] for name in row} == row, table


def test_taken_a_second_time_it_changes_nothing(take: Take) -> None:
    take(zipped(mended()))
    before = out()
    assert take(zipped(mended())) == 0
    assert take(b"".join(tabular(withheld=False))) == 0
    assert out() == before


def test_each_link_of_the_standards_package_that_leads_nowhere_is_named(bring: Bring) -> None:
    about = bring(zipped(example()))
    told = {(fault.file, fault.where, fault.what) for fault in about["faults"]}
    assert told == {
        ("organizations.csv", "row 2, column parent_organization_id", f"organizations.csv has no row {_id('organizations', 0)}."),
        ("locations.csv", "row 2, column organization_id", f"organizations.csv has no row {_id('organizations', 1)}."),
        ("contacts.csv", "row 2, column organization_id", f"organizations.csv has no row {_id('organizations', 2)}."),
        ("contacts.csv", "row 2, column service_at_location_id", f"service_at_location.csv has no row {_id('service_at_location', 0)}."),
        ("taxonomy_terms.csv", "row 2, column parent_id", f"taxonomy_terms.csv has no row {_id('taxonomy_terms', 0)}."),
        ("taxonomy_terms.csv", "row 2, column taxonomy_id", f"taxonomies.csv has no row {_id('taxonomies', 0)}."),
    }  # fmt: skip
    assert not models.Organization.objects.exists()


def _id(table: str, place: int) -> str:
    return MISSING[table][place]["id"]


@pytest.mark.sqlcipher_only
def test_a_package_with_faults_can_t_be_taken(bring: Bring, cast: Cast) -> None:
    bring(zipped(example()))
    package = waiting_of(cast.actor("irina"))
    assert package
    with pytest.raises(PersonFacingError, match="has faults"):
        taking_in.take(package, actor=cast.actor("irina"))
    assert waiting_of(cast.actor("irina"))


@pytest.mark.sqlcipher_only
@pytest.mark.parametrize(
    ("table", "change", "where", "what"),
    [
        ("services", {"organization_id": "nowhere"}, "row 2, column organization_id", "organizations.csv has no row nowhere."),
        ("services", {"status": "open"}, "row 2, column status", "open is no value of this column."),
        ("services", {"minimum_age": "9" * 16}, "row 2, column minimum_age", "no value of this column."),
        ("services", {"last_modified": "2026-01-01T25:00:00"}, "row 2, column last_modified", "no value of this column."),
        ("services", {"name": "n" * 501}, "row 2, column name", "no value of this column."),
        ("services", {"amanat::needs": "shelter gold"}, "row 2, column amanat::needs", "gold is no value of this column."),
        ("locations", {"amanat::region": "moon"}, "row 2, column amanat::region", "moon is no value of this column."),
        ("organizations", {"parent_organization_id": "house"}, "row 2, column parent_organization_id", "in a circle: house → house."),
        ("taxonomy_terms", {"parent_id": "safe"}, "row 2, column parent_id", "in a circle: safe → safe."),
        ("attributes", {"link_id": "gone"}, "row 2, column link_id", "locations.csv has no row gone."),
    ],
)  # fmt: skip
def test_each_fault_has_its_place(bring: Bring, table: str, change: dict[str, str], where: str, what: str) -> None:
    first, *others = SHELTER[table]
    found = bring(zipped({**SHELTER, table: [first | change, *others]}))["faults"]
    assert [(fault.file, fault.where) for fault in found if what in fault.what] == [(f"{table}.csv", where)]


def test_half_a_circle_may_be_here(take: Take, bring: Bring) -> None:
    above = {"id": "city", "name": "City", "description": "-", "parent_organization_id": "house"}
    take(zipped({"organizations": [{"id": "house", "name": "House", "description": "-"}, above]}))
    house = {"id": "house", "name": "House", "description": "-", "parent_organization_id": "city"}
    (fault,) = bring(zipped({"organizations": [house]}))["faults"]
    city = models.Organization.objects.get(name="City").pk
    assert fault.what == f"These stand above each other in a circle: house → {city} → house."


@pytest.mark.sqlcipher_only
@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\3\4 broken", "This is no .zip, or it is damaged."),
        (b"{not json", "This is neither a .zip nor JSON, or it is damaged."),
        (b"[" * 5_000, "This is neither a .zip nor JSON, or it is damaged."),
        (b"[]", "Nothing of HSDS 3.0 stands in this file."),
        (b"[1]", "This is no object."),
        (zipped({"organizations": "id,name\na,b,c"}), "The row has more cells than there are columns."),
    ],
)  # fmt: skip
def test_what_is_no_package_is_told(bring: Bring, content: bytes, what: str) -> None:
    assert what in [fault.what for fault in bring(content)["faults"]]


@pytest.mark.sqlcipher_only
def test_what_nobody_reads_is_told_and_left_out(take: Take, bring: Bring) -> None:
    told = {
        "organizations": [{"id": "house", "name": "House", "description": "-", "shoe_size": "44"}],
        "shops": [{"id": "1"}],
    }
    about = bring(zipped(told, **{"datapackage.json": "{}", "read me.txt": "hello"}))
    assert [(one.file, one.where) for one in about["left_out"]] == [
        ("data/read me.txt", ""),
        ("data/shops.csv", ""),
        ("organizations.csv", "row 1, column shoe_size"),
    ]
    assert take(zipped(told)) == 1


@pytest.mark.sqlcipher_only
def test_a_row_that_says_little_is_taken_and_comes_back(take: Take) -> None:
    address = {"id": "gate", "location_id": "villa", "city": "Town", "address_type": "physical"}
    told = {
        **SHELTER,
        "locations": [{"id": "villa", "location_type": "physical", "name": "Villa"}],
        "addresses": [address],
    }
    take(zipped({**told, "organizations": [{"id": "house", "name": "Harbour House"}]}))
    assert take(b"".join(tabular(withheld=True))) == 0
    assert out()["addresses"][0]["city"] == "Town"


@pytest.mark.sqlcipher_only
def test_a_package_that_is_too_large_is_told(bring: Bring, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("amanat.directory.bringing.MOST_ROWS", 3)
    assert [fault.what for fault in bring(zipped(SHELTER))["faults"]] == ["These are too many rows."]
    monkeypatch.setattr("amanat.packs.bundles.MOST_BYTES", 100)
    assert "at most" in bring(zipped(SHELTER))["faults"][0].what
    monkeypatch.setattr("amanat.directory.actions.taking_in.MOST_ZIPPED", 10)
    with pytest.raises(PersonFacingError, match="is larger than"):
        bring(zipped(SHELTER))
    with pytest.raises(PersonFacingError, match="is empty"):
        bring(b"")


def test_ids_that_are_no_uuids_are_their_publishers(take: Take) -> None:
    one = {"organizations": [{"id": "1", "name": "One", "description": "-"}]}
    other = {"organizations": [{"id": "1", "name": "Other", "description": "-"}]}
    take(zipped(one), publisher="City")
    take(zipped(other), publisher="Country")
    take(zipped({"organizations": [{"id": "1", "name": "One, renamed", "description": "-"}]}), publisher=" city ")
    rows = models.Organization.objects.order_by("name")
    assert [(row.name, row.given_id, row.source) for row in rows] == [
        ("One, renamed", "1", "City"),
        ("Other", "1", "Country"),
    ]


@pytest.mark.sqlcipher_only
def test_the_page_says_what_is_new_what_changes_and_what_is_there_no_more(take: Take, bring: Bring) -> None:
    take(zipped(SHELTER))
    beds = SHELTER["services"][0] | {"minimum_age": "8", "amanat::needs": "shelter"}
    more = {"id": "talks", "organization_id": "house", "name": "Talks", "status": "active"}
    about = bring(zipped({"organizations": SHELTER["organizations"], "services": [beds, more]}))
    assert about["counts"] == [["services", 1, 1]]
    assert about["changes"] == [
        {
            "table": "services",
            "name": "Night beds",
            "new": False,
            "columns": [["minimum_age", "6", "8"], ["needs", "food_clothing shelter", "shelter"]],
        },
        {"table": "services", "name": "Talks", "new": True, "columns": []},
    ]
    assert bring(zipped({"organizations": SHELTER["organizations"]}))["missing"] == ["Night beds"]
    assert models.Service.objects.get().minimum_age == 6


@pytest.mark.sqlcipher_only
def test_texts_marks_and_what_is_ours_are_taken(take: Take) -> None:
    take(zipped(SHELTER))
    house, beds = models.Organization.objects.get(), models.Service.objects.get()
    assert (house.label.text("ru"), house.label.text("en"), house.verified) == ("Дом у гавани", "Harbour House", False)
    assert (beds.sex, beds.free_places, sorted(beds.needs.values_list("code", flat=True))) == (
        "girls",
        3,
        ["food_clothing", "shelter"],
    )


def test_what_an_agency_keeps_itself_stays_as_it_is(take: Take, bring: Bring, cast: Cast) -> None:
    take(zipped(SHELTER))
    models.Organization.objects.update(agency=cast["jemal"].agency)
    told = {
        **SHELTER,
        "organizations": [SHELTER["organizations"][0] | {"name": "Taken over"}, {"id": "new", "name": "New", "description": "-"}],
        "services": [SHELTER["services"][0] | {"name": "False beds", "organization_id": "new"}],
        "languages": [],
        "phones": [{"id": "false", "service_id": "beds", "number": "+1 666"}, {"id": "own", "organization_id": "new", "number": "1"}],
    }  # fmt: skip
    assert bring(zipped(told))["own"] == ["False beds", "Taken over", "villa"]
    take(zipped(told))
    assert sorted(models.Organization.objects.values_list("name", flat=True)) == ["Harbour House", "New"]
    assert models.Service.objects.get().name == "Night beds"
    assert sorted(models.Phone.objects.values_list("number", flat=True)) == ["+993 12 222222", "1"]


@pytest.mark.sqlcipher_only
def test_json_of_the_standard_is_taken_apart_and_comes_back_in_its_columns(take: Take) -> None:
    for name in ("organization_full", "service_full"):
        told = json.loads(needed(HSDS / "examples" / f"{name}.json").read_bytes(), object_hook=_without_parents)
        take(json.dumps(told).encode(), name=f"{name}.json")
    assert models.Service.objects.get().name == "Community Counselling"
    assert models.Phone.objects.get().languages.get().code == "ur"
    (told,) = json.loads(b"".join(nested(withheld=False)))
    (service,) = told["services"]
    assert service["service_at_locations"][0]["location"]["addresses"][0]["city"] == "MyCity"
    assert take(json.dumps([told]).encode(), name="back.json") == 0


def _without_parents(told: dict[str, Any]) -> dict[str, Any]:
    """The example names rows above others, and does not have them."""
    return {name: value for name, value in told.items() if name not in ("parent_organization_id", "parent_id")}


@pytest.mark.sqlcipher_only
def test_tables_in_one_json_are_read_as_tables(bring: Bring) -> None:
    told = json.loads(needed(HSDS / "examples" / "tabular.json").read_bytes())
    about = bring(json.dumps(told).encode(), name="tabular.json")
    assert len(about["faults"]) == 6
    assert ("contacts.csv", "contacts.csv[0].organization_id") in [(one.file, one.where) for one in about["faults"]]


def test_the_seeds_of_the_pack_come_as_a_package_and_come_once(cast: Cast, settings: Any) -> None:
    irina = cast.actor("irina")
    settings.AMANAT_PACKS = [settings.SHIPPED_PACKS / "core", settings.SHIPPED_PACKS / "moldova"]
    for expected in (True, False):
        taking_in.bring_seeds(actor=irina)
        package = waiting_of(irina)
        assert package
        assert (taking_in.take(package, actor=irina) > 0) is expected
    assert models.Organization.objects.count() == 6
    unit = models.Organization.objects.get(name="National Coordination Unit")
    assert (unit.verified, unit.label_of("source").text("ro")) == (True, "Hotărârea Guvernului 898/2015")


@pytest.mark.sqlcipher_only
def test_only_who_looks_after_the_directory_takes_in_and_out(bring: Bring, cast: Cast) -> None:
    for name in ("jemal", "aman", "kerim"):
        with pytest.raises(Refused):
            bring(zipped(SHELTER), by=name)
        with pytest.raises(Refused):
            taking_in.export("zip", actor=cast.actor(name))
    bring(zipped(SHELTER), by="viktor")
    taking_in.export("zip", actor=cast.actor("viktor"))
    assert waiting_of(cast.actor("irina")) is None


@pytest.mark.sqlcipher_only
def test_a_package_is_gone_with_its_key_once_it_was_thrown_away_or_taken(bring: Bring, take: Take, cast: Cast) -> None:
    take(zipped(SHELTER))
    bring(zipped(SHELTER))
    bring(zipped(SHELTER))
    package = waiting_of(cast.actor("irina"))
    assert package
    taking_in.discard(package, actor=cast.actor("irina"))
    assert not Subject.objects.filter(kind=SubjectKind.IMPORT).exists()
    for act in (taking_in.discard, taking_in.take):
        with pytest.raises(PersonFacingError, match="does not wait any more"):
            act(package, actor=cast.actor("irina"))


@pytest.mark.sqlcipher_only
def test_each_column_of_the_standard_has_its_field() -> None:
    assert set(MODELS) == set(TABLES)
    for table, columns in TABLES.items():
        fields = {field.attname for field in MODELS[table]._meta.concrete_fields}
        assert {field_of(table, column) for column in columns} <= fields, table
    official = json.loads(needed(HSDS / "datapackage.json").read_bytes())["resources"]
    told = {one["path"].removesuffix(".csv"): [field["name"] for field in one["schema"]["fields"]] for one in official}
    assert told == {table: list(columns) for table, columns in TABLES.items()}


@pytest.mark.sqlcipher_only
def test_the_datapackage_describes_what_lies_beside_it(take: Take) -> None:
    take(zipped(SHELTER))
    content = io.BytesIO(b"".join(tabular(withheld=False)))
    with zipfile.ZipFile(content) as archive:
        about = json.loads(archive.read("datapackage.json"))
        for resource in about["resources"]:
            heading = archive.read(resource["path"]).decode().splitlines()[0]
            assert heading.split(",") == [field["name"] for field in resource["schema"]["fields"]]
        assert {one["path"] for one in about["resources"]} | {"datapackage.json"} == set(archive.namelist())


@pytest.mark.sqlcipher_only
def test_upload_of_somebody_else_stays_theirs(bring: Bring, cast: Cast) -> None:
    bring(zipped(SHELTER))
    package = waiting_of(cast.actor("irina"))
    assert package
    with pytest.raises(PersonFacingError, match="does not wait any more"):
        taking_in.take(package, actor=cast.actor("viktor"))


@pytest.mark.sqlcipher_only
def test_free_places_are_also_told_as_the_next_version_of_the_standard_does(take: Take) -> None:
    beds = SHELTER["services"][0] | {"amanat::places": "12", "amanat::free_places_at": "2026-11-23T08:00:00Z"}
    take(zipped({**SHELTER, "services": [beds]}))
    (told,) = out()["service_capacity"]
    (unit,) = out()["units"]
    (service,) = out()["services"]
    assert (told["service_id"], told["unit_id"]) == (service["id"], unit["id"])
    assert (told["available"], told["maximum"], told["updated"]) == ("3", "12", "2026-11-23T08:00:00Z")
    official = json.loads(needed(HSDS / "3.1-dev" / "schema" / "service_capacity.json").read_bytes())
    assert {name for name in official["properties"] if name not in ("unit", "attributes", "metadata")} == set(told)


@pytest.mark.sqlcipher_only
def test_a_package_that_nobody_takes_is_gone_after_30_days(bring: Bring, cast: Cast) -> None:
    bring(zipped(SHELTER))
    bringing.sweep(cast.now + timedelta(days=29))
    assert waiting_of(cast.actor("irina"))
    bringing.sweep(cast.now + timedelta(days=30))
    assert waiting_of(cast.actor("irina")) is None
    assert not Subject.objects.filter(kind=SubjectKind.IMPORT).exists()
