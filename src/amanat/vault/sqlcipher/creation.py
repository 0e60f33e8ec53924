"""Test databases: an encrypted file beside the real one, because threads and other connections cannot share memory."""

import os
from pathlib import Path

from django.db.backends.base.creation import TEST_DATABASE_PREFIX
from django.db.backends.sqlite3 import creation as sqlite3

BESIDE = ("-wal", "-shm", "-journal", "-turn")


class DatabaseCreation(sqlite3.DatabaseCreation):
    """Make `test_<NAME>` in the folder of NAME, unless TEST["NAME"] says where."""

    def _get_test_db_name(self) -> str:
        given: str | Path | None = self.connection.settings_dict["TEST"]["NAME"]
        if given:
            return os.fspath(given)
        path = Path(self.connection.settings_dict["NAME"])
        return str(path.with_name(TEST_DATABASE_PREFIX + path.name))

    def _create_test_db(self, verbosity: int, autoclobber: bool, keepdb: bool = False) -> str:
        name: str = super()._create_test_db(verbosity, autoclobber, keepdb)  # type: ignore[misc]
        if not keepdb:
            self._remove_beside(name)
        return name

    def _destroy_test_db(self, test_database_name: str, verbosity: int) -> None:
        super()._destroy_test_db(test_database_name, verbosity)  # type: ignore[misc]
        self._remove_beside(test_database_name)

    def _remove_beside(self, name: str) -> None:
        """Remove what stands beside the file: a killed test run leaves a log, which belongs to the file that is gone."""
        for suffix in BESIDE:
            Path(name + suffix).unlink(missing_ok=True)
