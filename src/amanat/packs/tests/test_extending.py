"""Extending: a country says only what differs, and no stored answer loses its label."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from amanat import packs
from amanat.packs import differences, loaders, toml
from amanat.packs.tests.conftest import MANIFEST


def test_a_country_overrides_by_code_and_adds_its_own(island: Path) -> None:
    risk = packs.load(island).codes("risk")
    assert [code for code, _ in risk.choices("en")] == ["low", "medium", "high", "critical", "storm"]
    assert risk.label("low", "en") == "Calm"
    assert risk.label("high", "en") == "High"


def test_what_a_country_does_not_name_is_the_core_s(island: Path) -> None:
    pack, core = packs.load(island), packs.load(island.parent / "core")
    assert pack.codes("stage").choices("ro") == core.codes("stage").choices("ro")
    assert pack.retention == core.retention
    assert pack.code_names == core.code_names
    assert pack.manifest.name == "island"
    assert pack.manifest.weekend == frozenset({6})


PERIOD = """
[[period]]
name = "audit"
label = {en = "The log", tk = "Žurnal", ru = "Журнал", ro = "Jurnalul"}
starts = {en = "the day", tk = "gün", ru = "день", ro = "ziua"}
years = 3
source = "Invented"
verified = false
"""


def test_a_period_of_the_same_name_takes_the_place_of_the_core_s(island: Path) -> None:
    (island / "retention.toml").write_text(PERIOD, encoding="utf-8")
    pack, core = packs.load(island), packs.load(island.parent / "core")
    assert (pack.retention["audit"].amount, core.retention["audit"].amount) == (3, 15)
    assert pack.retention.keys() == core.retention.keys()
    assert pack.retention["consent"] == core.retention["consent"]


COURTS = """
[calendars.courts]
title = {en = "Courts", tk = "Kazyýet", ru = "Суды", ro = "Instanțele"}
weekend = ["saturday", "sunday"]
[calendars.courts.holidays]
yearly = ["07-01"]
source = "Invented"
verified = true
[[calendars.courts.holidays.year]]
year = 2026
days = [2026-07-02]
"""


def test_a_country_names_other_calendars_beside_those_of_the_core(island: Path) -> None:
    with (island / "pack.toml").open("a", encoding="utf-8") as manifest:
        manifest.write(COURTS)
    pack = packs.load(island)
    assert set(pack.calendars) == {"courts", "hotline"}
    courts, hotline = pack.calendars["courts"], pack.calendars["hotline"]
    assert courts.weekend(pack.manifest) == {5, 6}
    holidays = courts.holidays(pack.manifest)
    assert holidays
    assert date(2026, 7, 2) in holidays
    assert holidays.are_known(2026)
    assert (hotline.weekend(pack.manifest), hotline.holidays(pack.manifest)) == (frozenset(), None)
    found = differences.differences(packs.load(island.parent / "core"), pack)
    assert ("pack.toml/courts", "added", "Courts") in [(one.where, one.change, one.after) for one in found]


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (('["saturday", "sunday"]', '["someday"]'), "calendars.courts.weekend", "A day of the weekend is unknown."),
        (('["07-01"]', '["13-01"]'), "calendars.courts.holidays.yearly", "A yearly holiday"),
        (('title = {en = "Courts", ', "title = {"), "calendars.courts.title", "The text in en is missing."),
        (("weekend =", "every_day = true\nweekend ="), "calendars.courts.every_day", "A calendar of every day"),
        (("[calendars.courts]", "[calendars.courts]\nopen = 3"), "calendars.courts.open", "This key is unknown."),
        ((COURTS, '[calendars]\ncourts = "never"'), "calendars.courts", "A calendar is a table"),
    ],
)
def test_a_fault_of_a_calendar_is_told_with_its_place(
    faults_of: Callable[..., list[packs.Fault]], change: tuple[str, str], where: str, what: str
) -> None:
    (fault,) = faults_of("pack.toml", MANIFEST + COURTS.replace(*change))
    assert (fault.file, fault.where) == ("island/pack.toml", where)
    assert fault.what.startswith(what)


def test_a_file_that_is_too_large_is_not_read(island: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with (island / "codes" / "risk.toml").open("ab") as file:
        file.write(b"#" * toml.MOST_BYTES)
    (fault,) = packs.check(island)
    assert (fault.file, fault.what) == ("island/codes/risk.toml", "The file is larger than 1 MB.")


def test_added_codes_stand_before_those_that_stay_last(
    faults_of: Callable[..., list[packs.Fault]], island: Path
) -> None:
    region = (
        'title = {en = "Region", tk = "Sebit", ru = "Регион", ro = "Regiune"}\nsource = "x"\n[[code]]\n'
        'code = "cape"\nlabel = {en = "Cape", tk = "Burun", ru = "Мыс", ro = "Cap"}\n'
    )
    assert faults_of("codes/region.toml", region) == []
    assert [code for code, _ in packs.load(island).codes("region").choices()] == ["cape", "abroad", "unknown"]


def test_a_retired_code_is_not_offered_but_read(faults_of: Callable[..., list[packs.Fault]], island: Path) -> None:
    assert faults_of("codes/risk.toml", change=('code = "low"', 'code = "low"\nretired = true')) == []
    risk = packs.load(island).codes("risk")
    assert "low" not in dict(risk.choices())
    assert "low" in risk
    assert risk.label("low", "ru") == "Спокойно"


def test_what_is_extended_may_lie_elsewhere_if_it_is_known(
    island: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere") / "island"
    shutil.copytree(island, elsewhere)
    assert packs.check(elsewhere) != []
    assert packs.check(elsewhere, known=[island.parent / "core"]) == []


def test_labels_follow_the_language_of_the_page(island: Path) -> None:
    risk = packs.load(island).codes("risk")
    with translation.override("tk"):
        assert dict(risk.choices())["storm"] == "Tupan"
        assert str(risk.title) == "Howp"
    with translation.override("de"):
        assert risk.label("storm") == "Storm"


def test_an_unknown_code_or_list_is_a_named_error(island: Path) -> None:
    pack = packs.load(island)
    with pytest.raises(packs.UnknownCode, match="'snow'"):
        pack.codes("risk").label("snow")
    with pytest.raises(packs.UnknownCodeList, match="'weather'"):
        pack.codes("weather")


def test_a_room_adds_a_folder_that_it_reads(island: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loaders, "SECTIONS", dict(loaders.SECTIONS))
    monkeypatch.setattr("amanat.packs.pack.SECTIONS", loaders.SECTIONS)
    leaflets = packs.register(
        "leaflets", lambda source: {path.stem: path.read_text() for path in source.path.iterdir()}
    )
    for folder, text in ((island.parent / "core", "base"), (island, "own")):
        (folder / "leaflets").mkdir()
        (folder / "leaflets" / "intake.md").write_text(text)
    (island.parent / "core" / "leaflets" / "exit.md").write_text("base")
    assert packs.load(island).part(leaflets) == {"intake": "own", "exit": "base"}
    with pytest.raises(ValueError, match="Two loaders"):
        packs.register("leaflets", lambda source: {})


def test_the_workspace_s_pack_is_read_once(island: Path, settings: Any) -> None:
    settings.AMANAT_PACKS = [island.parent / "core", island]
    first = packs.current()
    (island / "codes" / "risk.toml").write_text("nonsense")
    assert packs.current() is first
    assert first.manifest.name == "island"
