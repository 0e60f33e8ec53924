"""A cold start as far as it can be had without touching the machine: a fresh connection, and this database's pages out of memory.

SQLCipher: the connection is closed and the kernel told that the file's pages are not needed (`posix_fadvise`, DONTNEED).
PostgreSQL: its server is restarted as well, so that its own buffers are empty. Other caches of the machine stay as they are.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from pathlib import Path

from tests.postgres import programs, servant


def cool() -> None:
    """Forget this process's connection and the pages of its database."""
    from django.conf import settings
    from django.db import connection

    connection.close()
    if connection.vendor == "postgresql":
        data = Path(settings.DATABASES["default"]["HOST"]) / "data"
        _restart(data)
        _forget(path for path in data.rglob("*") if path.is_file())
    else:
        database = Path(str(settings.DATABASES["default"]["NAME"]))
        _forget(path for path in database.parent.glob(f"{database.name}*") if path.is_file())


def _restart(data: Path) -> None:
    command = [
        str(programs() / "pg_ctl"),
        "-D",
        str(data),
        "restart",
        "--wait",
        "--mode=fast",
        f"--log={data.parent / 'server.log'}",
    ]
    subprocess.run(command, user=servant(), cwd=data.parent, check=True, capture_output=True)


def _forget(files: Iterable[Path]) -> None:
    for path in files:
        place = os.open(path, os.O_RDONLY)
        try:
            os.fsync(place)  # only what was written can be forgotten
            os.posix_fadvise(place, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(place)


def read_from_disk() -> int:
    """Bytes that this process has had read from a disk so far."""
    told = dict(line.split(": ") for line in Path("/proc/self/io").read_text().splitlines())
    return int(told["read_bytes"])
