"""`pack list`, `install` and `diff`: what is here, what is used from now on, what another version adds, drops, renames and changes."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from amanat import packs
from amanat.packs import differences, installing


@pytest.fixture
def newer(island: Path, tmp_path: Path) -> Path:
    """A copy of the island to change, beside its own `core`."""
    shutil.copytree(tmp_path / "core", tmp_path / "newer" / "core")
    shutil.copytree(island, tmp_path / "newer" / "island")
    return tmp_path / "newer" / "island"


@pytest.fixture
def diff(island: Path, newer: Path) -> Callable[..., list[str]]:
    """Change the newer island's list of risks, and tell the lines of `pack diff`."""

    def told(*change: str, count: bool = False) -> list[str]:
        file = newer / "codes" / "risk.toml"
        file.write_text(file.read_text(encoding="utf-8").replace(*change), encoding="utf-8")
        out = StringIO()
        call_command("pack", "diff", str(island), str(newer), *(["--count"] if count else []), stdout=out)
        return out.getvalue().splitlines()

    return told


@pytest.fixture
def counters(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody counts answers to the list of risks."""
    monkeypatch.setattr(differences, "_counters", {})
    differences.register_counter("codes", lambda things: {thing: 12 for thing in things if thing == ("risk", "storm")})


def test_two_that_say_the_same(diff: Callable[..., list[str]]) -> None:
    assert diff("", "") == ["Both say the same."]


def test_a_label_in_any_language_is_a_renaming(diff: Callable[..., list[str]]) -> None:
    assert diff('en = "Storm"', 'en = "Gale"') == ["codes/risk: renamed storm “Storm” → “Gale”"]


def test_another_code_is_a_drop_and_an_addition(diff: Callable[..., list[str]]) -> None:
    assert diff('code = "storm"', 'code = "flood"') == [
        "codes/risk: dropped storm “Storm”",
        "codes/risk: added flood “Storm”",
    ]


def test_what_is_no_longer_offered_is_dropped_and_its_answers_are_counted(
    diff: Callable[..., list[str]], counters: None
) -> None:
    retired = ('code = "storm"', 'code = "storm"\nretired = true')
    assert diff(*retired, count=True) == ["codes/risk: dropped storm “Storm”, 12 stored answers"]


def test_nothing_is_counted_that_nobody_asked_for(diff: Callable[..., list[str]], counters: None) -> None:
    assert diff('code = "storm"', 'code = "flood"')[0] == "codes/risk: dropped storm “Storm”"


def test_what_means_something_else_under_the_same_name_has_changed(diff: Callable[..., list[str]]) -> None:
    changed = ('code = "storm"', 'code = "storm"\nwithin_minutes = 60')
    assert diff(*changed) == ["codes/risk: changed storm “Storm”"]


def test_parts_without_things_inside_are_compared_whole(island: Path, newer: Path) -> None:
    (island / "retention.toml").write_bytes((island.parent / "core" / "retention.toml").read_bytes())
    period = newer.parent / "core" / "retention.toml"
    period.write_text(period.read_text(encoding="utf-8").replace("years = 15", "years = 16"), encoding="utf-8")
    (found,) = differences.differences(packs.load(island), packs.load(newer))
    assert (found.where, found.name, found.change) == ("retention.toml/audit", "", "changed")


def test_a_list_that_is_there_no_more_is_told_once_and_not_code_by_code(island: Path, newer: Path) -> None:
    for folder, name in ((island, "wind"), (newer, "tide")):
        text = (folder / "codes" / "risk.toml").read_text(encoding="utf-8").replace('"Risk"', f'"{name.title()}"')
        (folder / "codes" / f"{name}.toml").write_text(text, encoding="utf-8")
    found = differences.differences(packs.load(island), packs.load(newer))
    told = [(one.where, one.name, one.change, one.before, one.after) for one in found]
    assert told == [("codes/wind", "", "dropped", "Wind", ""), ("codes/tide", "", "added", "", "Tide")]


def test_a_faulty_pack_is_not_compared(diff: Callable[..., list[str]]) -> None:
    with pytest.raises(CommandError, match="1 fault"):
        diff('code = "storm"', 'code = "storm!"')


def test_the_packs_that_are_here_are_listed_with_the_one_in_use(island: Path, settings: Any) -> None:
    settings.SHIPPED_PACKS, settings.OWN_PACKS = island.parent, island.parent / "nothing"
    settings.AMANAT_PACKS = [island.parent / "core", island]
    (island / "codes" / "risk.toml").write_text("nonsense", encoding="utf-8")
    out = StringIO()
    call_command("pack", "list", stdout=out)
    core, told = out.getvalue().splitlines()
    assert core == f"core {packs.load(island.parent / 'core').manifest.version}: Core, in use"
    assert told == "island 0.1.0: Island, extends core, in use, 1 fault"


def test_a_pack_is_installed_and_its_names_are_told_or_its_faults(
    island: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    used: list[tuple[str, ...]] = []
    settings.OWN_PACKS = island.parent / "own"
    monkeypatch.setattr(installing, "_uses", [used.append])
    monkeypatch.setattr(installing, "_notings", [])
    out, err = StringIO(), StringIO()
    call_command("pack", "install", str(island), stdout=out)
    assert out.getvalue() == "The workspace uses these packs from its next start: core, island.\n"
    (island / "codes" / "risk.toml").write_text("nonsense", encoding="utf-8")
    with pytest.raises(CommandError, match="1 fault"):
        call_command("pack", "install", str(island), stdout=out, stderr=err)
    assert "island/codes/risk.toml" in err.getvalue()
    assert used == [("core", "island")]
