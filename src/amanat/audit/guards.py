"""What makes the database itself keep the log append-only, and what rooms freeze as it is: triggers on both databases, and on
PostgreSQL the roles' rights.

They are put up after each `migrate` rather than by one migration: SQLite rebuilds a table to alter it and silently drops its
triggers, and a table that a later migration adds needs its grants. `missing` says what is not in place; `verify` asks it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.conf import settings
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from amanat.audit.models import Entry, Pending, Seal
from amanat.vault.models import Rotation, RotationKind, SealedModel, Subject
from amanat.vault.stored import sealed_of

ENTRY, PENDING, SEAL, SUBJECT, ROTATION = (model._meta.db_table for model in (Entry, Pending, Seal, Subject, Rotation))
KEPT: Final = {ENTRY: "id", SEAL: "number"}  # tables that are only added to, with their keys

# What the application's role may do on PostgreSQL; the trigger that fills the queue runs as its owner.
RIGHTS: Final = {
    ENTRY: "SELECT, INSERT",
    SEAL: "SELECT, INSERT",
    PENDING: "SELECT, DELETE",
    "django_migrations": "SELECT",
}
RIGHTS_ELSEWHERE: Final = "SELECT, INSERT, UPDATE, DELETE"

REFUSAL: Final = "the audit log is only added to"
EVENTS: Final = (
    ("UPDATE", "ROW"),
    ("DELETE", "ROW"),
    ("TRUNCATE", "STATEMENT"),
)  # of PostgreSQL, each with how often it asks
FROZEN: Final = "what is frozen is not changed"
RENEWING: Final = f"EXISTS (SELECT 1 FROM {{schema}}{ROTATION} WHERE kind = '{RotationKind.DATA}' AND ended_at IS NULL)"  # noqa: S608

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Frozen:
    """A table of rows that are written once. What is `sealed` of them is sealed anew while data keys are given up for new ones."""

    table: str
    sealed: Sequence[str]
    others: Sequence[str]


_frozen: dict[str, Frozen] = {}


def keep_until_erased(model: type[SealedModel]) -> None:
    """Let the database refuse to change rows of this model, and to delete one whose subject still has its key. Called in `ready()`."""
    sealed = [str(field.column) for field in sealed_of(model)]
    others = [str(field.column) for field in model._meta.concrete_fields if field.column not in sealed]
    _frozen[model._meta.db_table] = Frozen(model._meta.db_table, sealed, others)


def after_migrate(using: str, **_signal: Any) -> None:
    """Put triggers and rights in place, if the tables are there (`migrate people` makes none) and ours to guard."""
    connection = connections[using]
    if not _guardable(connection):
        return
    with transaction.atomic(using=using), connection.cursor() as cursor:
        there = connection.introspection.table_names(cursor)
        frozen = [one for one in _frozen.values() if one.table in there]
        is_postgresql = connection.vendor == "postgresql"
        statements = _on_postgresql(_schema(cursor), frozen) if is_postgresql else _on_sqlite(frozen)
        for statement in statements:
            cursor.execute(statement)
        if connection.vendor == "postgresql":
            _grant(cursor, settings.AMANAT_APP_ROLE)


def _on_sqlite(frozen: Iterable[Frozen]) -> Iterator[str]:
    for table, key in KEPT.items():
        for event in ("UPDATE", "DELETE"):
            yield f"""
                CREATE TRIGGER IF NOT EXISTS {table}_refuses_{event.lower()} BEFORE {event} ON {table}
                BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
            """
        # INSERT OR REPLACE removes the row that was there, and SQLite then fires no trigger on delete.
        yield f"""
            CREATE TRIGGER IF NOT EXISTS {table}_refuses_replace BEFORE INSERT ON {table}
            WHEN EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})
            BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
        """  # noqa: S608 (names of our own tables)
    yield f"""
        CREATE TRIGGER IF NOT EXISTS {ENTRY}_queues AFTER INSERT ON {ENTRY}
        BEGIN INSERT INTO {PENDING} (entry_id) VALUES (NEW.id); END
    """  # noqa: S608
    for one in frozen:
        table, refuse = one.table, f"BEGIN SELECT RAISE(ABORT, '{FROZEN}'); END"
        same = " AND ".join(f"NEW.{column} IS OLD.{column}" for column in one.others)
        yield f"""
            CREATE TRIGGER IF NOT EXISTS {table}_refuses_update BEFORE UPDATE ON {table}
            WHEN NOT ({RENEWING.format(schema="")} AND {same}) {refuse}
        """
        yield f"""
            CREATE TRIGGER IF NOT EXISTS {table}_refuses_delete BEFORE DELETE ON {table}
            WHEN EXISTS (SELECT 1 FROM {SUBJECT} WHERE id = OLD.subject_id AND erased_at IS NULL) {refuse}
        """  # noqa: S608
        yield f"""
            CREATE TRIGGER IF NOT EXISTS {table}_refuses_replace BEFORE INSERT ON {table}
            WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id) {refuse}
        """  # noqa: S608


def _on_postgresql(schema: str, frozen: Iterable[Frozen]) -> Iterator[str]:
    yield from _refusing_on_postgresql()
    yield from _queueing_on_postgresql(schema)
    yield from _freezing_on_postgresql(schema, frozen)


def _refusing_on_postgresql() -> Iterator[str]:
    yield f"""
        CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$
    """
    for table in KEPT:
        for event, each in EVENTS:
            yield f"""
                CREATE OR REPLACE TRIGGER {table}_refuses_{event.lower()} BEFORE {event} ON {table}
                FOR EACH {each} EXECUTE FUNCTION audit_refuse()
            """


def _queueing_on_postgresql(schema: str) -> Iterator[str]:
    # As its owner: who writes entries can't write to the queue. The search path is fixed and names pg_temp last, or else
    # a temporary table of the same name would lead the function astray.
    yield f"""
        CREATE OR REPLACE FUNCTION audit_queue() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = {schema}, pg_temp AS
        $$ BEGIN INSERT INTO {PENDING} (entry_id) SELECT id FROM added; RETURN NULL; END $$
    """  # noqa: S608
    yield f"""
        CREATE OR REPLACE TRIGGER {ENTRY}_queues AFTER INSERT ON {ENTRY}
        REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION audit_queue()
    """


def _freezing_on_postgresql(schema: str, frozen: Iterable[Frozen]) -> Iterator[str]:
    yield f"""
        CREATE OR REPLACE FUNCTION frozen_refuse() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN
            IF TG_OP = 'UPDATE' THEN
                IF {RENEWING.format(schema=f"{schema}.")} AND to_jsonb(NEW) - TG_ARGV = to_jsonb(OLD) - TG_ARGV THEN
                    RETURN NEW;
                END IF;
            ELSIF TG_OP = 'DELETE' THEN
                IF NOT EXISTS (SELECT 1 FROM {schema}.{SUBJECT} WHERE id = OLD.subject_id AND erased_at IS NULL) THEN
                    RETURN OLD;
                END IF;
            END IF;
            RAISE EXCEPTION '{FROZEN}' USING ERRCODE = 'integrity_constraint_violation';
        END $$
    """  # noqa: S608
    for one in frozen:
        sealed = ", ".join(f"'{column}'" for column in one.sealed)
        for event, each in EVENTS:
            yield f"""
                CREATE OR REPLACE TRIGGER {one.table}_refuses_{event.lower()} BEFORE {event} ON {one.table}
                FOR EACH {each} EXECUTE FUNCTION frozen_refuse({sealed})
            """


def _guardable(connection: BaseDatabaseWrapper) -> bool:
    """Whether the tables are there; on PostgreSQL, whether we own them, too: the application's role can't guard them."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            query = "SELECT 1 FROM pg_tables WHERE schemaname = current_schema() AND tablename = %s AND tableowner = current_user"
        else:
            query = "SELECT 1 FROM sqlite_schema WHERE name = %s"
        cursor.execute(query, [SEAL])
        return cursor.fetchone() is not None


