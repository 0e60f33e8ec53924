"""Each test of the office begins in English, whatever language a page before it was read in; some need a workspace of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from django.conf import settings
from django.utils import translation

from amanat.access.actor import Actor
from amanat.office.backups.places import MARKER
from amanat.office.tests.backing import add
from amanat.vault import recovery
from amanat.vault.header import Header, Kind
from amanat.vault.keys import KeyFile, Workspace, keyring
from tests.cast import Cast


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.fixture
def own_workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Workspace]:
    """A workspace of its own whose shares were tested so long before a moment; without, it has none."""

    def made(kind: Kind = "real", tested_at: datetime | None = None) -> Workspace:
        key = KeyFile.create(tmp_path / f"key-{kind}")
        workspace = Workspace.create(tmp_path / kind, kind=kind, provider=key)
        if tested_at:
            workspace.trust(recovery.create(["Aylar", "Berdi", "Chary"]), workspace.unwrap(key), tested_at.isoformat())
        (workspace.path / "run").mkdir(exist_ok=True)
        monkeypatch.setattr(settings, "WORKSPACE", workspace.path)
        return workspace

    return made


@pytest.fixture
def shares() -> Iterator[list[str]]:
    """The workspace of these tests has shares, for this one; their words."""
    workspace = Workspace.at(Path(settings.WORKSPACE))
    before = Header.path(workspace.path).read_bytes()
    new = recovery.create(["Ogul", "Serdar", "Maria"])
    workspace.trust(new, keyring(), "2026-11-01T00:00:00+00:00")
    yield [share.words for share in new.shares]
    Header.path(workspace.path).write_bytes(before)


@pytest.fixture
def disk(tmp_path: Path, cast: Cast, actor: Callable[..., Actor]) -> Path:
    """A disk that was added as a place for backups."""
    path = tmp_path / "disk"
    path.mkdir()
    add(path, actor("viktor"))
    return path


@pytest.fixture
def in_memory() -> Iterator[Path]:
    """A place for backups that lies on no disk, so on another one than the workspace."""
    with TemporaryDirectory(dir="/dev/shm") as folder:
        (Path(folder) / MARKER).touch()
        assert Path(folder).stat().st_dev != Path(settings.WORKSPACE).stat().st_dev
        yield Path(folder)
