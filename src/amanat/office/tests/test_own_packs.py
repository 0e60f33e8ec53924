"""A backup carries the packs that were installed in the workspace."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from amanat.office.backups import own_packs, restoring, taking
from amanat.office.backups.unpacking import Documents


def test_each_file_comes_back_where_it_lay(tmp_path: Path, settings: Any) -> None:
    settings.OWN_PACKS = tmp_path / "packs"
    codes = settings.OWN_PACKS / "island" / "codes"
    codes.mkdir(parents=True)
    (codes / "risk.toml").write_text("title")
    (settings.OWN_PACKS / "island" / "pack.toml").write_text("name")
    (settings.OWN_PACKS / ".half").mkdir()
    (settings.OWN_PACKS / ".half" / "pack.toml").write_text("a copy that was not whole")
    restored = tmp_path / "restored"
    restored.mkdir()
    for told, content in own_packs.carried():
        own_packs.keep(told, content, restored)
    files = {path.relative_to(restored).as_posix(): path for path in restored.rglob("*") if path.is_file()}
    assert {place: path.read_text() for place, path in files.items()} == {
        "packs/island/codes/risk.toml": "title",
        "packs/island/pack.toml": "name",
    }
    assert {path.stat().st_mode & 0o777 for path in files.values()} == {0o600}


@pytest.mark.django_db
def test_a_backup_has_them_and_a_restore_passes_over_them_when_it_only_looks(tmp_path: Path, settings: Any) -> None:
    settings.OWN_PACKS = tmp_path / "packs"
    (settings.OWN_PACKS / "island").mkdir(parents=True)
    (settings.OWN_PACKS / "island" / "pack.toml").write_text("name")
    records = [(told, content) for told, content in taking._data(tmp_path) if "pack" in told]
    assert records == [({"pack": "island/pack.toml"}, b"name")]
    found = restoring.Found()
    restoring._files_or_packet(records[0][0], restoring.Ways(None, None), found, Documents(None, copied=False))
    assert (found.files, found.packets) == (0, 0)


def test_a_workspace_without_any_carries_none(tmp_path: Path, settings: Any) -> None:
    settings.OWN_PACKS = tmp_path / "packs"
    assert list(own_packs.carried()) == []


def test_a_backup_that_somebody_edited_leads_nowhere_else(tmp_path: Path) -> None:
    own_packs.keep({"pack": "../../island/pack.toml"}, b"name", tmp_path)
    assert (tmp_path / "packs" / "island" / "pack.toml").read_bytes() == b"name"
