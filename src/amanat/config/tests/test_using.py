"""Which packs a workspace uses stands in its header."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from amanat.config import using
from amanat.vault.header import Header


def test_the_header_names_the_packs_from_the_base_up(tmp_path: Path, settings: Any) -> None:
    Header("demo", "one", "localhost", {}).write_first(tmp_path)
    settings.WORKSPACE = tmp_path
    using.use(("core", "island"))
    assert Header.read(tmp_path).packs == ("core", "island")
