"""What was acknowledged is still there after processes are killed at random moments and after the disk was full.

A kill leaves the kernel's buffers alone: that a power cut loses nothing rests on `synchronous = FULL`, which is read
back on every connection (test_opening).
"""

import os
import random
import select
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from .conftest import Open
from .inserting import FULL
from .nursery import Nursery, start

pytestmark = pytest.mark.sqlcipher_only

# Fifty kills: thirty clients that were alone, and ten pairs that wrote into each other's way.
ROUNDS = [1, 1, 1, 2] * 10
SEED = 20261124


def written_before_they_were_killed(nurseries: list[Nursery], wanted: int) -> set[int]:
    """Let clients begin, kill them all after `wanted` acknowledgements of any (0: while they open); return what they acknowledged."""
    for nursery in nurseries:
        nursery.begin()
    lines: list[bytes] = []
    while len(lines) < wanted:
        ready, _, _ = select.select([nursery.stdout for nursery in nurseries], [], [])
        lines.extend(stdout.readline() for stdout in ready)
    for nursery in nurseries:
        nursery.kill()
    for nursery in nurseries:
        lines.extend(nursery.last_words())
    return {int(line) for line in lines}


def check(opened: Open, file: Path, acknowledged: set[int]) -> None:
    """Open the file afresh: whole, nothing acknowledged missing, no half transaction."""
    database = opened(file)
    with database.cursor() as cursor:
        assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert cursor.execute("PRAGMA cipher_integrity_check").fetchall() == []
        notes = {row for (row,) in cursor.execute("SELECT id FROM note").fetchall()}
        marks = {row for (row,) in cursor.execute("SELECT note FROM mark").fetchall()}
    database.close()
    assert acknowledged - notes == set()
    assert notes == marks


def test_nothing_acknowledged_is_missing_after_fifty_kills(file: Path, opened: Open) -> None:
    chance = random.Random(SEED)
    acknowledged = {int(row) for row in start(file, "1").communicate(timeout=60)[0].split()}
    pair = [Nursery(file), Nursery(file)]
    for at_once in ROUNDS:
        wanted = 0 if chance.random() < 0.2 else chance.randrange(1, 100)
        acknowledged |= written_before_they_were_killed(pair[:at_once], wanted)
        # Not each time: otherwise no client would ever find the log of clients that were all killed.
        if chance.random() < 0.4:
            check(opened, file, acknowledged)
    assert [nursery.end() for nursery in pair] == [b"", b""]
    check(opened, file, acknowledged)
    assert len(acknowledged) > 1000, "hardly anything was written, so this would prove little"


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 6 MB of its own; mounting needs root. Where CI is set, that is a failure and no reason to skip."""
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=6m,mode=700", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        reason = f"a full disk needs a small tmpfs, and mounting one failed: {mounted.stderr.strip()}"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_gives_a_clear_error_and_loses_nothing_acknowledged(small_disk: Path, opened: Open) -> None:
    filler, file = small_disk / "filler", small_disk / "amanat.db"
    filler.write_bytes(bytes(200_000))

    client = start(file, "1000000")
    out, errors = client.communicate(timeout=60)
    assert client.returncode == FULL
    assert errors.decode().strip().splitlines()[-1] == "database or disk is full"
    acknowledged = {int(line) for line in out.split()}
    assert len(acknowledged) > 1000, "the log never went back into the file, so this would prove less"

    filler.unlink()
    check(opened, file, acknowledged)
    more, errors = start(file, "50").communicate(timeout=60)
    assert errors == b""
    acknowledged.update(map(int, more.split()))
    check(opened, file, acknowledged)


def test_a_write_refused_by_a_full_disk_leaves_the_connection_usable(small_disk: Path, opened: Open) -> None:
    file = small_disk / "amanat.db"
    start(file, "20").communicate(timeout=60)
    database = opened(file)
    with database.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM note")
        (small_disk / "filler").write_bytes(bytes(free(small_disk) - 20_000))
        with pytest.raises(Exception, match="database or disk is full") as caught:
            cursor.execute("INSERT INTO note (body) VALUES (%s)", ["n" * 100_000])
        assert type(caught.value).__module__ == "django.db.utils"
        assert cursor.execute("SELECT count(*) FROM note").fetchone() == (20,)
        (small_disk / "filler").unlink()
        cursor.execute("INSERT INTO note (body) VALUES (%s)", ["n" * 100_000])
        assert cursor.execute("SELECT count(*) FROM note").fetchone() == (21,)
        assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def free(folder: Path) -> int:
    left = os.statvfs(folder)
    return left.f_bavail * left.f_frsize
