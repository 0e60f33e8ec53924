"""Files that a power cut leaves whole: one is replaced at once, its name stands on the disk, and one process after another does it."""

from __future__ import annotations

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Final

DRAFT: Final = ".new"  # the end of the name of what is being written; it begins with a dot


@contextmanager
def turn(workspace: Path, file: str) -> Iterator[None]:
    """One at a time, over all processes: two who read a file and write it anew would lose what the first one wrote."""
    workspace.mkdir(mode=0o700, parents=True, exist_ok=True)
    run = workspace / "run"
    run.mkdir(mode=0o700, exist_ok=True)
    with (run / f"{file}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def fresh(path: Path) -> Iterator[BinaryIO]:
    """A file that was not there, for its owner alone; its bytes stand on the disk when the block ends.

    Raises:
        FileExistsError: it is there.
    """
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123  (a descriptor, for the mode)
        yield file
        file.flush()
        os.fsync(file.fileno())


def write_whole(place: Path, content: bytes) -> None:
    """A file of mode 0600 that stands with all its bytes on the disk when this returns; a crash leaves the one before, or none."""
    draft = place.with_name(f".{place.name}.{secrets.token_hex(4)}{DRAFT}")
    try:
        with fresh(draft) as file:
            file.write(content)
        draft.replace(place)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    settle(place.parent)


def settle(place: Path) -> None:
    """Wait until the names in a folder, or the bytes of a file, stand on the disk."""
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep(folder: Path, before: float) -> None:
    """Drop the drafts in a folder that a power cut left, and nobody was told of: those older than a time (seconds since 1970)."""
    for draft in folder.glob(f".*{DRAFT}"):
        if draft.stat().st_mtime < before:
            draft.unlink(missing_ok=True)
