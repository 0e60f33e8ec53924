"""The process that gathers papers of many children is killed between them and in the middle of one; the next one goes on."""

from __future__ import annotations

import io
import json
import os
import re
import signal
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.halting.apps import AT, stands_at
from tests.served import ROOT, Visitor, amanat, demo, environment
from tests.tree import Tree, is_gone, tree

pytestmark = (
    pytest.mark.sqlcipher_only
)  # a paper is one transaction with its row; what PostgreSQL has committed is PostgreSQL's

BEFORE_ITS_COMMIT = "amanat.exchange.models:BundleSheet.save:2"  # its PDF is made, its line in the log is written
BEFORE_IT_IS_MADE = "amanat.web.pdf:_pressed:2"
HOUSE = re.compile(r'name="which" value="(house-[0-9a-f]+)"')
IN_CLEAR = (b"%PDF", b"JVBERi", b"<!doctype html>")  # the second: a PDF in base 64
LOGGED = """
import json
from amanat.audit.models import Entry
from amanat.cases.models import Case
entries = list(Entry.objects.filter(verb="paper.hand_out", outcome="done").values_list("subject", flat=True))
cases = Case.objects.filter(subject__in=entries).select_related("child")
print(json.dumps(sorted([case.child.code_name, entries.count(case.subject_id)] for case in cases)))
"""


@pytest.fixture
def point(tmp_path: Path) -> Path:
    """The file that says where the task process stands still next."""
    path = tmp_path / "point"
    path.write_text(BEFORE_ITS_COMMIT)
    return path


@pytest.fixture
def running(tmp_path: Path, point: Path) -> Iterator[Tree]:
    held = environment(tmp_path / "workspace", tmp_path / "temporary")
    demo(held)
    paths = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    halting = {"DJANGO_SETTINGS_MODULE": "tests.halting.settings", "PYTHONPATH": paths, AT: str(point)}
    with tree(held | halting, tmp_path / "log") as served:
        yield served


def kill_where_it_stands(running: Tree, point: Path, next_point: str) -> None:
    """By its process id, once a thread stands there and nothing lies about in clear; whoever serves begins another one."""
    pid = running.pids()["tasks"]
    running.until(stands_at(point).exists)
    assert in_clear(running) == []
    stands_at(point).unlink()
    point.write_text(next_point)
    os.kill(pid, signal.SIGKILL)
    running.until(lambda: is_gone(pid) and running.pids().get("tasks", pid) != pid)


def in_clear(running: Tree) -> list[str]:
    """Files of the workspace, of its temporary folder and of what was said in which a paper stands."""
    found = []
    for path in running.folder.parent.rglob("*"):
        with suppress(OSError):  # a folder, a socket, or replaced meanwhile
            held = path.read_bytes()
            found += [path.name for sign in IN_CLEAR if sign in held]
    return found


def logged(running: Tree) -> dict[str, int]:
    """How often a paper was handed out, by the code name of its child."""
    return dict(json.loads(amanat(running.environment, "shell", "-c", LOGGED).splitlines()[-1]))


def fetched(visitor: Visitor, path: str) -> bytes:
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    visitor.connection.request("GET", path, headers={"Host": "localhost", "Cookie": cookies})
    answer = visitor.connection.getresponse()
    assert answer.status == 200
    return answer.read()


def test_papers_go_on_after_a_kill_and_each_child_has_one_in_the_file_and_one_line_in_its_log(
    running: Tree, point: Path
) -> None:
    before = logged(running)
    visitor = Visitor(running.port)
    visitor.come_in_as("Aman")
    page = visitor.get("/papers")
    house = HOUSE.search(page)
    assert house
    said = {"paper": "belongings", "language": "own", "reason": "For the inspection"}
    visitor.post("/papers", page, which=house[1], **said)
    bundle = visitor.location
    kill_where_it_stands(running, point, BEFORE_IT_IS_MADE)
    kill_where_it_stands(running, point, "")
    running.until(lambda: "The papers (ZIP)" in visitor.get(bundle))

    with zipfile.ZipFile(io.BytesIO(fetched(visitor, f"{bundle}/file"))) as together:
        assert together.testzip() is None
        papers = {name: together.read(name) for name in together.namelist()}
    assert len(papers) == len(set(papers.values())) == 3
    assert all(one.startswith(b"%PDF") and one.rstrip().endswith(b"%%EOF") for one in papers.values())
    after = logged(running)
    marked = {name: count - before.get(name, 0) for name, count in after.items() if count != before.get(name, 0)}
    assert list(marked.values()) == [1, 1, 1]
    assert all(sum(child in name for name in papers) == 1 for child in marked)
    assert "The log holds." in running.amanat("audit", "verify").stdout
    running.end()
    assert in_clear(running) == []
