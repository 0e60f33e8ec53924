"""The directory of a country as HSDS CSV: rows that name each other, every fault with file, row and column."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from amanat import packs
from amanat.packs import Fault, differences, hsds, hsds_rows, loaders
from amanat.packs.tests import SHIPPED

pytestmark = [pytest.mark.sqlcipher_only]  # no database is asked
ORGANIZATIONS = """id,name,name::ru,description,amanat::source,amanat::verified
harbour,Harbour House,Дом у гавани,Shelter on the coast,Invented,yes
"""
SERVICES = """id,organization_id,name,status,minimum_age,assured_date,amanat::source,amanat::verified
beds,harbour,Beds,active,0,2026-11-26,Invented,no
"""
PHONES = """id,service_id,number,amanat::source
line,beds,+993 12 000000,Invented
"""
Faults = Callable[..., list[Fault]]


@pytest.fixture
def harbour(island: Path) -> Path:
    folder = island / "directory"
    folder.mkdir()
    for name, text in (("organizations", ORGANIZATIONS), ("services", SERVICES), ("phones", PHONES)):
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return island


def test_rows_are_read_with_their_languages_and_marks(harbour: Path) -> None:
    services = packs.load(harbour).services
    (house,) = services.rows("organizations")
    (beds,) = services.rows("services", organization_id="harbour")
    assert [house.label.text(language) for language in ("en", "ru", "tk")] == [
        "Harbour House",
        "Дом у гавани",
        "Harbour House",
    ]
    assert (house.verified, beds.verified, beds.source.text("tk")) == (True, False, "Invented")
    assert [phone["number"] for phone in services.rows("phones", service_id="beds")] == ["+993 12 000000"]


@pytest.mark.parametrize(
    ("file", "change", "where", "what"),
    [
        ("services", ("harbour,Beds", "nowhere,Beds"), "row 2, column organization_id", "organizations.csv has no row nowhere"),
        ("services", (",active,", ",open,"), "row 2, column status", "open is no value of this column"),
        ("services", ("2026-11-26", "2026-02-30"), "row 2, column assured_date", "2026-02-30 is no value"),
        ("services", (",0,", ",young,"), "row 2, column minimum_age", "young is no value"),
        ("services", ("beds,harbour,Beds", "beds,harbour,"), "row 2, column name", "The value is empty"),
        ("services", ("minimum_age", "age"), "row 1, column age", "This column is unknown"),
        ("services", ("status,", ""), "row 1, column status", "This column is missing"),
        ("services", ("Invented,no", "Invented,perhaps"), "row 2, column amanat::verified", "perhaps is no value"),
        ("services", ("Invented", ""), "row 2, column amanat::source", "names no source"),
        ("organizations", ("name::ru", "name::xx"), "row 1, column name::xx", "This column is unknown"),
        ("phones", ("+993 12 000000", "call us"), "row 2, column number", "call us is no value"),
        ("phones", ("Invented", "Invented,more"), "row 2", "more cells than there are columns"),
        ("phones", ("line,", '"line,'), "row 2", "This is not CSV"),
    ],
)  # fmt: skip
def test_each_fault_is_told_with_file_row_and_column(
    harbour: Path, faults_of: Faults, file: str, change: tuple[str, str], where: str, what: str
) -> None:
    found = faults_of(f"directory/{file}.csv", change=change)
    assert [(one.file, one.where) for one in found if what in one.what][:1] == [(f"island/directory/{file}.csv", where)]


def test_a_row_twice_an_odd_file_and_one_that_is_too_long_are_told(
    harbour: Path, faults_of: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    twice = ORGANIZATIONS + ORGANIZATIONS.splitlines()[1] + "\n"
    assert [one.where for one in faults_of("directory/organizations.csv", twice)] == ["row 3, column id"]
    monkeypatch.setattr(hsds_rows, "MOST_ROWS", 2)
    assert any("too many rows" in one.what for one in faults_of("directory/organizations.csv", twice))
    monkeypatch.setattr(hsds_rows, "MOST_BYTES", 20)
    assert any("larger than 0 MB" in one.what for one in faults_of("directory/organizations.csv", ORGANIZATIONS))
    monkeypatch.undo()
    assert any("not expected here" in one.what for one in faults_of("directory/shops.csv", "id\n"))


def test_a_heading_that_stands_there_often_is_told_once(faults_of: Faults, harbour: Path) -> None:
    found = faults_of("directory/organizations.csv", f"id,name,description,amanat::source{',shop' * 200_000}\n")
    assert [one.what for one in found if one.where == "row 1, column shop"] == [
        "This column is unknown.",
        "This column stands here twice.",
    ]


def test_of_faults_without_end_the_first_are_told(
    faults_of: Faults, harbour: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loaders, "TOLD", 10)
    rows = "".join(f"a{number},,,,\n" for number in range(50))
    assert len(faults_of("directory/organizations.csv", ORGANIZATIONS.splitlines()[0] + "\n" + rows)) == 10


def test_a_country_replaces_a_row_of_the_base_and_adds_others(harbour: Path, tmp_path: Path) -> None:
    newer = tmp_path / "newer" / "cape"
    (newer / "directory").mkdir(parents=True)
    manifest = (harbour / "pack.toml").read_text(encoding="utf-8")
    manifest = manifest.replace('"island"', '"cape"').replace('extends = "core"', 'extends = "island"')
    (newer / "pack.toml").write_text(manifest, encoding="utf-8")
    (newer / "directory" / "organizations.csv").write_text(
        ORGANIZATIONS.replace("Harbour House", "Cape House"), encoding="utf-8"
    )
    before, after = packs.load(harbour), packs.load(newer, known=[harbour, harbour.parent / "core"])
    assert [row.label.text("en") for row in after.services.rows("organizations")] == ["Cape House"]
    assert after.services.rows("services") == before.services.rows("services")
    (told,) = differences.differences(before, after)
    assert (told.where, told.name, told.before, told.after) == (
        "directory/organizations",
        "harbour",
        "Harbour House",
        "Cape House",
    )


@pytest.mark.parametrize(("country", "bodies"), [("moldova", 6), ("turkmenistan", 9)])
def test_the_directories_that_come_with_amanat_name_their_sources_in_four_languages(country: str, bodies: int) -> None:
    services = packs.load(SHIPPED / country).services
    rows = [*services.rows("organizations"), *services.rows("services")]
    assert len(services.rows("organizations")) == bodies
    for column in ("name", "description", hsds_rows.SOURCE):
        assert all(set(row.text(column).texts) == {"tk", "ru", "en", "ro"} for row in rows)
    assert not services.rows("phones")  # no number of today was read anywhere


def test_the_centre_of_moldova_has_its_days_and_places_unverified_and_no_address() -> None:
    services = packs.load(SHIPPED / "moldova").services
    (shelter,) = [row for row in services.rows("services") if "30" in row["description"]]
    assert "six months" in shelter["description"]
    assert "30 places" in shelter["description"]
    assert not shelter.verified
    assert not services.rows("addresses")


def test_the_tables_are_those_of_the_standard() -> None:
    assert set(hsds.TABLES["organizations"]) >= {"id", "name", "description", "parent_organization_id"}
    assert {column.name for column in hsds.TABLES["services"].values() if column.needed} == {
        "id",
        "organization_id",
        "name",
        "status",
    }
    linked = {column.link for table in hsds.TABLES.values() for column in table.values()} - {""}
    assert linked <= set(hsds.TABLES)
