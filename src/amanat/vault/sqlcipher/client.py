"""`dbshell` is refused: the key would have to travel on a command line, where every user of the machine can read it."""

from collections.abc import Iterable
from typing import Any, NoReturn

from django.db import NotSupportedError
from django.db.backends.sqlite3 import client as sqlite3


class DatabaseClient(sqlite3.DatabaseClient):
    """No client program."""

    @classmethod
    def settings_to_cmd_args_env(cls, settings_dict: dict[str, Any], parameters: Iterable[str]) -> NoReturn:
        raise NotSupportedError("The encrypted database has no dbshell. Use the Django shell, which asks for the key.")
