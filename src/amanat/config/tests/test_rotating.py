"""A key is given up for a new one: the header has it first, the log tells of it, and whoever is killed in between goes on."""

from __future__ import annotations

import io
import sys

import pytest
from django.core.management import CommandError, call_command

from amanat.audit.models import Seal
from amanat.audit.sealer import seal_pending
from amanat.audit.verify import verify
from amanat.config import rotating
from amanat.config.rotating import KINDS, Rotator
from amanat.config.tests.conftest import WORDS
from amanat.exchange.digests import Digests
from amanat.office.tests.ways import entries_of
from amanat.vault import erasures, gate, intake, keys
from amanat.vault import rotating as sweeping
from amanat.vault.header import Header
from amanat.vault.keys import AUDIT, INTAKE, MASTER, Keyring, Locked, Workspace, WrongKey, keyring
from amanat.vault.models import Rotation, Subject, SubjectKind
from tests.cast import NOW, Cast
from tests.supervised import answering

OPENER = {"words": WORDS}
pytestmark = pytest.mark.django_db


def rotate(office: Workspace, kind: str) -> int:
    """As the command does it where nobody serves, without the sweep."""
    generation = rotating.begin(office.path, kind, OPENER)
    rotating.note(office.path, keyring(), NOW)
    return generation


def sweep() -> None:
    while rotating.go_on(NOW):
        pass


def in_the_header(office: Workspace) -> Keyring:
    now = Workspace.at(office.path)
    return now.unwrap(now.provider(words=WORDS))


def packet(body: bytes) -> intake.Packet:
    return intake.Packet("letter", intake.id_of("letter", "", body), NOW, body)


def sealed_as_outside(office: Workspace, body: bytes) -> bytes:
    """By what somebody without keys is told."""
    return intake.seal(bytes.fromhex(gate.read(office.path).intake_public), packet(body))


# --- each kind --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_the_new_key_stands_in_the_header_and_its_use_in_the_log(office: Workspace, kind: str) -> None:
    before = keyring().keys
    assert rotate(office, kind) == 2
    assert in_the_header(office).keys == keyring().keys
    assert keyring().keys.items() > before.items(), "the former ones stay: what they made has to open"
    [(entry, details)] = entries_of(f"keys.{kind}")
    assert (entry.at, details) == (NOW, {"generation": 2})


@pytest.mark.parametrize("kind", KINDS)
def test_wrong_words_change_nothing(office: Workspace, kind: str) -> None:
    before = Header.path(office.path).read_bytes()
    with pytest.raises(WrongKey):
        rotating.begin(office.path, kind, {"words": "entirely other words than these"})
    assert Header.path(office.path).read_bytes() == before
    assert keyring().newest(kind) == 1


@pytest.mark.parametrize("kind", [AUDIT, INTAKE])
def test_when_one_is_done_another_can_be_begun(office: Workspace, kind: str) -> None:
    assert [rotate(office, kind), rotate(office, kind)] == [2, 3]
    assert list(Rotation.objects.values_list("generation", flat=True).order_by("pk")) == [2, 3]


def test_the_master_key_is_given_up_once_nothing_is_under_it_any_more(office: Workspace) -> None:
    Subject.objects.begin_many([SubjectKind.CHILD] * 3)
    assert rotate(office, MASTER) == 2
    assert rotate(office, MASTER) == 2, "it goes on with the one that is not finished"
    sweep()
    assert {bytes(child.wrapped_key)[0] for child in Subject.objects.all()} == {2}
    told = [details for _entry, details in entries_of("keys.master")]
    assert len(told) == 2
    assert {"generation": 2} in told
    assert {"generation": 2, "ended": True} in told
    assert rotate(office, MASTER) == 3


def test_the_next_seal_is_under_the_new_audit_key_at_once(office: Workspace) -> None:
    rotate(office, MASTER)
    seal_pending(NOW)
    rotate(office, AUDIT)
    assert list(Seal.objects.values_list("key", flat=True)) == [1, 2]
    assert verify(now=NOW).faults == []


def test_who_sends_something_seals_it_to_the_new_intake_key_at_once_and_what_came_before_opens(
    office: Workspace,
) -> None:
    former = keyring()
    earlier = sealed_as_outside(office, b"before")
    rotate(office, INTAKE)
    assert gate.read(office.path).intake_public == Header.read(office.path).intake_public != former.intake_public()
    later = sealed_as_outside(office, b"after")
    assert [intake.open_packet(keyring(), sealed).body for sealed in (earlier, later)] == [b"before", b"after"]
    with pytest.raises(intake.Unreadable):
        intake.open_packet(former, later)


def test_what_knows_rows_again_and_the_lists_of_erasures_stay_readable(office: Workspace, cast: Cast) -> None:
    agency, former = cast["jemal"].agency, keyring()
    digest = Digests(agency).of("row", {"A": "Aylar"})
    earlier = erasures.signed_list(former, workspace="w", now=NOW, head=None)
    rotate(office, MASTER)
    sweep()
    assert Digests(agency).of("row", {"A": "Aylar"}) == digest
    assert erasures.read_list(earlier, keyring(), "w").number == 0
    later = erasures.signed_list(keyring(), workspace="w", now=NOW, head=None)
    assert erasures.read_list(later, former, "w").number == 0, "by the keys of an older backup, too"


