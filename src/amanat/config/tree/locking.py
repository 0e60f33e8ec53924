"""That a workspace was locked by somebody, kept across a restart: its key file does not open it by itself until it was unlocked."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from amanat.vault.durable import settle, write_whole

SENTENCE = "This workspace is locked. Open it with: ./run amanat unlock"


class WasLocked(Exception):
    """Somebody locked the workspace, and nobody has unlocked it yet."""

    def __init__(self) -> None:
        super().__init__(SENTENCE)


def _path(workspace: Path) -> Path:
    return workspace / "run" / "locked"


def marked_at(workspace: Path) -> datetime | None:
    """When somebody locked it; None where nobody did since it was last open."""
    try:
        return datetime.fromtimestamp(_path(workspace).stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


def mark(workspace: Path) -> None:
    write_whole(_path(workspace), b"")


def unmark(workspace: Path) -> None:
    if marked_at(workspace):
        _path(workspace).unlink()
        settle(_path(workspace).parent)
