"""A connection is either encrypted, durable and keyed, or it is refused; and no error shows the key."""

import re
import sqlite3
import subprocess
import sys
import traceback
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import NotSupportedError, OperationalError
from django.views.debug import ExceptionReporter

from amanat.vault.sqlcipher import opening
from amanat.vault.sqlcipher.opening import UnsafeDatabase, WrongKey

from .conftest import KEY, Open
from .inserting import environment

pytestmark = pytest.mark.sqlcipher_only


def pragma(database, name: str) -> object:
    with database.cursor() as cursor:
        return cursor.execute(f"PRAGMA {name}").fetchone()[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("synchronous", 2),
        ("journal_mode", "wal"),
        ("foreign_keys", 1),
        ("secure_delete", 1),
        ("temp_store", 2),
        ("busy_timeout", 20_000),
        ("cipher_use_hmac", "1"),
    ],
)
def test_every_connection_has(file: Path, opened: Open, name: str, value: object) -> None:
    first, second = opened(file), opened(file)
    assert pragma(first, name) == value
    first.close()
    assert pragma(second, name) == value
    assert pragma(first, name) == value


def test_the_cipher_is_at_work(file: Path, opened: Open) -> None:
    database = opened(file)
    assert pragma(database, "cipher_version").startswith("4.")
    assert pragma(database, "cipher_status") == "1"


def test_memory_is_never_mapped_from_the_file(file: Path, opened: Open) -> None:
    with opened(file).cursor() as cursor:
        assert cursor.execute("PRAGMA mmap_size").fetchall() in ([], [(0,)])


def test_transactions_begin_by_taking_the_writers_place(file: Path, opened: Open) -> None:
    database = opened(file)
    database.ensure_connection()
    assert database.transaction_mode == "IMMEDIATE"


def test_an_init_command_cannot_weaken_a_connection(file: Path, opened: Open) -> None:
    weak = opened(file, init_command="PRAGMA synchronous = NORMAL; PRAGMA temp_store = FILE")
    with pytest.raises(UnsafeDatabase, match="synchronous is 1 instead of 2; temp_store is 1 instead of 2"):
        weak.ensure_connection()
    assert weak.connection is None


def test_a_driver_without_a_cipher_is_refused() -> None:
    with pytest.raises(UnsafeDatabase, match="cannot encrypt"):
        opening.unlock(sqlite3.connect(":memory:"), lambda: KEY)


def test_another_key_is_refused_with_a_sentence(file: Path, opened: Open) -> None:
    with opened(file).cursor() as cursor:
        cursor.execute("CREATE TABLE house (name text)")
    with pytest.raises(WrongKey, match="does not open with the key of this workspace") as caught:
        opened(file, key=lambda: KEY[::-1]).ensure_connection()
    assert isinstance(caught.value, OperationalError)


def test_a_file_that_is_not_encrypted_is_refused(file: Path, opened: Open) -> None:
    plain = sqlite3.connect(file)
    plain.execute("CREATE TABLE house (name text)")
    plain.close()
    with pytest.raises(WrongKey, match="is not encrypted"):
        opened(file).ensure_connection()


@pytest.mark.parametrize("length", [0, 2, 16, 31, 33, 64])
def test_a_key_of_another_length_is_not_taken_for_a_passphrase(file: Path, opened: Open, length: int) -> None:
    with pytest.raises(WrongKey, match=f"has {length} bytes instead of 32"):
        opened(file, key=lambda: bytes(length)).ensure_connection()


def a_key() -> bytes:
    return KEY


def test_the_key_may_be_named_by_a_dotted_path(file: Path, opened: Open) -> None:
    opened(file, key=f"{__name__}.a_key").ensure_connection()
    opened(file, key=lambda: KEY).ensure_connection()


@pytest.mark.parametrize("option", [None, KEY, KEY.hex(), f"x'{KEY.hex()}'"])
def test_a_key_in_the_settings_is_refused_and_not_repeated(file: Path, opened: Open, option: object) -> None:
    with pytest.raises(ImproperlyConfigured) as caught:
        opened(file, key=option).ensure_connection()
    assert not shows_the_key(str(caught.value))


class WorkspaceLocked(Exception):
    """Stands for what the key's source raises in a locked workspace."""


def test_a_locked_workspace_says_so_itself(file: Path, opened: Open) -> None:
    def locked() -> bytes:
        raise WorkspaceLocked

    with pytest.raises(WorkspaceLocked):
        opened(file, key=locked).ensure_connection()


@pytest.mark.parametrize("failing", ["SELECT", "PRAGMA synchronous", "PRAGMA key"])
def test_no_traceback_or_error_page_shows_the_key(
    file: Path, opened: Open, monkeypatch: pytest.MonkeyPatch, failing: str, settings
) -> None:
    """Whatever fails while connecting: the frames' variables, as reporters print them, do not hold the key."""
    settings.DEBUG = True
    with opened(file).cursor() as cursor:
        cursor.execute("CREATE TABLE house (name text)")

    database = opened(file, key=lambda: KEY[::-1])
    if failing == "PRAGMA synchronous":
        database = opened(file, init_command="PRAGMA synchronous = OFF")
    elif failing == "PRAGMA key":
        database = opened(file, key=lambda: KEY + b"\n")
    try:
        database.ensure_connection()
    except OperationalError as error:
        frames = traceback.TracebackException.from_exception(error, capture_locals=True)
        page = ExceptionReporter(None, type(error), error, error.__traceback__)
        seen = ["".join(frames.format()), page.get_traceback_html(), page.get_traceback_text(), repr(database)]
    else:
        pytest.fail("it connected")
    assert "does not open" in seen[0] or "not safe" in seen[0] or "33 bytes" in seen[0]
    assert not any(shows_the_key(text) for text in seen)


def shows_the_key(text: str) -> bool:
    """Whether any eight bytes in a row of the key, in either order of the tests, stand in the text as hex or as a repr."""
    pieces = [key[start : start + 8] for key in (KEY, KEY[::-1]) for start in range(25)]
    forms = [form for piece in pieces for form in (piece.hex(), repr(piece)[2:-1], repr(list(piece))[1:-1])]
    lowered = re.sub(r"\s+", " ", text.lower())
    return any(form.lower() in lowered for form in forms)


def test_the_file_and_its_log_are_for_their_owner_alone(file: Path, opened: Open) -> None:
    with opened(file).cursor() as cursor:
        cursor.execute("CREATE TABLE house (name text)")
        modes = {path.name: oct(path.stat().st_mode & 0o777) for path in file.parent.iterdir()}
    assert modes == {"amanat.db": "0o600", "amanat.db-wal": "0o600", "amanat.db-shm": "0o600"}


def test_many_processes_may_open_a_new_file_at_once(file: Path) -> None:
    command = [sys.executable, "-m", "amanat.vault.sqlcipher.tests.inserting", str(file), "3"]
    pipe = subprocess.PIPE
    clients = [subprocess.Popen(command, env=environment(), stdout=pipe, stderr=pipe) for _ in range(4)]
    answers = [client.communicate(timeout=60) for client in clients]
    assert [(client.returncode, err) for client, (_, err) in zip(clients, answers, strict=True)] == [(0, b"")] * 4


def test_dbshell_is_refused_because_the_key_would_show(file: Path, opened: Open) -> None:
    with pytest.raises(NotSupportedError, match="no dbshell"):
        opened(file).client.runshell([])
