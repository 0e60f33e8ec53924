"""Extending: a country says only what differs, and no stored answer loses its label."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

from amanat import packs
from amanat.packs import loaders


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
