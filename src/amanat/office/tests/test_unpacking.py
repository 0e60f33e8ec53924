"""What a restore writes beside the database: for its owner alone, and on the disk before it is said to be there."""

from __future__ import annotations

import hashlib
import os
import uuid
from pathlib import Path

import pytest
from django.conf import settings

from amanat.office.backups import media, staging
from amanat.office.backups.places import Folder
from amanat.office.backups.unpacking import Documents, keep_packet

NAME = uuid.UUID(int=0xABCD << 112).hex


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> set[Path]:
    """What the disk was told to keep, by the names of then."""
    found, sync = set(), os.fsync

    def noted(handle: int) -> None:
        found.add(Path(f"/proc/self/fd/{handle}").readlink())
        sync(handle)

    monkeypatch.setattr(os, "fsync", noted)
    return found


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """An empty folder that others may look into."""
    (tmp_path / "workspace").mkdir(mode=0o755)
    return tmp_path / "workspace"


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def test_a_document_and_a_packet_are_on_the_disk_for_nobody_else(
    tmp_path: Path, target: Path, synced: set[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    there = tmp_path / "disk" / media.place_of(NAME)
    there.parent.mkdir(parents=True)
    there.write_bytes(b"sealed")
    with staging.claimed(target) as folder:
        monkeypatch.setattr(settings, "AMANAT_MEDIA", folder / "media")
        documents = Documents(Folder(tmp_path / "disk"), copied=True)
        assert documents.bring([(NAME, 6, hashlib.sha256(b"sealed").hexdigest())], leave_out=False) == (1, [])
        keep_packet({"packet": "one.packet", "aside": True}, b"came in", folder)
        (folder / "header.json").write_text("{}")
        written = [
            folder / media.place_of(NAME),
            folder / "media" / NAME[:2],
            folder / "media",
            folder / "intake" / "aside",
        ]
        staging.settle(target)
    assert set(written) <= synced
    assert {folder, target} <= synced
    assert mode(target) == 0o700
    assert mode(target / media.place_of(NAME)) == mode(target / "intake" / "aside" / "one.packet") == 0o600
    assert {mode(path) for path in target.rglob("*") if path.is_dir()} == {0o700}


def test_a_folder_that_was_not_there_is_made_for_its_owner_alone(tmp_path: Path) -> None:
    with staging.claimed(tmp_path / "new"):
        assert mode(tmp_path / "new") == 0o700
