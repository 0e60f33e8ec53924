"""Whatever somebody with the database's own rights does to the log, without the audit key, is found and named."""

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import BinaryField, Value

from amanat.audit import chain
from amanat.audit.chain import Head
from amanat.audit.models import Entry, Outcome, Pending, Seal
from amanat.audit.queries import head
from amanat.audit.recording import record_many
from amanat.audit.sealer import seal_pending
from amanat.audit.tests import LATER, NOON
from amanat.audit.verify import GRACE, Fault, Kind, verify
from amanat.people.models import User
from amanat.vault.models import Subject
from amanat.vault.snapshots import snapshot

Look = Callable[..., Entry]
Unguarded = Callable[[], AbstractContextManager[None]]

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def log(look: Look, transactional_db: None) -> list[Entry]:
    """Three seals with two entries each; the entries in the order in which they were written."""
    entries = []
    for _seal in range(3):
        entries += [look(), look()]
        seal_pending(NOON)
    return entries


def faults() -> list[Fault]:
    return verify(now=LATER).faults


def test_a_log_that_nobody_touched_holds(log: list[Entry]) -> None:
    report = verify(now=LATER)
    assert (report.holds, report.entries, report.seals, report.head) == (True, 6, 3, head())


def test_an_empty_log_holds() -> None:
    assert verify(now=LATER).holds


@pytest.mark.parametrize(
    "changed",
    [
        {"at": NOON + timedelta(microseconds=1)},
        {"user": None},
        {"membership": None},
        {"verb": "sign_in"},
        {"outcome": "done"},
        {"page": ""},
        {"details": None},
        {"details": Value(b"\x01something else", output_field=BinaryField())},
    ],
    ids=lambda changed: ",".join(changed),
)
def test_a_changed_column_is_found(log: list[Entry], unguarded: Unguarded, changed: dict[str, object]) -> None:
    with unguarded():
        assert Entry.objects.filter(id=log[3].id).update(**changed) == 1
    assert faults() == [Fault(Kind.CHANGED, seal=2, entry=log[3].id)]


def test_an_entry_that_was_given_to_another_subject_or_worker_is_found(log: list[Entry], unguarded: Unguarded) -> None:
    other = User.objects.create(username="merdan", display_name="Merdan")
    another = Subject.objects.begin("child")
    with unguarded():
        Entry.objects.filter(id=log[0].id).update(user=other)
        Entry.objects.filter(id=log[5].id).update(subject=another)
    assert faults() == [Fault(Kind.CHANGED, seal=1, entry=log[0].id), Fault(Kind.CHANGED, seal=3, entry=log[5].id)]


def test_a_removed_entry_is_found(log: list[Entry], unguarded: Unguarded) -> None:
    with unguarded():
        Entry.objects.filter(id=log[2].id).delete()
    assert faults() == [Fault(Kind.MISSING, seal=2, entry=log[2].id)]


def test_an_entry_that_was_removed_before_it_was_sealed_is_found(look: Look, unguarded: Unguarded) -> None:
    entry = look()
    with unguarded():
        Entry.objects.all().delete()
    seal_pending(NOON)
    assert faults() == [Fault(Kind.MISSING, seal=1, entry=entry.id)]


def test_an_entry_that_was_taken_out_of_the_queue_is_found(look: Look) -> None:
    entry = look()
    Pending.objects.all().delete()
    seal_pending(NOON)
    assert faults() == [Fault(Kind.UNSEALED, entry=entry.id)]


def test_an_entry_may_wait_ten_seconds_for_its_seal(look: Look) -> None:
    look()
    assert verify(now=NOON + GRACE).holds
    assert not verify(now=NOON + GRACE + timedelta(microseconds=1)).holds


def test_a_removed_seal_leaves_a_gap(log: list[Entry], unguarded: Unguarded) -> None:
    with unguarded():
        Seal.objects.filter(number=2).delete()
    assert {(fault.kind, fault.seal) for fault in faults()} == {(Kind.GAP, 3), (Kind.UNSEALED, None)}


def test_a_seal_that_was_moved_into_the_gap_breaks_the_chain(log: list[Entry], unguarded: Unguarded) -> None:
    with unguarded():
        Seal.objects.filter(number=2).delete()
        Seal.objects.filter(number=3).update(number=2)
    assert Fault(Kind.CHAIN, seal=2) in faults()


@pytest.mark.parametrize(
    "changed",
    [{"sealed_at": LATER}, {"entries": []}, {"fingerprints": b""}, {"fingerprints": bytes(64)}, {"entries": {}}],
    ids=str,
)
def test_a_changed_seal_breaks_the_chain(log: list[Entry], unguarded: Unguarded, changed: dict[str, object]) -> None:
    with unguarded():
        Seal.objects.filter(number=2).update(**changed)
    assert Fault(Kind.CHAIN, seal=2) in faults()


