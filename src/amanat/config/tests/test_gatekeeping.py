"""The gate when a workspace is opened: it names our key, guards what needs a token, and leaves to nobody else what was set aside."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from amanat.config.tree.gatekeeping import write_gate
from amanat.office.tests.ways import entries_of
from amanat.vault import gate, intake
from amanat.vault.intake import Kind, Packet
from amanat.vault.keys import INTAKE, Keyring, Workspace, hold, keyring
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def forget(_packet: Packet) -> None:
    pass


@pytest.fixture
def guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Anybody may send a letter; an alarm needs a token."""
    kinds = {"letter": Kind(forget, (3, 60)), "alarm": Kind(forget, (3, 60), needs_token=True)}
    monkeypatch.setattr(intake, "kinds", kinds)


def test_a_kind_that_needs_a_token_is_shut_until_there_is_one(office: Workspace, guarded: None) -> None:
    """Also after a restore: no backup holds the gate."""
    gate.path(office.path).unlink()
    assert not gate.read(office.path).limits
    write_gate(office.path, NOW)
    held = gate.read(office.path)
    assert (held.asks_for_a_token("alarm"), held.tokens) == (True, {})
    assert not held.asks_for_a_token("letter")


def test_tokens_that_were_given_stay(office: Workspace, guarded: None) -> None:
    gate.change(office.path, tokens={"alarm": ("00",)})
    write_gate(office.path, NOW)
    assert gate.read(office.path).tokens == {"alarm": ("00",)}


def test_a_key_that_somebody_put_there_is_put_right_and_told_of(office: Workspace) -> None:
    write_gate(office.path, NOW)
    theirs = Keyring.fresh().intake_public()
    gate.change(office.path, intake_public=theirs)
    write_gate(office.path, NOW)
    assert gate.read(office.path).intake_public == keyring().intake_public()
    [(entry, details)] = entries_of("intake.exchanged")
    assert (entry.at, details) == (NOW, {"found": theirs})


def test_a_former_key_of_ours_is_nobody_elses(office: Workspace) -> None:
    write_gate(office.path, NOW)
    former = keyring()
    hold(former.with_next(INTAKE))
    write_gate(office.path, NOW)
    assert gate.read(office.path).intake_public == keyring().intake_public() != former.intake_public()
    assert not entries_of("intake.exchanged")


# --- what was set aside -------------------------------------------------------------------------------------------------


@pytest.fixture
def aside(office: Workspace) -> Path:
    """A folder of packets, of which two were set aside."""
    place = intake.folder(office.path)
    for body in (b"one", b"two"):
        intake.set_aside(intake.spool(place, body, NOW))
    return place


def told(word: str, *typed: str) -> str:
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdin", io.StringIO("".join(f"{line}\n" for line in typed)))
        call_command("intake", word, stdout=out)
    return out.getvalue().strip()


def test_they_can_be_tried_once_more(aside: Path) -> None:
    assert told("again") == "Waiting again: 2."
    assert sorted(packet.read_bytes() for packet in intake.waiting(aside)) == [b"one", b"two"]
    assert [details for _entry, details in entries_of("intake.again")] == [{"packets": 2}]
    assert told("again") == "Waiting again: 0."
    assert len(entries_of("intake.again")) == 1


def test_they_are_thrown_away_only_by_who_types_how_many_they_are(aside: Path) -> None:
    assert told("drop", "3") == "Nothing was thrown away."
    assert len(intake.waiting(aside / intake.ASIDE)) == 2
    assert not entries_of("intake.drop")
    assert told("drop", "2") == "Thrown away: 2."
    assert not intake.waiting(aside / intake.ASIDE)
    assert [details for _entry, details in entries_of("intake.drop")] == [{"packets": 2}]