# --- killed in between ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
def test_killed_right_after_the_header_was_written_it_goes_on_when_typed_again(office: Workspace, kind: str) -> None:
    rotating.begin(office.path, kind, OPENER)
    made = keyring().keys
    assert rotate(office, kind) == 2, "no third one"
    assert keyring().keys == made
    assert len(entries_of(f"keys.{kind}")) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_or_at_the_next_start(office: Workspace, kind: str) -> None:
    child = Subject.objects.begin(SubjectKind.CHILD)
    rotating.begin(office.path, kind, OPENER)
    assert not Rotation.objects.exists()
    rotator = Rotator(lambda: NOW)
    while rotator.turn():
        pass
    assert Rotation.objects.get().ended_at == NOW
    assert len(entries_of(f"keys.{kind}")) == (2 if kind == MASTER else 1)
    child.refresh_from_db()
    assert bytes(child.wrapped_key)[0] == (2 if kind == MASTER else 1)
    assert gate.read(office.path).intake_public == keyring().intake_public()
    Rotator(lambda: NOW).turn()
    assert Rotation.objects.count() == 1


def test_killed_in_the_middle_of_the_sweep_the_next_process_goes_on(
    office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "AT_ONCE", 2)
    Subject.objects.begin_many([SubjectKind.CHILD] * 5)
    rotate(office, MASTER)
    assert Rotator(lambda: NOW).turn()
    assert 0 < Rotation.objects.get().done < Rotation.objects.get().total
    rotator = Rotator(lambda: NOW)
    while rotator.turn():
        pass
    rotation = Rotation.objects.get()
    assert (rotation.done, rotation.ended_at) == (rotation.total, NOW)
    assert {bytes(wrapped)[0] for wrapped in Subject.objects.values_list("wrapped_key", flat=True)} == {2}


def test_data_from_an_older_backup_come_under_the_key_of_today(office: Workspace) -> None:
    """What is restored may be older than the keys beside it: then no row tells of them."""
    Subject.objects.begin(SubjectKind.CHILD)
    rotate(office, MASTER)
    Rotation.objects.all().delete()
    rotator = Rotator(lambda: NOW)
    while rotator.turn():
        pass
    assert {bytes(wrapped)[0] for wrapped in Subject.objects.values_list("wrapped_key", flat=True)} == {2}


def test_a_process_from_before_the_rotation_waits_for_one_that_has_the_key(
    office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    former = keyring()
    rotate(office, MASTER)
    monkeypatch.setattr(keys, "_held", former)
    with pytest.raises(Locked):
        Rotator(lambda: NOW).turn()
    assert Rotation.objects.get().done == 0


# --- whoever serves ---------------------------------------------------------------------------------------------------


def test_whoever_serves_is_told_and_waited_for(office: Workspace) -> None:
    assert not rotating.tell(office.path, OPENER)
    with answering(office.path, {"reread": True}) as asked:
        assert rotating.tell(office.path, OPENER)
    assert asked == [{"ask": "reread", **OPENER}, {"ask": "status"}]


def test_where_they_can_not_be_told_nothing_rests_on_the_new_key(
    office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    at_the_terminal(monkeypatch, WORDS)
    with (
        answering(office.path, {"reread": False}),
        pytest.raises(CommandError, match="could not be told of it"),
    ):
        call_command("keys", "rotate", MASTER)
    assert in_the_header(office).newest(MASTER) == 2, "it is kept, and taken up at the next start"
    assert not Rotation.objects.exists()


def test_a_packet_that_comes_while_they_are_replaced_opens_with_the_key_that_the_last_of_them_holds(
    office: Workspace,
) -> None:
    former = keyring()
    rotating.begin(office.path, INTAKE, OPENER)
    assert intake.open_packet(former, sealed_as_outside(office, b"in between")).body == b"in between"


# --- as a person types it ---------------------------------------------------------------------------------------------


def at_the_terminal(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in lines)))


def told(*words: str) -> str:
    out = io.StringIO()
    call_command("keys", *words, stdout=out)
    return out.getvalue()


def test_the_command_asks_for_the_words_and_sweeps_where_nobody_serves(
    office: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    Subject.objects.begin(SubjectKind.CHILD)
    at_the_terminal(monkeypatch, WORDS)
    said = told("rotate", MASTER)
    assert "Used from now on: master key, generation 2." in said
    assert "\r2/2" in said, "the child, and whoever the log is about"
    assert "All data keys are sealed under it." in said
    assert Rotation.objects.get().ended_at


def test_the_command_shows_each_key_and_how_far_a_rotation_is(office: Workspace) -> None:
    assert "audit key, generation 1, since the workspace was made" in told("show")
    rotate(office, INTAKE)
    rotate(office, MASTER)
    rotating.begin(office.path, AUDIT, OPENER)
    shown = told("show")
    assert "Words open the workspace." in shown
    assert "intake key, generation 2, since 2026-11-24 09:00 UTC" in shown
    assert "audit key, generation 2, used from the next start" in shown
    assert "Being made anew: master key, 0 of 1." in shown


def test_wrong_words_are_said_in_a_sentence(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    at_the_terminal(monkeypatch, "entirely other words than these")
    with pytest.raises(CommandError, match="does not open the workspace"):
        told("rotate", AUDIT)
    assert in_the_header(office).newest(AUDIT) == 1
