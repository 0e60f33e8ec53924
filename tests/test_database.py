"""What the other tests rely on: who we are in the test database, and that nothing stays behind, not even in the audit log."""

import pytest
from django.core.management import call_command
from django.db import DatabaseError, ProgrammingError, connection, transaction
from django.utils import timezone

from amanat.audit import guards
from amanat.audit.models import Entry, Outcome
from amanat.audit.recording import record
from tests.database import application_role


@pytest.mark.postgres_only
@pytest.mark.django_db
def test_we_are_the_application_and_may_not_make_a_table():
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        assert cursor.fetchone() == (application_role(),)
        with pytest.raises(ProgrammingError, match="permission denied"):
            cursor.execute("CREATE TABLE mine (id int)")


@pytest.mark.django_db(transaction=True)
def test_emptying_the_tables_after_a_test_gets_past_the_guards_and_leaves_them_standing():
    with transaction.atomic():
        record(at=timezone.now(), verb="look", outcome=Outcome.READ)
    with pytest.raises(DatabaseError):
        Entry.objects.all().delete()
    call_command("flush", interactive=False)
    assert not Entry.objects.exists()
    assert guards.missing(connection) == []
