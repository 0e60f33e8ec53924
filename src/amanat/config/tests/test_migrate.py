"""Tables are made and changed in quick ways. They are those that Django's own way makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.core.management import call_command
from django.core.management.commands.migrate import Command as Usual
from django.db import connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

from amanat.config.management.commands import migrate
from amanat.vault.first_tables import drawing_all_only_for_keys
from tests.served import own_database

pytestmark = pytest.mark.django_db
ON_SQLITE = [
    "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE type <> 'trigger' ORDER BY type, name",
]
ON_POSTGRESQL = [
    """SELECT table_name, column_name, data_type, character_maximum_length, is_nullable, column_default, is_identity
       FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, column_name""",
    "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname",
    """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
       WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2""",
]


@pytest.fixture
def another(tmp_path: Path) -> Iterator[BaseDatabaseWrapper]:
    """An empty database beside that of the tests; on PostgreSQL we are its owner."""
    with own_database() as urls:
        wrapper = connection.copy(alias="another")
        wrapper.settings_dict["NAME"] = str(tmp_path / "another.db")
        if urls:
            owner = urlsplit(urls["AMANAT_DATABASE_OWNER"])
            wrapper.settings_dict |= {"NAME": owner.path.lstrip("/"), "USER": owner.username}
        wrapper.ensure_connection()  # Django's tests let nobody connect by a name that they know
        connections["another"] = wrapper
        yield wrapper
        wrapper.close()
        del connections["another"]


def tables(of: BaseDatabaseWrapper) -> list[Any]:
    """All but triggers, which each `migrate` makes anew."""
    found = []
    with of.cursor() as cursor:
        for question in ON_POSTGRESQL if of.vendor == "postgresql" else ON_SQLITE:
            cursor.execute(question)
            found.append(cursor.fetchall())
    return found


@pytest.mark.parametrize(
    "way", [drawing_all_only_for_keys, pytest.param(nullcontext, marks=pytest.mark.thorough, id="Django's own")]
)
def test_the_first_tables_are_those_of_other_ways(
    another: BaseDatabaseWrapper, way: Callable[[], AbstractContextManager[None]]
) -> None:
    """Those of the tests were made in the quickest way; an update goes through the same migrations in another one."""
    with way():
        executor = MigrationExecutor(another)
        executor.migrate(executor.loader.graph.leaf_nodes())
    assert tables(another) == tables(connection)


@pytest.mark.sqlcipher_only
def test_what_has_tables_is_migrated_in_the_slower_way(
    another: BaseDatabaseWrapper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There may be rows that refer to a key that changes."""
    ways: list[str] = []

    @contextmanager
    def noted(way: str) -> Iterator[None]:
        ways.append(way)
        yield

    for way in ("drawing_one_model_a_step", "drawing_all_only_for_keys"):
        monkeypatch.setattr(migrate, way, partial(noted, way))
    monkeypatch.setattr(Usual, "handle", lambda *_args, **_options: None)
    for database in (connection, another):
        monkeypatch.setattr(migrate, "connections", {"default": database})
        call_command("migrate", verbosity=0, interactive=False)
    assert ways == ["drawing_all_only_for_keys", "drawing_one_model_a_step"]
