"""Locking and unlocking: by a worker's two presses, from the machine, by words and by a key file; and what came in meanwhile."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from amanat.config.tree import locking
from amanat.vault.keys import Passphrase, Workspace
from tests.served import Visitor
from tests.tree import Tree, tree
from tools.bench.client import Unexpected

WORDS = "tokan mirub selod karif nodal vezum"
LETTERS = """
from amanat.people.models import Agency
for agency in Agency.objects.filter(name__startswith="letter"):
    print(agency.name, agency.duty_contact)
"""
LOG = """
from amanat.audit.models import Entry
for entry in Entry.objects.filter(verb__in=["workspace.lock", "workspace.unlock", "intake.take"]).order_by("at"):
    print(f"{entry.verb}:{entry.outcome}:{entry.user.username if entry.user else '-'}")
"""


@pytest.fixture
def served(environment: dict[str, str], tmp_path: Path) -> Iterator[Tree]:
    """An open one."""
    locking.unmark(Path(environment["AMANAT_WORKSPACE"]))
    with tree(environment, tmp_path / "log") as running:
        yield running


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may look into these processes")
def test_nothing_of_the_keys_is_left_in_any_memory_after_locking(served: Tree) -> None:
    """Skipped for everybody but root: the kernel lets nobody else look, which test_tree holds. CI is root."""
    workspace = Workspace.at(served.folder)
    keys = workspace.unwrap(workspace.provider()).keys
    assert keys["master.1"] in memory_of(served.process.pid), "this would be noticed"
    served.amanat("lock")
    served.comes_to("locked")
    for pid in served.all_pids():
        memory = memory_of(pid)
        assert memory
        assert not [name for name, key in keys.items() if key in memory or key.hex().encode() in memory]


def memory_of(pid: int) -> bytes:
    """All that a process may write to."""
    found = bytearray()
    with Path(f"/proc/{pid}/maps").open() as maps, Path(f"/proc/{pid}/mem").open("rb", 0) as memory:
        for line in maps:
            place, rights, *_rest = line.split()
            if rights.startswith("rw") and "[vvar" not in line:
                begin, end = (int(number, 16) for number in place.split("-"))
                memory.seek(begin)
                found += memory.read(end - begin)
    return bytes(found)


@pytest.mark.both_databases
@pytest.mark.usually_sqlcipher
def test_a_packet_taken_while_locked_is_opened_once_after_unlocking(
    environment: dict[str, str], tmp_path: Path
) -> None:
    with tree(environment, tmp_path / "log", "--locked") as running:
        for _time in range(2):  # its sender heard no answer
            assert running.send(b"letter-while-locked", Idempotency_Key="f3c1") == 202
        assert running.status()["waiting"] >= 2
        on_disk = b"".join(path.read_bytes() for path in (running.folder / "intake").glob("*.packet"))
        assert b"letter" not in on_disk
        assert running.amanat("unlock").stdout.strip().endswith("It is open.")
        assert running.send(b"letter-while-locked", Idempotency_Key="f3c1") == 202
        running.until(lambda: running.status()["waiting"] == 0)
        assert running.tell(LETTERS).count("letter-while-locked") == 1
        assert running.status()["aside"] == 0
        running.until(lambda: "The log holds." in running.amanat("audit", "verify").stdout)


def test_a_packet_that_comes_to_an_open_one_is_taken_the_same_way(served: Tree) -> None:
    assert served.send(b"letter-while-open") == 202
    served.comes_to_tell(LETTERS, "letter-while-open")
    assert served.status()["waiting"] == 0


def test_a_reboot_in_between_loses_no_packet(environment: dict[str, str], tmp_path: Path) -> None:
    with tree(environment, tmp_path / "log", "--locked") as running:
        assert running.send(b"letter-before-reboot") == 202
        running.process.kill()
        running.process.wait()
    with tree(environment, tmp_path / "log") as running:
        running.comes_to_tell(LETTERS, "letter-before-reboot")


def test_two_presses_of_a_worker_lock_it_for_everybody_and_the_log_names_who(served: Tree) -> None:
    jemal, merdan = Visitor(served.port), Visitor(served.port)
    jemal.come_in_as("Jemal")
    merdan.come_in_as("Merdan")
    page = jemal.get("/lock")
    assert served.status()["state"] == "open", "one press asks"
    jemal.post("/lock", page)
    served.comes_to("locked")
    with pytest.raises(Unexpected):
        merdan.get("/cases")
    assert merdan.answers[-1].status == 503

    assert served.amanat("unlock").returncode == 0
    for visitor in (jemal, merdan):
        visitor.send("GET", "/cases", None, "")
        assert visitor.location.startswith("/account/sign-in"), "their sessions ended"
    told = served.tell(LOG)
    assert told[-2].startswith("workspace.lock:done:jemal")
    assert told[-1].startswith("workspace.unlock:done:-")
    served.until(lambda: "The log holds." in served.amanat("audit", "verify").stdout)


@pytest.mark.thorough
def test_its_key_file_does_not_open_it_by_itself_after_a_restart(environment: dict[str, str], tmp_path: Path) -> None:
    with tree(environment, tmp_path / "log") as running:
        running.amanat("lock")
        running.comes_to("locked")
    with tree(environment, tmp_path / "log") as running:
        assert running.status()["state"] == "locked"
        assert "The workspace is locked" in running.amanat("health").stdout
        assert running.amanat("unlock").returncode == 0
    with tree(environment, tmp_path / "log") as running:
        assert running.status()["state"] == "open"


def press_unlock(running: Tree, **fields: str) -> tuple[int, str]:
    visitor = Visitor(running.port)
    page = visitor.get("/unlock")
    try:
        return 200, visitor.post("/unlock", page, **fields)
    except Unexpected:
        return visitor.answers[-1].status, visitor.answers[-1].body


@pytest.mark.thorough
def test_the_page_on_the_machine_itself_opens_it(environment: dict[str, str], tmp_path: Path) -> None:
    with tree(environment, tmp_path / "log", "--locked") as running:
        assert "Unlock it here" in running.ask("/", Accept_Language="en").text
        status, page = press_unlock(running)
        assert status == 200
        assert "The workspace opens" in page
        running.comes_to("open")


@pytest.fixture
def by_words(environment: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """A real workspace that words open."""
    Workspace.create(tmp_path / "real", kind="real", provider=Passphrase(WORDS))
    return environment | {"AMANAT_WORKSPACE": str(tmp_path / "real")}


@pytest.mark.sqlcipher_only  # the database of the environment belongs to another workspace
def test_without_anybody_to_type_the_words_it_begins_locked_and_opens_by_them(
    by_words: dict[str, str], tmp_path: Path
) -> None:
    with tree(by_words, tmp_path / "log") as running:
        assert running.status()["state"] == "locked"
        assert "The words that open this workspace" in running.ask("/unlock", Accept_Language="en").text
        status, page = press_unlock(running, words="some other words of this kind")
        assert status == 400
        assert "These words do not open the workspace" in page
        assert "some other words" not in page
        wrong = running.amanat("unlock", said="these are wrong as well\n")
        assert wrong.returncode == 1
        assert "does not open the workspace" in wrong.stderr
        right = running.amanat("unlock", said=f"{WORDS}\n")
        assert right.returncode == 0, right.stderr
        assert running.ask("/account/sign-in").status == 200
        assert running.amanat("audit", "head").returncode == 0, "commands ask for no words while it is open"


@pytest.mark.thorough
@pytest.mark.sqlcipher_only
def test_words_may_come_by_a_pipe_and_wrong_ones_end_it(by_words: dict[str, str], tmp_path: Path) -> None:
    with tree(by_words, tmp_path / "log", said=f"{WORDS}\n".encode()) as running:
        assert running.status()["state"] == "open"
    wrong = Tree(by_words, 0, running.process, tmp_path / "log").amanat("serve", "--port", "0", said="wrong\n")
    assert wrong.returncode == 1
    assert "does not open the workspace" in wrong.stderr
    assert "Traceback" not in wrong.stderr


@pytest.mark.thorough
@pytest.mark.sqlcipher_only
def test_who_guesses_has_to_wait(by_words: dict[str, str], tmp_path: Path) -> None:
    with tree(by_words, tmp_path / "log") as running:
        for _try in range(5):
            assert "does not open" in running.amanat("unlock", said="a guess\n").stderr
        assert "Wait a minute" in running.amanat("unlock", said=f"{WORDS}\n").stderr
        assert running.status()["state"] == "locked"
