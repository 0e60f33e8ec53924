"""The test database: made by the owning role, used by the application's, emptied past the audit log's triggers.

The product cannot do the last: here the tables' owner does it, or, on SQLCipher, whoever holds the file and its key.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

GUARDED = """
    SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
    WHERE NOT tgisinternal AND relnamespace = 'public'::regnamespace
"""


def owning_role() -> str:
    """Who owns the tables on PostgreSQL; "" on SQLCipher, which knows no roles."""
    return urlsplit(os.environ.get("AMANAT_DATABASE_OWNER", "")).username or ""


def application_role() -> str:
    """Who the product is on PostgreSQL; "" on SQLCipher."""
    return urlsplit(os.environ.get("AMANAT_DATABASE", "")).username or ""


def connect_as(role: str) -> None:
    """Let the next connections be `role`'s. All threads share these settings."""
    from django.db import connection

    connection.close()
    connection.settings_dict["USER"] = role


def owner_connection() -> psycopg.Connection:
    """A connection of the owning role to the PostgreSQL test database; the caller closes it."""
    from django.db import connection

    held = connection.settings_dict
    return psycopg.connect(dbname=held["NAME"], host=held["HOST"], user=owning_role(), options="-c lock_timeout=10s")


def empty_postgres(statements: Iterable[str]) -> None:
    """Empty the tables as their owner, with the triggers out of the way for that one transaction."""
    with owner_connection() as connection:
        guarded = [sql.Identifier(name) for (name,) in connection.execute(GUARDED)]
        for table in guarded:
            connection.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table))
        for statement in statements:
            connection.execute(statement.encode())
        for table in guarded:
            connection.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(table))


def empty_sqlcipher(statements: Iterable[str]) -> None:
    """Empty the tables with the triggers dropped and made again, all in one transaction."""
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        triggers = cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _definition in triggers:
            cursor.execute(f"DROP TRIGGER {connection.ops.quote_name(name)}")
        for statement in statements:
            cursor.execute(statement)
        for _name, definition in triggers:
            cursor.execute(definition)


EMPTY: dict[str, Callable[[Iterable[str]], None]] = {"postgresql": empty_postgres, "sqlite": empty_sqlcipher}
