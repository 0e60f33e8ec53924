"""Fixtures of the log's tests: a child, a worker, and how somebody with the database's own rights changes rows."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from amanat.audit.models import Entry, Outcome
from amanat.audit.recording import record
from amanat.audit.tests import NOON
from amanat.people.models import Agency, Membership, Role, User
from amanat.vault.models import Subject, SubjectKind
from tests.database import connect_as, owning_role


@pytest.fixture
def child(db: None) -> Subject:
    return Subject.objects.begin(SubjectKind.CHILD)


@pytest.fixture
def jemal(db: None) -> Membership:
    agency = Agency.objects.create(name="Centre of assistance", kind="ngo")
    user = User.objects.create(username="jemal", display_name="Jemal")
    return Membership.objects.create(user=user, agency=agency, role=Role.SOCIAL_WORKER, since=NOON - timedelta(days=9))


@pytest.fixture
def look(child: Subject, jemal: Membership) -> Callable[..., Entry]:
    """Jemal looks at the child's file."""

    def look(**mark: Any) -> Entry:
        usual: dict[str, Any] = {
            "at": NOON,
            "user": jemal.user,
            "membership": jemal,
            "verb": "see",
            "outcome": Outcome.READ,
            "subject": child,
            "page": "cases:file",
            "details": {"parts": ["identity"], "reason": "a visit tomorrow"},
        }
        return record(**(usual | mark))

    return look


@pytest.fixture
def unguarded(transactional_db: None) -> Callable[[], AbstractContextManager[None]]:
    """The rights of whoever holds the file or the owning role: triggers out of the way, and carefully put back."""
    return _unguarded_sqlcipher if connection.vendor == "sqlite" else _unguarded_postgres


@contextmanager
def _unguarded_sqlcipher() -> Iterator[None]:
    with transaction.atomic(), connection.cursor() as cursor:
        triggers = cursor.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
        for name, _definition in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield
        for _name, definition in triggers:
            cursor.execute(definition)


@contextmanager
def _unguarded_postgres() -> Iterator[None]:
    application = connection.settings_dict["USER"]
    connect_as(owning_role())
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for table in ("audit_entry", "audit_seal"):
                cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            yield
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # deferred checks would be in the way of the next line
            for table in ("audit_entry", "audit_seal"):
                cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
    finally:
        connect_as(application)
