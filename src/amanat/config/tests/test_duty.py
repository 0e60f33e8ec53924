"""`amanat duty`: the number in the header, at the gate and in the log; and the warning while there is none."""

from __future__ import annotations

import io
import os
import signal
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from amanat.config.tree.supervisor import PID
from amanat.office import health
from amanat.office.tests.ways import entries_of
from amanat.people.clock import clock
from amanat.vault import gate
from amanat.vault.header import Header
from amanat.vault.keys import Workspace
from tests.supervised import answering

pytestmark = pytest.mark.django_db


def told(*number: str) -> str:
    out = io.StringIO()
    call_command("duty", *number, stdout=out)
    return out.getvalue().strip()


def test_the_number_stands_in_the_header_at_the_gate_and_in_the_log(office: Workspace) -> None:
    assert told("+993", "600 00 204") == "The number of the duty phone is now +993 600 00 204."
    assert Header.read(office.path).duty_number == "+993 600 00 204"
    assert gate.read(office.path).duty_number == "+993 600 00 204"
    assert [details for _entry, details in entries_of("workspace.duty")] == [{"number": "+993 600 00 204"}]


def test_whoever_serves_shows_it_at_once(office: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[int, int]] = []
    monkeypatch.setattr(os, "kill", lambda *what: sent.append(what))
    with answering(office.path, {"state": "open"}):
        (office.path / PID).write_text("4711\n")
        told("+993 600 00 204")
    assert sent == [(4711, signal.SIGHUP)]


def test_what_has_no_digit_is_refused_and_changes_nothing(office: Workspace) -> None:
    with pytest.raises(CommandError, match="is no telephone number"):
        told("none")
    assert not Header.read(office.path).duty_number
    assert not entries_of("workspace.duty")


@pytest.mark.parametrize(("number", "expected"), [("", ["warning"]), ("+993 600 00 204", [])])
def test_health_warns_while_there_is_none(office: Workspace, settings: Any, number: str, expected: list[str]) -> None:
    settings.AMANAT_DUTY_NUMBER = number
    assert [one.state for one in health.look(clock(), unlocked=False) if one.id == "duty"] == expected
