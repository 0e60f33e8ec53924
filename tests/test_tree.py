"""The tree of processes: who holds the keys, who can get at them, and what happens when one of them dies or all of them end."""

from __future__ import annotations

import base64
import ctypes
import json
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from amanat.vault import control, hardening
from amanat.vault.keys import KeyFile, Workspace
from tests.served import Visitor
from tests.tree import Tree, tree

NOBODY = 65534


@pytest.fixture(scope="module")
def lasting(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tree]:
    with tree(environment, tmp_path_factory.mktemp("log") / "log") as running:
        yield running


@pytest.fixture
def served(lasting: Tree) -> Tree:
    """An open one, whole again whatever the test before did to it."""
    lasting.until(lambda: lasting.status()["state"] == "open" and len(lasting.pids()) >= 2)
    return lasting


only_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")


def become_nobody() -> None:
    os.setgroups([])
    os.setresgid(NOBODY, NOBODY, NOBODY)
    os.setresuid(NOBODY, NOBODY, NOBODY)


def as_nobody(act: Callable[[], object]) -> int:
    """Whether another user is kept from it: 1 where the kernel refuses, 0 where it can be done."""

    def other() -> None:
        become_nobody()
        try:
            act()
        except PermissionError:
            os._exit(1)
        os._exit(0)

    process = multiprocessing.get_context("fork").Process(target=other)
    process.start()
    process.join()
    assert process.exitcode is not None
    return process.exitcode


def keys_of(running: Tree) -> list[bytes]:
    """Each key in every way in which it could be written down."""
    held = Workspace.at(running.folder).unwrap(KeyFile(running.folder / "key"))
    return [
        written
        for key in held.keys.values()
        for written in (key, key.hex().encode(), key.hex().upper().encode(), base64.b64encode(key))
    ]


# --- who can get at the keys ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place", ["cmdline", "environ"])
def test_no_process_has_a_key_on_its_command_line_or_in_its_environment(served: Tree, place: str) -> None:
    looked = 0
    for pid in served.all_pids():
        try:
            held = Path(f"/proc/{pid}/{place}").read_bytes()
        except PermissionError:  # not even its own user may look
            assert place == "environ"
            continue
        looked += 1
        assert not [key for key in keys_of(served) if key in held]
    assert looked == len(served.all_pids()) or os.geteuid() != 0


def test_no_file_of_the_workspace_but_the_key_file_holds_a_key(served: Tree) -> None:
    keys = keys_of(served)
    files = [path for path in served.folder.rglob("*") if path.is_file() and path.name != "key"]
    assert served.folder / "header.json" in files
    assert not [path for path in files if any(key in path.read_bytes() for key in keys)]


@only_root
@pytest.mark.parametrize("place", ["environ", "mem", "maps", "fd"])
def test_another_user_can_look_into_none_of_them(served: Tree, place: str) -> None:
    for pid in served.all_pids():
        path = Path(f"/proc/{pid}/{place}")
        assert as_nobody(lambda path=path: list(path.iterdir()) if path.is_dir() else path.open("rb").read(1)) == 1


@only_root
def test_another_user_can_not_ask_the_supervisor(served: Tree) -> None:
    place = served.folder / "run" / "control"
    assert place.stat().st_mode & 0o777 == 0o600
    assert place.parent.stat().st_mode & 0o777 == 0o700
    assert as_nobody(lambda: control.ask(served.folder, {"ask": "keys"})) == 1


@only_root
@pytest.mark.parametrize(("first", "refused"), [(hardening.harden, 1), (lambda: None, 0)])
def test_not_even_a_process_of_the_same_user_can_look_into_one(first: Callable[[], None], refused: int) -> None:
    """The second case shows that this would be noticed."""
    begun, end = multiprocessing.Event(), multiprocessing.Event()

    def live() -> None:
        become_nobody()
        ctypes.CDLL(None).prctl(hardening.PR_SET_DUMPABLE, 1)  # as after an exec; changing the user took it away
        first()
        begun.set()
        end.wait(60)

    process = multiprocessing.get_context("fork").Process(target=live)
    process.start()
    assert begun.wait(60)
    assert as_nobody(lambda: Path(f"/proc/{process.pid}/environ").read_bytes()) == refused
    end.set()
    process.join()


def test_a_process_that_is_not_of_this_user_or_root_gets_no_answer(served: Tree) -> None:
    from amanat.config.tree.control import may_ask

    class Line:
        def getsockopt(self, *_which: int) -> bytes:
            return (1234).to_bytes(4, sys.byteorder) + (os.geteuid() + 1).to_bytes(4, sys.byteorder) + bytes(4)

    assert not may_ask(Line())  # type: ignore[arg-type]


# --- who dies -----------------------------------------------------------------------------------------------------------


@pytest.mark.both_databases
@pytest.mark.parametrize("name", ["web 1", "tasks"])
def test_one_that_is_killed_is_begun_anew_and_gets_the_keys_again(served: Tree, name: str) -> None:
    before = served.pids()[name]
    os.kill(before, signal.SIGKILL)
    served.until(lambda: served.pids().get(name, before) != before)
    assert served.ask("/account/sign-in").status == 200
    Visitor(served.port).come_in_as("Jemal")  # an entry in the log, which waits for its seal
    waiting = "from amanat.audit.models import Pending; print(Pending.objects.count())"
    served.comes_to_tell(waiting, "0")


def test_a_second_one_is_refused_with_a_sentence(served: Tree) -> None:
    again = served.amanat("serve", "--port", "0")
    assert again.returncode == 1
    assert "is being served already" in again.stderr
    assert served.ask("/account/sign-in").status == 200


def test_a_taken_port_is_said(served: Tree, tmp_path: Path) -> None:
    other = Workspace.create(tmp_path / "other", kind="demo", provider=KeyFile.create(tmp_path / "other" / "key"))
    environment = served.environment | {"AMANAT_WORKSPACE": str(other.path)}
    done = Tree(environment, 0, served.process, served.log).amanat("serve", "--port", str(served.port))
    assert done.returncode == 1
    assert f"Port {served.port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_who_answers_is_replaced_on_demand_as_for_a_new_certificate(served: Tree) -> None:
    before = served.pids()
    served.process.send_signal(signal.SIGHUP)
    served.until(lambda: served.pids().get("web 1") not in (None, before["web 1"]))
    assert served.ask("/account/sign-in").status == 200
    assert served.pids()["tasks"] == before["tasks"]


def test_the_command_for_monitoring_tells_how_it_is(served: Tree) -> None:
    done = served.amanat("health", "--json")
    told = json.loads(done.stdout)
    assert told["workspace"] == "open"
    assert done.returncode == {"ok": 0, "warning": 1, "fault": 2}[told["state"]]
    states = {check["id"]: check["state"] for check in told["checks"]}
    assert [states[name] for name in ("serving", "log.guards", "waiting.imports")] == ["ok", "ok", "ok"]


def test_the_process_beside_the_requests_looks_anew_when_it_begins(served: Tree) -> None:
    seen_before = served.folder / "run" / "health"
    seen_before.write_text("{}")
    os.kill(served.pids()["tasks"], signal.SIGKILL)
    served.until(lambda: not seen_before.exists())
    assert not seen_before.exists()
