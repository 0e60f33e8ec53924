"""What was agreed stays as it was: the database itself refuses to change or delete it until the child is erased."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from amanat.audit import guards
from amanat.desk.tests.rotated import finish
from amanat.plans.models import FrozenPlan
from amanat.plans.tests.planned import Drafted, drafted, team
from amanat.vault import erasing, resealing
from amanat.vault.sealing import open_sealed
from tests.cast import NOW

__all__ = ["drafted", "team"]  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]


def kept() -> bytes:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT content FROM {FrozenPlan._meta.db_table}")
        return bytes(cursor.fetchone()[0])


def test_no_way_changes_or_takes_away_what_was_agreed(drafted: Drafted) -> None:
    drafted.agree()
    frozen = FrozenPlan.objects.get()
    before = kept()
    table = FrozenPlan._meta.db_table

    def sent(statement: str) -> Any:
        with connection.cursor() as cursor:
            return cursor.execute(statement)

    frozen.content = {"rows": {}, "sha256": ""}
    ways = [
        frozen.save,
        frozen.delete,
        lambda: FrozenPlan.objects.update(content=b"x"),
        lambda: FrozenPlan.objects.bulk_update([frozen], ["content"]),
        lambda: FrozenPlan.objects.all().delete(),
        lambda: sent(f"UPDATE {table} SET content = NULL"),
        lambda: sent(f"DELETE FROM {table}"),
    ]
    for way in ways:
        with pytest.raises((DatabaseError, TypeError)), transaction.atomic():
            way()
    assert kept() == before


def test_it_goes_with_the_child(drafted: Drafted) -> None:
    drafted.agree()
    erasing.erase([drafted.case.subject_id], NOW)
    assert not FrozenPlan.objects.exists()


def test_a_lost_trigger_is_named() -> None:
    assert guards.missing(connection) == []


def test_it_moves_to_a_new_data_key_and_nothing_else_of_it_changes_meanwhile(drafted: Drafted) -> None:
    drafted.agree()
    before, text = kept(), open_sealed(FrozenPlan.objects.select_related("subject").get(), "content")
    resealing.begin(drafted.case.subject, NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        FrozenPlan.objects.update(id=uuid.uuid4())
    finish()
    assert kept() != before
    assert open_sealed(FrozenPlan.objects.select_related("subject").get(), "content") == text