def _schema(cursor: CursorWrapper) -> str:
    """The schema that holds the tables, quoted."""
    cursor.execute("SELECT quote_ident(current_schema())")
    return str(cursor.fetchone()[0])


def _grant(cursor: CursorWrapper, role: str) -> None:
    """Give the application's role what it needs on each table, and take whatever else it had."""
    cursor.execute("SELECT current_user")
    if cursor.fetchone() == (role,):
        log.warning("the role %s serves and owns the audit tables: give the tables an owner of their own", role)
        return
    quote = cursor.db.ops.quote_name
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() AND tableowner = current_user")
    for (table,) in cursor.fetchall():
        cursor.execute(f"REVOKE ALL ON {quote(table)} FROM {quote(role)}, PUBLIC")
        cursor.execute(f"GRANT {_rights(table)} ON {quote(table)} TO {quote(role)}")
    schema = _schema(cursor)
    cursor.execute(f"GRANT USAGE ON SCHEMA {schema} TO {quote(role)}")
    cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {quote(role)}")


def _rights(table: str) -> str:
    if frozen := _frozen.get(table):
        return f"SELECT, INSERT, DELETE, UPDATE ({', '.join(frozen.sealed)})"
    return RIGHTS.get(table, RIGHTS_ELSEWHERE)


def missing(connection: BaseDatabaseWrapper) -> list[str]:
    """Names of the triggers that should stand and don't, or are switched off."""
    guarded, last = [*KEPT, *_frozen], "truncate" if connection.vendor == "postgresql" else "replace"
    expected = {f"{table}_refuses_{event}" for table in guarded for event in ("update", "delete", last)}
    expected.add(f"{ENTRY}_queues")
    if connection.vendor == "postgresql":
        tables = ", ".join(f"'{table}'::regclass" for table in guarded)
        query = f"SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A') AND tgrelid IN ({tables})"  # noqa: S608
    else:
        query = "SELECT name FROM sqlite_schema WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return sorted(expected - {name for (name,) in cursor.fetchall()})
