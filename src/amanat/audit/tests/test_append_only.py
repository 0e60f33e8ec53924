"""The database itself refuses to change or remove what was logged, whoever asks through the application."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from amanat.audit import guards
from amanat.audit.models import Entry, Pending, Seal
from amanat.audit.sealer import seal_pending
from amanat.audit.tests import NOON
from tests.database import owner_connection

pytestmark = pytest.mark.django_db


def refused(sql: str, error: type[Exception] = DatabaseError, match: str = "") -> None:
    with pytest.raises(error, match=match), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("model", [Entry, Seal])
def test_a_row_can_be_neither_changed_nor_removed(look: Callable[..., Entry], model: type[Entry] | type[Seal]) -> None:
    look()
    seal_pending(NOON)
    changed = {"verb": "nothing"} if model is Entry else {"entries": []}

    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.update(**changed)
    with pytest.raises(DatabaseError), transaction.atomic():
        model.objects.all().delete()

    assert model.objects.count() == 1


@pytest.mark.sqlcipher_only
def test_a_row_cannot_be_replaced_by_another_with_its_key(look: Callable[..., Entry]) -> None:
    look()
    seal_pending(NOON)
    for table in guards.KEPT:
        refused(f"INSERT OR REPLACE INTO {table} SELECT * FROM {table}", IntegrityError, guards.REFUSAL)


@pytest.mark.sqlcipher_only
def test_the_triggers_that_a_rebuilt_table_lost_are_put_back_by_the_next_migrate(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER audit_entry_refuses_delete")
    assert guards.missing(connection) == ["audit_entry_refuses_delete"]

    guards.after_migrate(using="default")

    assert guards.missing(connection) == []


@pytest.mark.postgres_only
@pytest.mark.parametrize(
    "sql",
    [
        "ALTER TABLE audit_entry DISABLE TRIGGER ALL",
        "ALTER TABLE audit_seal ADD COLUMN note text",
        "DROP TRIGGER audit_entry_refuses_update ON audit_entry",
        "DROP TABLE audit_seal",
        "TRUNCATE audit_entry",
        "CREATE OR REPLACE FUNCTION audit_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
        "SET session_replication_role = replica",
        "CREATE TABLE mine (id int)",
        "UPDATE audit_entry SET verb = 'nothing'",
        "UPDATE audit_pending SET entry_id = gen_random_uuid()",
        "INSERT INTO audit_pending VALUES (gen_random_uuid())",
        "UPDATE django_migrations SET name = 'x'",
    ],
)
def test_the_application_has_no_right_to(sql: str) -> None:
    refused(sql, match="permission denied|must be owner")


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_not_even_the_owner_changes_a_row_by_accident(look: Callable[..., Entry]) -> None:
    look()
    for sql in ("UPDATE audit_entry SET verb = 'x'", "DELETE FROM audit_entry", "TRUNCATE audit_entry"):
        with owner_connection() as owner, pytest.raises(Exception, match=guards.REFUSAL):
            owner.execute(sql.encode())


@pytest.mark.postgres_only
def test_a_temporary_table_of_the_same_name_does_not_catch_what_should_be_queued(look: Callable[..., Entry]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE audit_pending (entry_id uuid)")
        entry = look()
        cursor.execute("DROP TABLE pg_temp.audit_pending")
    assert Pending.objects.get().entry_id == entry.id


def test_whoever_inserts_an_entry_by_whatever_way_queues_it(look: Callable[..., Entry]) -> None:
    entry = look()
    assert Pending.objects.get().entry_id == entry.id
