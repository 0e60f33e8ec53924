"""What stands in the files beside a connection: random bytes only, also in the middle of what does not fit in memory.

Files are read by another process: closing a database file here would drop the locks of this process's connections.
"""

import base64
import math
import os
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from amanat.vault.sqlcipher.driver import Database

from .conftest import Open

pytestmark = pytest.mark.sqlcipher_only

CANARIES = ("Aýgözel Çaryýewa", "Айгозель Чарыева", "canary_column", "canary_table")
ROWS = 4000


def written_as(canary: str) -> Iterator[bytes]:
    yield canary.encode()
    yield canary.encode("utf-16-le")
    yield canary.encode().hex().encode()
    yield base64.b64encode(canary.encode()).rstrip(b"=")[:-1]


def content(path: Path | str) -> bytes:
    return subprocess.run(["cat", path], capture_output=True, check=True).stdout


def in_clear(data: bytes) -> list[str]:
    return [canary for canary in CANARIES if any(form in data for form in written_as(canary))]


def spilled() -> list[Path]:
    """SQLite's temporary files that this process has open; they are unlinked at once, so no folder lists them."""
    handles = Path(f"/proc/{os.getpid()}/fd")
    return [link for link in handles.iterdir() if link.is_symlink() and "etilqs_" in str(link.readlink())]


def entropy(data: bytes) -> float:
    """Bits a byte; random data of 4 KiB has about 7.95."""
    return -sum(n / len(data) * math.log2(n / len(data)) for n in Counter(data).values())


@pytest.fixture
def crowded(file: Path, opened: Open):
    """A connection with room for ten pages only, in the middle of a transaction that is much larger."""
    database = opened(file, init_command="PRAGMA cache_size = 10")
    with database.cursor() as cursor:
        cursor.execute("CREATE TABLE canary_table (id integer PRIMARY KEY, canary_column text UNIQUE)")
        cursor.execute("BEGIN IMMEDIATE")
        cursor.executemany(
            "INSERT INTO canary_table (canary_column) VALUES (%s)",
            ((f"{CANARIES[number % 2]} {number * 7919 % ROWS} ".ljust(300, "."),) for number in range(ROWS)),
        )
    return database


def test_the_file_starts_with_random_bytes(file: Path, opened: Open) -> None:
    with opened(file).cursor() as cursor:
        cursor.execute("CREATE TABLE canary_table (canary_column text)")
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    first_page = content(file)[:4096]
    assert not first_page.startswith(b"SQLite format 3")
    assert entropy(first_page) > 7.8


def test_an_open_transaction_that_outgrows_its_cache_shows_nothing(file: Path, crowded) -> None:
    assert Path(f"{file}-wal").stat().st_size > 1_000_000, "the transaction did not spill, so this would prove nothing"
    assert {path.name: in_clear(content(path)) for path in file.parent.iterdir()} == {
        "amanat.db": [],
        "amanat.db-wal": [],
        "amanat.db-shm": [],
    }
    assert spilled() == []


def test_what_is_committed_and_checkpointed_shows_nothing(file: Path, crowded) -> None:
    with crowded.cursor() as cursor:
        cursor.execute("COMMIT")
        cursor.execute("DELETE FROM canary_table WHERE id % 2")
        assert in_clear(content(f"{file}-wal")) == []
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        assert cursor.execute("SELECT count(*) FROM canary_table").fetchone() == (ROWS // 2,)
    assert in_clear(content(file)) == []
    assert entropy(content(file)) > 7.99


def sort(cursor) -> None:
    cursor.execute("SELECT canary_column || id AS c FROM canary_table ORDER BY c DESC")
    assert cursor.fetchone()


def test_a_sort_that_outgrows_its_cache_writes_no_temporary_file(crowded) -> None:
    with crowded.cursor() as cursor:
        sort(cursor)
        assert spilled() == []


def test_without_our_setting_the_same_sort_writes_names_in_clear(crowded) -> None:
    """The probe of the tests above works, and here is why `temp_store` is read back."""
    with crowded.cursor() as cursor:
        cursor.execute("COMMIT")
        cursor.execute("PRAGMA temp_store = FILE")
        sort(cursor)
        files = spilled()
        assert files
        assert CANARIES[0] in in_clear(b"".join(content(link) for link in files))


def test_an_attached_database_gets_the_same_key(file: Path, opened: Open) -> None:
    beside = file.with_name("beside.db")
    with opened(file).cursor() as cursor:
        cursor.execute(f"ATTACH DATABASE '{beside}' AS beside")
        cursor.execute("CREATE TABLE beside.canary_table (canary_column text)")
        cursor.execute("INSERT INTO beside.canary_table VALUES (%s)", [CANARIES[0]])
        cursor.execute("DETACH DATABASE beside")
    assert in_clear(content(beside)) == []
    with pytest.raises(Database.DatabaseError):
        Database.connect(beside).execute("SELECT * FROM canary_table")
