"""The work is killed at random moments and goes on in another process: no row is lost, none is taken twice."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from amanat.exchange.tests.bringing import csv_bytes, many
from tests.served import amanat, demo, environment
from tools.bench.serving import served

pytestmark = pytest.mark.sqlcipher_only  # the batches are transactions; PostgreSQL's hold is PostgreSQL's

ROWS = 2000
SEED = 20261126
PATIENCE = 60  # seconds until a slow machine may be called broken
BEGIN = """
import sys
from pathlib import Path
from django.utils import timezone
from amanat.access.actor import Actor
from amanat.exchange import keeping, proposing
from amanat.exchange.actions import importing
from amanat.exchange.files import sealed
from amanat.people.models import Membership
now = timezone.now()
actor = Actor.of(Membership.objects.get(user__username="jemal", role="social_worker"), now, second_factor=True)
held = keeping.find(actor, importing.receive(file=sealed(Path("{file}")), actor=actor))
survey = keeping.opened(held, "about", actor)["survey"]
importing.map_columns(held, mapping=proposing.proposal_for(held, survey, actor).mapping, actor=actor)
importing.look_through(held, actor=actor)
"""
WORK = """
from amanat.exchange.work import Work
work = Work()
print("begun", flush=True)
while work.round():
    print("batch", flush=True)
print("done", flush=True)
"""
TAKE = """
from django.utils import timezone
from amanat.access.actor import Actor
from amanat.exchange.actions import importing
from amanat.exchange.models import Import
held = Import.objects.get()
importing.take(held, which="fresh", actor=Actor.of(held.by, timezone.now(), second_factor=True))
"""
# In one process: each that looks anew would take a second from the one that works.
WAIT = """
import time
from amanat.exchange.models import Import
by = time.monotonic() + {patience}
while Import.objects.get().state == "taking" and time.monotonic() < by:
    time.sleep(0.05)
"""
LOOK = """
import json
from amanat.audit.models import Entry
from amanat.cases.models import Child
from amanat.exchange.models import Batch, Import, ImportedRow
from amanat.vault.sealing import open_sealed
state = Import.objects.get().state  # first: what is read after it is at least as far
names = [open_sealed(child, "identity")["names"] for child in Child.objects.select_related("subject")]
print(json.dumps({
    "state": state,
    "names": sorted(name[0]["family"] for name in names if name and name[0].get("family", "").startswith("Walkedowa")),
    "looked": sorted(Batch.objects.values_list("first", "rows")),
    "rows": ImportedRow.objects.count(),
    "logged": Entry.objects.filter(verb="case.register", outcome="done", subject__in=ImportedRow.objects.values("subject")).count(),
}))
"""


def look(made: dict[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(amanat(made, "shell", "-c", LOOK).splitlines()[-1])
    return found


def work_and_be_killed(made: dict[str, str], chance: random.Random) -> bool:
    """Some batches in a process of its own, which is killed in the middle of one; whether it came to the end before."""
    command = [sys.executable, "-m", "amanat", "shell", "-c", WORK]
    with subprocess.Popen(command, env=made, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        left = chance.choice([1, 1, 2])  # by number, not by time: a slow machine does as many
        for line in iter(process.stdout.readline, ""):
            if line == "done\n":
                return True
            left -= line == "batch\n"
            if left == 0:
                break
        killer = threading.Timer(chance.uniform(0, 0.4), process.kill)
        killer.start()
        process.wait()
        killer.cancel()
    return False


def test_a_kill_at_any_moment_loses_no_row_and_doubles_none(tmp_path: Path) -> None:
    made, chance = environment(tmp_path / "workspace", tmp_path / "temporary"), random.Random(SEED)
    demo(made)
    file = tmp_path / "children.csv"
    file.write_bytes(csv_bytes(many(ROWS)))
    amanat(made, "shell", "-c", BEGIN.format(file=file))
    while not work_and_be_killed(made, chance):
        pass
    found = look(made)
    assert (found["state"], found["names"]) == ("looked", [])
    assert found["looked"] == [[first, 500] for first in range(0, ROWS, 500)]

    amanat(made, "shell", "-c", TAKE)
    killed = 0
    while killed < 2 and not work_and_be_killed(made, chance):
        killed += 1
    with served(made, tmp_path / "log"):  # the task process goes on by itself
        amanat(made, "shell", "-c", WAIT.format(patience=PATIENCE))
    found = look(made)
    assert found["state"] == "done"
    assert found["names"] == sorted(f"Walkedowa{number}" for number in range(ROWS))
    assert found["rows"] == found["logged"] == ROWS
