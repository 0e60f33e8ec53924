"""Everything that was committed is sealed once, whoever writes meanwhile and whatever goes wrong in between."""

import logging
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amanat.audit import sealer
from amanat.audit.models import Entry, Outcome, Pending, Seal
from amanat.audit.recording import Mark, record, record_many
from amanat.audit.sealer import MOST, Sealer, seal_pending
from amanat.audit.tests import LATER, NOON
from amanat.audit.verify import verify
from amanat.vault import keys, rounds
from amanat.vault.models import Subject, SubjectKind
from tests.database import connect_as, owning_role

Look = Callable[..., Entry]

pytestmark = pytest.mark.django_db(transaction=True)


class Killed(Exception):
    """The process ends here."""


def sealed() -> list[uuid.UUID]:
    return [uuid.UUID(id_) for entries in Seal.objects.values_list("entries", flat=True) for id_ in entries]


def mark(subject: Subject, **details: object) -> Mark:
    return Mark(at=NOON, verb="see", outcome=Outcome.READ, subject=subject, details=details)


@contextmanager
def worker() -> Iterator[ThreadPoolExecutor]:
    """One thread with a database connection of its own, for steps that are handed to it one by one."""
    with ThreadPoolExecutor(1) as thread:
        yield thread
        thread.submit(lambda: connection.close()).result()  # its own, not ours


def test_nothing_waiting_makes_no_seal() -> None:
    assert seal_pending(NOON) == 0
    assert not Seal.objects.exists()


def test_what_waits_is_sealed_and_leaves_the_queue(look: Look) -> None:
    looks = {look().id, look().id}

    assert seal_pending(NOON) == 2

    assert not Pending.objects.exists()
    assert set(sealed()) == looks
    assert verify(now=LATER).holds


def test_a_long_queue_is_sealed_in_pieces(child: Subject) -> None:
    record_many([mark(child)] * (2 * MOST + 1))

    assert seal_pending(NOON) == 2 * MOST + 1

    assert [len(seal.entries) for seal in Seal.objects.all()] == [MOST, MOST, 1]
    assert verify(now=LATER).holds


def test_an_entry_with_a_smaller_id_that_is_committed_late_is_taken_by_the_next_round(child: Subject) -> None:
    entries = [Entry(id=uuid.UUID(int=number), subject=child, at=NOON, verb="see", outcome="read") for number in (9, 1)]
    for number, entry in enumerate(entries, start=1):
        entry.save(force_insert=True)
        assert seal_pending(NOON) == 1
        assert Seal.objects.count() == number
    assert verify(now=LATER).holds


@pytest.mark.postgres_only
def test_an_entry_of_a_transaction_that_is_still_open_waits_for_the_next_round(child: Subject) -> None:
    with worker() as slow:
        verb = transaction.atomic()
        slow.submit(verb.__enter__).result()
        late = slow.submit(record, **mark(child)).result()
        quick = record(**mark(child))

        assert seal_pending(NOON) == 1
        slow.submit(verb.__exit__, None, None, None).result()
        assert seal_pending(NOON) == 1

    assert sealed() == [quick.id, late.id]
    assert verify(now=LATER).holds


