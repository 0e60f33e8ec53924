"""An entry is kept exactly if what it tells of is; a refusal is kept although what was refused is not."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from amanat.audit import recording
from amanat.audit.models import Entry, Outcome, Pending
from amanat.audit.recording import office_subject, record, record_many, record_refusal
from amanat.audit.tests import NOON
from amanat.people.models import Agency
from amanat.vault.models import Erased, Subject, SubjectKind
from amanat.vault.sealing import open_sealed

Look = Callable[..., Entry]


class Mishap(Exception):
    """Something goes wrong in the middle of a verb."""


@transaction.atomic
def go_wrong_after(step: Callable[[], object]) -> None:
    step()
    raise Mishap


@pytest.mark.django_db(transaction=True)
def test_an_entry_goes_when_its_verb_is_rolled_back(look: Look) -> None:
    with pytest.raises(Mishap):
        go_wrong_after(look)

    assert not Entry.objects.exists()
    assert not Pending.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_refusal_stays_when_what_was_refused_is_rolled_back(child: Subject) -> None:
    try:
        go_wrong_after(lambda: Agency.objects.create(name="Never", kind="ngo"))
    except Mishap:
        record_refusal(
            at=NOON, verb="see", outcome=Outcome.REFUSED, subject=child, details={"reason": "not in the circle"}
        )

    assert not Agency.objects.exists()
    assert Entry.objects.get().outcome == Outcome.REFUSED


@pytest.mark.django_db(transaction=True)
def test_a_refusal_is_not_written_into_a_transaction_that_may_still_be_rolled_back(child: Subject) -> None:
    with transaction.atomic(), pytest.raises(RuntimeError, match="durable"):
        record_refusal(at=NOON, verb="see", outcome=Outcome.REFUSED, subject=child)


def test_details_are_sealed_under_the_key_of_whom_they_are_about(look: Look, child: Subject) -> None:
    entry = Entry.objects.get(id=look(details={"reason": "Aýna asked"}).id)

    assert open_sealed(entry, "details") == {"reason": "Aýna asked"}
    assert "Aýna" not in repr(entry.details)
    assert entry.subject_id == child.id
    with connection.cursor() as cursor:
        cursor.execute("SELECT details FROM audit_entry")
        assert "Aýna".encode() not in bytes(cursor.fetchone()[0])


def test_nothing_is_sealed_under_a_key_that_was_erased(look: Look, child: Subject) -> None:
    Subject.objects.filter(id=child.id).update(wrapped_key=b"", erased_at=NOON)
    erased = Subject.objects.get(id=child.id)

    with pytest.raises(Erased), transaction.atomic():
        look(subject=erased)
    assert not look(subject=erased, details=None).details


def test_what_concerns_no_child_belongs_to_the_office(db: None) -> None:
    first = record(at=NOON, verb="sign_in", outcome=Outcome.DONE)
    second = record(at=NOON, verb="sign_in", outcome=Outcome.DONE)

    assert first.subject == second.subject == Subject.objects.get(kind=SubjectKind.OFFICE)


@pytest.mark.django_db(transaction=True)
def test_an_office_subject_that_was_rolled_back_is_not_remembered() -> None:
    with pytest.raises(Mishap):
        go_wrong_after(office_subject)

    assert Subject.objects.filter(id=office_subject().id).exists()


@pytest.mark.django_db(transaction=True)
def test_the_office_subject_is_asked_of_the_database_once() -> None:
    office_subject()
    with CaptureQueriesContext(connection) as queries:
        office_subject()
    assert not queries
    assert recording._office is not None


@pytest.mark.django_db(transaction=True)
def test_one_entry_costs_one_query_and_a_hundred_cost_one_too(child: Subject) -> None:
    mark = recording.Mark(at=NOON, verb="register", outcome=Outcome.DONE, subject=child, details={"sheet": 4})
    with transaction.atomic():
        with CaptureQueriesContext(connection) as one:
            record(**mark)
        with CaptureQueriesContext(connection) as many:
            record_many([mark] * 100)

    assert [query["sql"][:11] for query in one] == ["INSERT INTO"]
    told = [query["sql"].removeprefix("100 times: ")[:11] for query in many if "SAVEPOINT" not in query["sql"]]
    assert told == ["INSERT INTO"]
    assert Entry.objects.count() == Pending.objects.count() == 101