def test_a_chain_that_was_computed_anew_lacks_the_key(log: list[Entry], unguarded: Unguarded) -> None:
    """The attacker knows this source and everything in the database: the chain fits, the MACs can't."""
    with unguarded():
        Entry.objects.filter(id=log[5].id).update(user=None, membership=None)
        seal = Seal.objects.get(number=3)
        row = chain.rows(Entry.objects.filter(id__in=[log[4].id, log[5].id]))
        prints = {held[0]: chain.fingerprint(held) for held in row}
        before = bytes(Seal.objects.get(number=2).digest)
        pairs = [(id_, prints[id_]) for id_ in map(uuid.UUID, seal.entries)]
        Seal.objects.filter(number=3).update(
            fingerprints=b"".join(print_ for _id, print_ in pairs),
            digest=chain.digest(before, 3, seal.sealed_at, pairs),
        )
    assert faults() == [Fault(Kind.MAC, seal=3)]


def test_an_entry_that_is_sealed_twice_is_found(look: Look, unguarded: Unguarded) -> None:
    entry = look()
    seal_pending(NOON)
    with unguarded():
        Pending.objects.create(entry_id=entry.id)
    seal_pending(NOON)
    assert faults() == [Fault(Kind.TWICE, seal=2, entry=entry.id)]


def test_seals_that_were_cut_off_with_their_entries_are_found_by_a_head_that_was_written_down(
    log: list[Entry], unguarded: Unguarded
) -> None:
    known = Head.parse(str(head()))
    with unguarded():
        Seal.objects.filter(number=3).delete()
        Entry.objects.filter(id__in=[log[4].id, log[5].id]).delete()

    assert verify(now=LATER).holds
    assert verify(now=LATER, against=known).faults == [Fault(Kind.HEAD, name=str(known))]


def test_an_older_head_is_still_in_a_chain_that_grew(log: list[Entry], look: Look) -> None:
    known = Head.parse(str(head()))
    look()
    seal_pending(NOON)
    assert verify(now=LATER, against=known).holds


def test_an_erased_child_leaves_the_log_verifying(log: list[Entry], child: Subject) -> None:
    Subject.objects.filter(id=child.id).update(wrapped_key=b"", erased_at=NOON)
    assert verify(now=LATER).holds


def test_triggers_that_are_out_of_the_way_are_found(unguarded: Unguarded) -> None:
    with unguarded():
        found = faults()
    assert {fault.kind for fault in found} == {Kind.UNGUARDED}
    assert {f"audit_{table}_refuses_{event}" for table in ("entry", "seal") for event in ("update", "delete")} < {
        fault.name for fault in found
    }


def test_a_log_in_several_passes_is_read_as_in_one(log: list[Entry], look: Look, unguarded: Unguarded) -> None:
    unsealed = look()
    Pending.objects.all().delete()
    with unguarded():
        Pending.objects.create(entry_id=log[0].id)
    seal_pending(NOON)

    report = verify(now=LATER, ids_a_pass=2)

    assert report.entries == 7
    assert set(report.faults) == {Fault(Kind.UNSEALED, entry=unsealed.id), Fault(Kind.TWICE, seal=4, entry=log[0].id)}


def test_a_verification_sees_one_moment_and_keeps_nobody_waiting(look: Look) -> None:
    look()
    with snapshot(), ThreadPoolExecutor(1) as elsewhere:
        assert Entry.objects.count() == 1
        elsewhere.submit(look).result()
        elsewhere.submit(lambda: connection.close()).result()
        assert Entry.objects.count() == 1
    assert Entry.objects.count() == 2


def test_faults_beyond_a_thousand_are_only_counted(child: Subject) -> None:
    record_many([{"at": NOON, "verb": "see", "outcome": Outcome.READ, "subject": child}] * 1003)
    report = verify(now=LATER)
    assert (len(report.faults), report.unnamed) == (1000, 3)


def test_the_command_says_that_the_log_holds(log: list[Entry]) -> None:
    out = StringIO()
    call_command("audit", "verify", "--against", str(head()), stdout=out)
    assert out.getvalue() == f"The log holds. Entries: 6. Seals: 3. Head: {head()}\n"


def test_the_command_names_each_fault_and_fails(log: list[Entry], unguarded: Unguarded) -> None:
    with unguarded():
        Entry.objects.filter(id=log[0].id).update(verb="nothing")
    err = StringIO()
    with pytest.raises(CommandError, match=r"The log does not hold: 1 fault\."):
        call_command("audit", "verify", stderr=err)
    assert err.getvalue() == f"Entry {log[0].id} is not as seal 1 found it: it was changed.\n"


def test_the_command_shows_the_head(log: list[Entry]) -> None:
    out = StringIO()
    call_command("audit", "head", stdout=out)
    assert out.getvalue() == f"{head()}\n"


@pytest.mark.parametrize("text", ["", "3", "0:" + "a" * 64, "3:" + "a" * 63, "x:" + "a" * 64])
def test_the_command_refuses_what_is_no_head(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number, a colon"):
        Head.parse(text)
    if text:
        with pytest.raises(CommandError, match="not a head"):
            call_command("audit", "verify", "--against", text)