@pytest.mark.parametrize("moment", ["mac", "digest"])
def test_a_sealer_that_is_killed_half_way_leaves_nothing_half_done(
    look: Look, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    def killed(*_arguments: object) -> bytes:
        raise Killed

    look()
    with monkeypatch.context() as patch:
        patch.setattr(sealer.chain, moment, killed)
        with pytest.raises(Killed):
            seal_pending(NOON)

    assert (Seal.objects.count(), Pending.objects.count()) == (0, 1)
    assert seal_pending(NOON) == 1


def test_a_sealer_that_is_killed_before_the_queue_is_emptied_leaves_no_seal(look: Look) -> None:
    def killed(execute: Callable[..., object], sql: str, *rest: object) -> object:
        if sql.startswith("DELETE"):
            raise Killed
        return execute(sql, *rest)

    look()
    with pytest.raises(Killed), connection.execute_wrapper(killed):
        seal_pending(NOON)

    assert (Seal.objects.count(), Pending.objects.count()) == (0, 1)
    assert seal_pending(NOON) == 1
    assert verify(now=LATER).holds


def test_ten_threads_record_while_two_seal(child: Subject) -> None:
    begin, written = threading.Barrier(12), threading.Event()

    def write(thread: int) -> None:
        begin.wait()
        for number in range(10):
            record(**mark(child, thread=thread, number=number))
        connection.close()

    def seal() -> int:
        begin.wait()
        count = 0
        while not written.is_set():
            count += seal_pending(NOON)
        count += seal_pending(NOON)
        connection.close()
        return count

    with ThreadPoolExecutor(12) as threads:
        sealers = [threads.submit(seal) for _ in range(2)]
        for writer in [threads.submit(write, thread) for thread in range(10)]:
            writer.result()
        written.set()
        assert sum(each.result() for each in sealers) == 100

    report = verify(now=LATER)
    assert (report.holds, report.entries) == (True, 100)
    assert Counter(sealed()).most_common(1)[0][1] == 1


steps = st.lists(st.sampled_from(["record", "many", "roll back", "seal", "die while sealing"]), max_size=12)


@given(steps)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_happens_in_whatever_order_each_entry_is_sealed_once(transactional_db: None, order: list[str]) -> None:
    child = Subject.objects.begin(SubjectKind.CHILD)
    for step in order:
        try:
            with transaction.atomic():
                if step == "record":
                    record(**mark(child))
                elif step == "many":
                    record_many([mark(child)] * 3)
                elif step == "roll back":
                    record(**mark(child))
                    raise Killed
                else:
                    seal_pending(NOON)
                    if step == "die while sealing":
                        raise Killed
        except Killed:
            continue
    seal_pending(NOON)

    assert verify(now=LATER).holds
    assert sorted(sealed()) == sorted(Entry.objects.values_list("id", flat=True))
    assert Entry.objects.filter(subject=child).count() == order.count("record") + 3 * order.count("many")


@pytest.mark.postgres_only
@given(st.lists(st.tuples(st.integers(0, 2), st.sampled_from(["record", "commit", "roll back", "seal"])), max_size=14))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_three_open_transactions_and_a_sealer_in_any_order(
    transactional_db: None, order: list[tuple[int, str]]
) -> None:
    child = Subject.objects.begin(SubjectKind.CHILD)
    with worker() as first, worker() as second, worker() as third:
        workers, open_ = [first, second, third], dict[int, transaction.Atomic]()

        def end(number: int, error: BaseException | None) -> None:
            kind = type(error) if error else None
            workers[number].submit(open_.pop(number).__exit__, kind, error, None).result()

        for number, step in order:
            if step == "seal":
                seal_pending(NOON)
            elif step == "record":
                if number not in open_:
                    open_[number] = transaction.atomic()
                    workers[number].submit(open_[number].__enter__).result()
                workers[number].submit(record, **mark(child)).result()
            elif number in open_:
                end(number, Killed() if step == "roll back" else None)
        for number in list(open_):
            end(number, None)
    seal_pending(NOON)

    assert verify(now=LATER).holds
    assert sorted(sealed()) == sorted(Entry.objects.values_list("id", flat=True))


class Clock:
    """Noon; tells when somebody asked."""

    def __init__(self) -> None:
        self.asked = threading.Event()

    def __call__(self) -> datetime:
        self.asked.set()
        return NOON


def test_the_thread_seals_what_waited_before_it_started(look: Look) -> None:
    look()
    clock = Clock()
    thread = Sealer(clock, every=0.001)
    thread.start()
    assert clock.asked.wait(timeout=20)
    rounds.end([], thread, within=0.0)

    assert not Pending.objects.exists()
    assert verify(now=LATER).holds


def test_a_thread_that_is_stopped_seals_what_still_waits(look: Look) -> None:
    thread = Sealer(Clock(), every=3600)
    thread.start()
    look()
    rounds.end([], thread, within=0.0)

    assert not Pending.objects.exists()


def test_the_thread_waits_out_a_locked_workspace(
    look: Look, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    look()
    thread = Sealer(Clock())
    with monkeypatch.context() as patch, worker() as elsewhere:
        elsewhere.submit(Pending.objects.exists).result()  # connects while there is a key
        patch.setattr(keys, "_held", None)
        elsewhere.submit(thread.round).result()
        assert Pending.objects.exists()

    thread.round()

    assert not Pending.objects.exists()
    assert [message.levelno for message in caplog.records] == [logging.ERROR]


def test_the_thread_outlives_an_error_of_the_database_and_tells_of_it_once(
    look: Look, caplog: pytest.LogCaptureFixture
) -> None:
    look()
    thread = Sealer(Clock())
    rename("audit_pending", "audit_pending_away")
    thread.round()
    thread.round()
    rename("audit_pending_away", "audit_pending")

    thread.round()

    assert not Pending.objects.exists()
    assert [message.getMessage() for message in caplog.records] == ["audit entries wait for their seal"]


def rename(table: str, name: str) -> None:
    application = connection.settings_dict["USER"]
    connect_as(owning_role())
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} RENAME TO {name}")
    connect_as(application)
