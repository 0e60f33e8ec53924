"""Django's way into the encrypted file: its SQLite backend with another driver, a key, and stricter defaults.

Models, migrations and queries behave as on `django.db.backends.sqlite3`; `vendor` stays "sqlite".
"""

import os
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, Final

from django.db.backends.sqlite3 import base as sqlite3
from django.db.backends.sqlite3._functions import register as register_functions  # type: ignore[import-untyped]
from django.utils.asyncio import async_unsafe

from .client import DatabaseClient
from .creation import DatabaseCreation
from .driver import Cursor, Database
from .features import DatabaseFeatures
from .opening import create_privately, key_source, prepare, read_back, unlock
from .turnstile import turn

BUSY_SECONDS: Final = 20.0
TRANSACTION_MODE: Final = "IMMEDIATE"


class DatabaseWrapper(sqlite3.DatabaseWrapper):
    """A connection to the SQLCipher file NAME, opened with the key that the function OPTIONS["key"] returns.

    OPTIONS also takes what Django's SQLite backend takes. Unless given, `timeout` is 20 seconds and
    `transaction_mode` IMMEDIATE: a writer waits for its turn when it begins, and never finds half-way that what it
    read is stale. (So every `atomic` block takes the one writer's place: pages that only read should not open one.)
    Transactions take turns, see `turnstile`; single statements outside a transaction do not queue.
    """

    display_name = "SQLCipher"
    Database = Database
    client_class = DatabaseClient
    creation_class = DatabaseCreation
    features_class = DatabaseFeatures

    fetch_key: Callable[[], bytes]
    busy_seconds: float

    def get_connection_params(self) -> dict[str, Any]:
        """Return the driver's arguments; the key's source is taken out of them and asked while connecting."""
        params = super().get_connection_params()
        self.fetch_key = key_source(params.pop("key", None))
        self.busy_seconds = params.setdefault("timeout", BUSY_SECONDS)
        if "transaction_mode" not in self.settings_dict["OPTIONS"]:
            self.transaction_mode = TRANSACTION_MODE
        return params

    @async_unsafe
    def get_new_connection(self, conn_params: dict[str, Any]) -> Database.Connection:
        """Open, unlock and check one connection.

        Raises:
            WrongKey, UnsafeDatabase: see `opening`; the file is closed again.
        """
        in_memory = self.is_in_memory_db()
        if self._is_plain_path():
            create_privately(conn_params["database"])
        connection: Database.Connection = Database.connect(**conn_params)
        try:
            unlock(connection, self.fetch_key)
            register_functions(connection)
            prepare(connection)
            commands: list[str] = self.init_commands  # type: ignore[attr-defined]
            for command in filter(None, map(str.strip, commands)):
                connection.execute(command)
            read_back(connection, in_memory=in_memory)
        except BaseException:
            connection.close()
            raise
        return connection

    def _start_transaction_under_autocommit(self) -> None:
        queued = self._is_plain_path() and self.transaction_mode != "DEFERRED"
        with turn(f"{self.settings_dict['NAME']}-turn", self.busy_seconds) if queued else nullcontext():
            super()._start_transaction_under_autocommit()  # type: ignore[misc]

    def _is_plain_path(self) -> bool:
        """Whether NAME is a file's path, rather than a URI or a database in memory."""
        return not self.is_in_memory_db() and not os.fspath(self.settings_dict["NAME"]).startswith("file:")

    def create_cursor(self, name: str | None = None) -> Cursor:
        cursor: Cursor = self.connection.cursor(factory=Cursor)
        return cursor
