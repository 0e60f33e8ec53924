"""A pack to break: a good one in a temporary folder, beside the shipped `core`."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from amanat.packs import Fault, Section, check, loaders
from amanat.packs.tests import SHIPPED

MANIFEST = """
name = "island"
version = "0.1.0"
extends = "core"
languages = ["tk", "ru", "en", "ro"]
time_zone = "Asia/Ashgabat"
weekend = ["sunday"]
title = {en = "Island", tk = "Ada", ru = "Остров", ro = "Insula"}
"""

RISK = """
title = {en = "Risk", tk = "Howp", ru = "Риск", ro = "Risc"}
source = "Invented"

[[code]]
code = "low"
label = {en = "Calm", tk = "Parahat", ru = "Спокойно", ro = "Calm"}

[[code]]
code = "storm"
label = {en = "Storm", tk = "Tupan", ru = "Буря", ro = "Furtună"}
"""

STAY = """
title = {en = "Stays", tk = "Bolýan ýeri", ru = "Проживание", ro = "Șederi"}
help = {en = "Where the child stayed.", tk = "Çaganyň bolan ýeri.", ru = "Где жил ребёнок.", ro = "Unde a stat copilul."}
order = 35
repeats = true
source = "Invented"

[[field]]
name = "st_Start"
type = "date"
part = "facts"
label = {en = "From", tk = "Başy", ru = "С", ro = "De la"}
help = {en = "First day.", tk = "Ilkinji gün.", ru = "Первый день.", ro = "Prima zi."}

[[field]]
name = "st_End"
type = "date"
part = "facts"
not_before = ["st_Start"]
label = {en = "Until", tk = "Soňy", ru = "По", ro = "Până la"}
help = {en = "Last day.", tk = "Soňky gün.", ru = "Последний день.", ro = "Ultima zi."}
"""


@pytest.fixture
def island(tmp_path: Path) -> Path:
    """A pack without a fault that extends `core` and changes one code list."""
    shutil.copytree(
        SHIPPED / "core", tmp_path / "core", ignore=shutil.ignore_patterns("forms")
    )  # reading them takes a while
    folder = tmp_path / "island"
    (folder / "codes").mkdir(parents=True)
    (folder / "pack.toml").write_text(MANIFEST, encoding="utf-8")
    (folder / "codes" / "risk.toml").write_text(RISK, encoding="utf-8")
    return folder


@pytest.fixture
def stays(island: Path, settings: Any) -> None:
    """The workspace's pack has a section with a first and a last day."""
    (island / "fields").mkdir()
    (island / "fields" / "stay.toml").write_text(STAY, encoding="utf-8")
    settings.AMANAT_PACKS = [island.parent / "core", island]


@pytest.fixture
def faults_of(island: Path) -> Callable[..., list[Fault]]:
    """Write one file of the island, or change a piece of it, and tell the faults."""

    def write(file: str, text: str | None = None, *, change: tuple[str, str] | None = None) -> list[Fault]:
        path = island / file
        path.parent.mkdir(exist_ok=True)
        if change:
            before = path.read_text(encoding="utf-8")
            assert change[0] in before
            text = before.replace(*change)
        path.write_text(text or "", encoding="utf-8")
        return check(island)

    return write


@pytest.fixture
def demo_loader(monkeypatch: pytest.MonkeyPatch) -> None:
    """The `demo` folder is read by a room above; where that room is not there, its name alone is known."""
    if "demo" not in loaders.SECTIONS:
        monkeypatch.setitem(loaders.SECTIONS, "demo", Section("demo", lambda source: {}, lambda base, own: own))
