"""`amanat health`: what it says and its exit code, open, locked, not served; the processes, and the certificate's end."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.config import tls
from amanat.config.tree.child import pack
from amanat.office import health
from amanat.office.health import Check, State, kernel, machine
from amanat.people.clock import clock
from amanat.people.models import DutyPlace
from amanat.vault.keys import KeyFile, Workspace, keyring
from tests.cast import Cast
from tests.supervised import answering

OPEN = {"state": "open", "processes": {"web 1": 1, "tasks": 2}, "waiting": 0, "aside": 0}
LOCKED = {"state": "locked", "processes": {"locked": 1}, "waiting": 0, "aside": 0}
DAY = timedelta(days=1)


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """In each agency whose files need it somebody is on duty."""
    for name in ("jemal", "dowlet"):
        DutyPlace.objects.create(agency=cast[name].agency, membership=cast[name], order=0)
    return cast


@pytest.fixture(autouse=True)
def all_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine of these tests has a time server and room, whatever it is."""
    monkeypatch.setattr(kernel, "is_synchronised", lambda: True)
    monkeypatch.setattr(machine, "LEAST", 0)
    monkeypatch.setattr(machine, "LOW", 0)


def say(*words: str) -> tuple[int, str]:
    """Exit code and what stands on the screen."""
    out = io.StringIO()
    try:
        call_command("health", *words, stdout=out)
    except SystemExit as end:
        return int(str(end.code)), out.getvalue()
    return 0, out.getvalue()


def served(answer: dict[str, Any], *words: str) -> tuple[int, str]:
    with answering(Path(settings.WORKSPACE), answer):
        return say(*words)


def as_open() -> dict[str, Any]:
    return OPEN | {"keys": pack(keyring().keys)}


def test_all_in_order_is_zero(cast: Cast) -> None:
    code, said = served(as_open())
    assert code == 0, said
    assert {line.split()[0] for line in said.splitlines()} == {"ok"}
    assert "The workspace is open, and all of them run." in said
    assert "log.guards" in said


def test_something_to_look_at_is_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernel, "is_synchronised", lambda: False)
    code, said = served(as_open())
    assert code == 1
    assert said.startswith("warning  clock.kernel      Clock of this machine: No time server keeps it right.")


def test_a_fault_is_two(cast: Cast) -> None:
    recording.record(at=clock() - DAY, verb="sign_in", outcome=Outcome.DONE)
    code, said = served(as_open())
    assert code == 2
    assert said.startswith("fault    log.unsealed ")


def test_while_it_is_locked_only_what_needs_no_keys_is_told_and_the_code_is_one(
    cast: Cast, django_assert_num_queries: Callable[..., Any]
) -> None:
    with django_assert_num_queries(0):
        code, said = served(LOCKED)
    assert code == 1
    assert "nobody can work until somebody unlocks it" in said
    assert "disk" in said
    assert "log.guards" not in said


def test_while_it_is_being_opened_its_tables_are_left_alone(
    cast: Cast, django_assert_num_queries: Callable[..., Any]
) -> None:
    with django_assert_num_queries(0):
        code, said = served(as_open() | {"state": "opening"})
    assert (code, "The workspace is being opened." in said) == (1, True)


def test_where_nobody_serves_it_nobody_is_asked_for_words_and_the_code_is_two(
    cast: Cast, django_assert_num_queries: Callable[..., Any]
) -> None:
    with django_assert_num_queries(0):
        code, said = say()
    assert code == 2
    assert said.startswith("fault    serving           Processes: Nobody serves this workspace. ./run serve")


def test_where_there_is_no_workspace_it_is_three(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "WORKSPACE", tmp_path)
    with pytest.raises(CommandError) as error:
        say()
    assert error.value.returncode == 3


@pytest.mark.parametrize(("answer", "state"), [(LOCKED, "locked"), (None, "not served"), (OPEN, "open")])
def test_a_program_gets_json(cast: Cast, answer: dict[str, Any] | None, state: str) -> None:
    code, said = served(answer, "--json") if answer else say("--json")
    told = json.loads(said)
    assert set(told) == {"at", "state", "workspace", "checks"}
    assert told["workspace"] == state
    assert {"ok": 0, "warning": 1, "fault": 2}[told["state"]] == code
    assert all(set(check) == {"id", "state", "value", "sentence", "hint"} for check in told["checks"])
    assert str(settings.WORKSPACE) not in said
    assert len({check["id"] for check in told["checks"]}) == len(told["checks"])


# --- the processes ----------------------------------------------------------------------------------------------------


def check(id_: str, **more: Any) -> Check | None:
    return next((one for one in health.look(clock(), **more) if one.id == id_), None)


@pytest.mark.parametrize(
    ("processes", "expected"),
    [
        ({"web 1": 1, "web 2": 2, "tasks": 3}, "ok"),
        ({"web 1": 1}, "fault"),
        ({"tasks": 3}, "fault"),
    ],
)
def test_a_process_that_is_missing_is_a_fault(cast: Cast, processes: dict[str, int], expected: str) -> None:
    with answering(Path(settings.WORKSPACE), OPEN | {"processes": processes}):
        found = check("serving")
    assert found
    assert found.state == expected


def test_so_is_the_live_stream_where_there_is_to_be_one(cast: Cast) -> None:
    with answering(Path(settings.WORKSPACE), OPEN | {"away": ["stream"]}):
        found = check("serving")
    assert found
    assert (found.state, "stream" in found.sentence) == ("fault", True)


def test_a_page_that_no_supervisor_began_says_nothing_of_processes(cast: Cast) -> None:
    assert check("serving") is None


# --- the certificate --------------------------------------------------------------------------------------------------


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A workspace with a host name and a certificate of its own."""
    key = KeyFile.create(tmp_path / "key")
    made = Workspace.create(tmp_path / "w", kind="real", provider=key, host="amanat.office.example")
    tls.make(made, made.unwrap(key), clock())
    monkeypatch.setattr(settings, "WORKSPACE", made.path)
    return Workspace.at(made.path)


def of_certificate(in_days: int) -> Check:
    [found] = [one for one in health.look(clock() + in_days * DAY, unlocked=False) if one.id == "certificate"]
    return found


@pytest.mark.parametrize(
    ("in_days", "expected"),
    [(0, State.OK), (360, State.OK), (375, State.WARNING), (392, State.FAULT), (400, State.FAULT)],
)
def test_a_certificate_comes_to_its_end(office: Workspace, in_days: int, expected: State) -> None:
    found = of_certificate(in_days)
    assert found.state == expected
    assert found.value
    assert abs(found.value - (398 - in_days) * 86400) < 2 * 86400


def test_a_certificate_that_is_missing_is_a_fault(office: Workspace) -> None:
    (office.path / "tls" / "server.pem").unlink()
    assert of_certificate(0).state == State.FAULT


def test_without_one_or_with_a_proxy_there_is_nothing_to_look_after(office: Workspace, cast: Cast) -> None:
    tls.leave_to_proxy(office)
    assert check("certificate", unlocked=False) is None
    office.change(lambda header: vars(header).update(tls=False, proxied=False))
    assert check("certificate", unlocked=False) is None
