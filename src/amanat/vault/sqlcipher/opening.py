"""How an encrypted file is opened: cipher checked, key given, durability set, and all of it read back.

Works on the driver's raw connection; Django's side of it is in `base`.
"""

import os
import re
from collections.abc import Callable
from typing import Final

from django.core.exceptions import ImproperlyConfigured
from django.db import OperationalError
from django.utils.module_loading import import_string

from .driver import Database

KEY_BYTES: Final = 32
DOTTED_PATH: Final = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)+")

BEFORE_USE: Final = (
    # Large transactions and sorts spill to temporary files otherwise; SQLCipher encrypts the journal, not those.
    "PRAGMA temp_store = MEMORY",
    # Decrypted pages stay in this process: a memory-mapped file would bypass the cipher, SQLCipher refuses it anyway.
    "PRAGMA mmap_size = 0",
    # WAL lets people read while one writes; FULL syncs the log at each commit, so that what was answered survives.
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    # After a huge transaction the log shrinks to this many bytes instead of keeping its size for ever.
    "PRAGMA journal_size_limit = 67108864",
    # What is deleted is overwritten: a wrapped key that was erased must not wait in a free page for a key thief.
    "PRAGMA secure_delete = ON",
    # 32 MiB of decrypted pages a connection; the default of 8 MiB decrypts the upper index pages again and again.
    "PRAGMA cache_size = -32768",
    "PRAGMA foreign_keys = ON",
    # An old default that would break atomic table renames, which Django's migrations need.
    "PRAGMA legacy_alter_table = OFF",
)

READ_BACK: Final = {"synchronous": 2, "temp_store": 2, "secure_delete": 1, "foreign_keys": 1}


class WrongKey(OperationalError):
    """The file is there, but this key does not open it."""


class UnsafeDatabase(OperationalError):
    """The connection would not keep what was promised: not encrypted, or not durable."""


def key_source(option: object) -> Callable[[], bytes]:
    """Return the function that fetches the key, from the setting OPTIONS["key"].

    The setting names a function and never holds a key, so no settings page or traceback can show one;
    for the same reason the errors here do not repeat what they found.
    """
    if isinstance(option, str) and DOTTED_PATH.fullmatch(option):
        option = import_string(option)
    if not callable(option):
        raise ImproperlyConfigured(
            'OPTIONS["key"] of the SQLCipher database must be a function without arguments that returns '
            "32 bytes, or the dotted path of one; never the key itself."
        )
    return option


def create_privately(path: str | os.PathLike[str]) -> None:
    """Create the database file for its owner alone; SQLite gives its log files the same mode.

    An existing file is left alone and not even opened: closing any handle on it would drop the locks that
    other connections of this process hold (POSIX advisory locks).
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return


def unlock(connection: Database.Connection, key: Callable[[], bytes]) -> None:
    """Give the raw key to a fresh connection and make sure that it opens the file.

    Raises:
        UnsafeDatabase: the driver is not SQLCipher (it would ignore the key and write in clear).
        WrongKey: the key has another length, does not open the file, or the file is not encrypted.
        Whatever `key` raises, such as `Locked`.
    """
    if not connection.execute("PRAGMA cipher_version").fetchone():
        raise UnsafeDatabase("This SQLite library cannot encrypt. Install the sqlcipher3 package again.")
    # The key is in no variable of this frame: error pages and traceback printers show variables.
    connection.execute(_key_statement(key()))
    try:
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    except Database.DatabaseError as error:
        if error.sqlite_errorcode != Database.SQLITE_NOTADB:
            raise
        raise WrongKey(
            "The database does not open with the key of this workspace. "
            "The file belongs to another workspace, is not encrypted, or its first page is damaged."
        ) from None


def _key_statement(key: bytes) -> str:
    """Write the PRAGMA for a raw key; SQLCipher would take any other length for a passphrase and accept it."""
    if (length := len(key)) != KEY_BYTES:
        del key  # see `unlock`: this frame stands in the traceback
        raise WrongKey(f"The database key has {length} bytes instead of {KEY_BYTES}.")
    return f"PRAGMA key = \"x'{key.hex()}'\""


def prepare(connection: Database.Connection) -> None:
    """Set durability, privacy and integrity on an unlocked connection."""
    for statement in BEFORE_USE:
        connection.execute(statement)


def read_back(connection: Database.Connection, *, in_memory: bool) -> None:
    """Refuse a connection on which a setting did not take; the last step, so that nothing later can undo one.

    Raises:
        UnsafeDatabase: names the settings that differ.
    """
    expected: dict[str, object] = {**READ_BACK, "journal_mode": "memory" if in_memory else "wal"}
    found = {name: connection.execute(f"PRAGMA {name}").fetchone()[0] for name in expected}
    differing = [
        f"{name} is {found[name]} instead of {right}" for name, right in expected.items() if found[name] != right
    ]
    if differing:
        raise UnsafeDatabase(f"The database connection is not safe to use: {'; '.join(differing)}.")
