"""How the tree of processes ends: by a signal, by force, by a crash, and in the middle of work."""

from __future__ import annotations

import http.client
import os
import re
import resource
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.served import Visitor
from tests.tree import LOOK_AGAIN, PATIENCE, Tree, is_gone, tree
from tools.bench.client import Unexpected

CASE = re.compile(r"/cases/[0-9a-f]{32}")
NOTES = """
from amanat.cases.models import Event
from amanat.vault.sealing import open_sealed
for event in Event.objects.filter(kind="note").select_related("subject"):
    print(open_sealed(event, "note")["text"])
"""


@pytest.fixture
def own(environment: dict[str, str], tmp_path: Path) -> Iterator[Tree]:
    """An open one, to be ended."""
    with tree(environment, tmp_path / "log") as running:
        yield running


def test_a_process_that_crashes_leaves_no_core_though_its_parent_allowed_one(
    environment: dict[str, str], tmp_path: Path
) -> None:
    def allow() -> None:
        _soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
        resource.setrlimit(resource.RLIMIT_CORE, (hard, hard))

    with tree(environment, tmp_path / "log", preexec_fn=allow, cwd=tmp_path) as running:
        for pid in running.all_pids():
            limits = Path(f"/proc/{pid}/limits").read_text()
            assert re.search(r"Max core file size +0 +0 ", limits)
        before = running.pids()
        os.kill(before["web 1"], signal.SIGABRT)
        running.until(lambda: is_gone(before["web 1"]))
        assert not list(tmp_path.glob("core*"))


@pytest.mark.thorough
def test_whoever_kills_the_supervisor_leaves_none_of_the_others(own: Tree) -> None:
    others = list(own.pids().values())
    assert len(others) >= 2
    own.process.kill()
    own.process.wait()
    by = time.monotonic() + PATIENCE
    while not all(is_gone(pid) for pid in others):
        assert time.monotonic() < by
        time.sleep(LOOK_AGAIN)


@pytest.mark.thorough
def test_it_ends_cleanly_and_takes_all_with_it(own: Tree) -> None:
    others = list(own.pids().values())
    assert own.end(signal.SIGTERM) == 0
    assert all(is_gone(pid) for pid in others)


@pytest.mark.both_databases
def test_stopping_under_load_loses_nothing_that_was_acknowledged(environment: dict[str, str], tmp_path: Path) -> None:
    acknowledged: list[str] = []
    enough = threading.Event()

    def write(port: int, case: str, cookies: dict[str, str], who: int) -> None:
        visitor = Visitor(port)
        visitor.cookies |= cookies
        try:
            page = visitor.get(f"{case}/note")
            for number in range(10_000):
                text = f"from-{who}-number-{number}"
                visitor.post(f"{case}/note", page, part="facts", text=text)
                if visitor.location == case:
                    acknowledged.append(text)
                if len(acknowledged) >= 30:
                    enough.set()
        except (Unexpected, OSError, http.client.HTTPException):
            return

    with tree(environment, tmp_path / "log") as running:
        visitor = Visitor(running.port)
        visitor.come_in_as("Jemal")
        case = CASE.search(visitor.get("/cases"))[0]  # type: ignore[index]
        writers = [threading.Thread(target=write, args=(running.port, case, visitor.cookies, who)) for who in range(3)]
        for writer in writers:
            writer.start()
        assert enough.wait(PATIENCE)
        assert running.end() == 0  # in the middle of it
        for writer in writers:
            writer.join()
    with tree(environment, tmp_path / "log") as running:
        kept = set(running.tell(NOTES))
        assert len(acknowledged) >= 30
        assert set(acknowledged) <= kept
        assert "The log holds." in running.amanat("audit", "verify").stdout
