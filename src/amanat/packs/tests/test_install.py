"""A pack comes into a workspace whole and checked, or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from amanat.packs import FaultyPack, bundles, installing
from amanat.packs.tests import SHIPPED

Named = list[tuple[str, ...]]


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> Named:
    """What the workspace was told to use, one after another."""
    told: Named = []
    monkeypatch.setattr(installing, "_uses", [told.append])
    monkeypatch.setattr(installing, "_notings", [])
    return told


@pytest.fixture
def own(settings: Any, tmp_path: Path) -> Path:
    """The folder of the packs that were installed."""
    settings.OWN_PACKS = tmp_path / "workspace" / "packs"
    return Path(settings.OWN_PACKS)


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_pack_is_copied_and_used_with_all_that_it_extends(island: Path, own: Path, named: Named) -> None:
    (island / ".git").mkdir()
    (island / ".git" / "config").write_text("of no use here")
    installed = installing.install(island)
    assert (installed.names, installed.copied) == (("core", "island"), True)
    assert named == [("core", "island")]
    assert installed.pack.codes("risk").label("storm", "en") == "Storm"
    assert "pack.toml" in files_of(own / "island")
    assert ".git/config" not in files_of(own / "island")
    assert [path.name for path in own.iterdir()] == ["island"]


def test_a_pack_that_comes_with_amanat_is_used_where_it_lies(own: Path, named: Named) -> None:
    installed = installing.install(SHIPPED / "core")
    assert (installed.names, installed.copied) == (("core",), False)
    assert named == [("core",)]
    assert not own.exists()


def test_a_faulty_pack_changes_nothing(island: Path, own: Path, named: Named) -> None:
    installing.install(island)
    before = files_of(own)
    (island / "codes" / "risk.toml").write_text("title = 3")
    with pytest.raises(FaultyPack, match=r"island/codes/risk\.toml"):
        installing.install(island)
    assert files_of(own) == before
    assert len(named) == 1
    assert [path.name for path in own.iterdir()] == ["island"]


def test_a_newer_one_takes_the_place_of_the_older(island: Path, own: Path, named: Named) -> None:
    installing.install(island)
    manifest = island / "pack.toml"
    manifest.write_text(manifest.read_text().replace("0.1.0", "0.2.0"))
    assert installing.install(island).pack.manifest.version == "0.2.0"
    assert [path.name for path in own.iterdir()] == ["island"]


def test_the_name_of_a_pack_that_comes_with_amanat_is_taken(tmp_path: Path, own: Path, named: Named) -> None:
    other = tmp_path / "elsewhere" / "core"
    other.mkdir(parents=True)
    with pytest.raises(FaultyPack, match="Amanat brings a pack of this name itself"):
        installing.install(other)


def test_a_link_that_leads_out_is_refused_wherever_it_lies(island: Path, own: Path, named: Named) -> None:
    (island / "codes" / "priority.toml").symlink_to("/etc/hostname")
    with pytest.raises(FaultyPack, match=r"island/codes/priority\.toml: A pack may not point out of its folder"):
        installing.install(island)
    assert not own.exists()


def test_a_pack_that_is_too_large_is_refused(
    island: Path, own: Path, named: Named, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bundles, "MOST_BYTES", 100)
    with pytest.raises(FaultyPack, match="2000 files and 0 MB"):
        installing.install(island)
