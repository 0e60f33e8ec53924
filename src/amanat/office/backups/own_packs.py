"""The packs that were installed in the workspace go with each backup: without them the restored one would not know its codes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from amanat.office.backups.envelope import Record
from amanat.vault.durable import write_whole

FOLDER = "packs"


def carried() -> Iterator[Record]:
    """Each file of them, with its place below the folder of packs."""
    own: Path = settings.OWN_PACKS
    for path in sorted(own.rglob("*")):
        place = path.relative_to(own)
        if path.is_file() and not any(part.startswith(".") for part in place.parts):
            yield {"pack": place.as_posix()}, path.read_bytes()


def keep(told: dict[str, Any], content: bytes, workspace: Path) -> None:
    """Put one of them into a workspace that is being restored."""
    *folders, name = (part for part in Path(told["pack"]).parts if part not in ("/", ".."))
    folder = workspace / FOLDER
    folder.mkdir(mode=0o700, exist_ok=True)
    for part in folders:
        folder /= part
        folder.mkdir(mode=0o700, exist_ok=True)
    write_whole(folder / name, content)
