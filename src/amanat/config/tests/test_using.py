"""Which packs a workspace uses stands in its header."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from amanat.config import using
from amanat.vault.header import Header


def test_the_header_names_the_packs_from_the_base_up(tmp_path: Path, settings: Any) -> None:
    Header("demo", "one", "localhost", {}).write_first(tmp_path)
    settings.WORKSPACE = tmp_path
    using.use(("core", "island"))
    assert Header.read(tmp_path).packs == ("core", "island")


@pytest.mark.sqlcipher_only  # no database is asked
def test_an_installed_pack_stands_on_the_disk_before_the_header_names_it(
    tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    Header("demo", "one", "localhost", {}).write_first(tmp_path)
    settings.WORKSPACE, settings.OWN_PACKS = tmp_path, tmp_path / "packs"
    place = settings.OWN_PACKS / "island" / "codes"
    place.mkdir(parents=True)
    (place / "risk.toml").write_text("title = 3")
    settled: dict[Path, tuple[str, ...] | None] = {}
    monkeypatch.setattr(using, "settle", lambda path: settled.update({path: Header.read(tmp_path).packs}))
    using.use(("core", "island"))
    assert {place / "risk.toml", place, place.parent, settings.OWN_PACKS} == settled.keys()
    assert ("core", "island") not in settled.values()
