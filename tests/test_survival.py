"""What a person was told is saved stays: the served product is killed at random moments, and its disk runs full.

A client posts notes over HTTP and keeps those that were acknowledged. That a power cut loses nothing rests on the backend's
`synchronous = FULL` (vault/sqlcipher/tests/test_opening); fifty kills at that level are in its test_survival.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import re
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from tests.plugin import FULL_MATRIX
from tests.served import Answer, Visitor, amanat, demo, environment, small_disk
from tools.bench.client import Unexpected
from tools.bench.serving import served

pytestmark = pytest.mark.sqlcipher_only  # PostgreSQL's durability is PostgreSQL's

KILLS = 50 if FULL_MATRIX else 5
SEED = 20261124
PATIENCE = 30  # seconds until a slow machine may be called broken
CASE = re.compile(r"/cases/[0-9a-f]{32}")
DISK = 24 * 1024 * 1024  # bytes
ROOM = 150_000  # bytes that are left when the disk is nearly full
LONG = "Ýazgy. " * 1500  # a note of some 12 KB
SENTENCE = "What you sent is probably not saved, but it is not lost"
# What somebody with the keys finds in the database: each note, its line in the log, what waits for its seal, faults of the file.
LOOK = """
import json
from django.db import connection
from amanat.audit.models import Entry, Pending
from amanat.cases.models import Event
from amanat.vault.sealing import open_sealed
with connection.cursor() as cursor:
    checks = [row[0] for name in ("", "cipher_") for row in cursor.execute(f"PRAGMA {name}integrity_check").fetchall()]
print(json.dumps({
    "notes": [open_sealed(event, "note")["text"] for event in Event.objects.filter(kind="note").select_related("subject")],
    "logged": Entry.objects.filter(verb="case.note", outcome="done").count(),
    "waiting": Pending.objects.count(),
    "checks": checks,
}))
"""


@dataclass
class Writer:
    """Who writes notes into one file, across restarts, and remembers which the server took."""

    environment: dict[str, str]
    log: Path
    cookies: dict[str, str] = field(default_factory=dict)
    case: str = ""
    acknowledged: list[str] = field(default_factory=list)
    sent: int = 0
    otherwise: int = 0  # notes of the invented country that other verbs wrote

    def sit_down(self, port: int) -> Visitor:
        """At the same browser as before: its cookies are still there after the server died."""
        visitor = Visitor(port)
        visitor.cookies |= self.cookies
        if not self.case:
            visitor.come_in_as("Jemal")
            found = CASE.search(visitor.get("/cases"))
            assert found
            self.case, self.cookies = found[0], visitor.cookies
        return visitor

    def write_until_it_breaks(self, visitor: Visitor, more: str = "") -> Answer | None:
        """Post notes; the answer that was no acknowledgement, None where there was no answer at all."""
        try:
            page = visitor.get(f"{self.case}/note")
            while True:
                self.write(visitor, page, more)
        except Unexpected:
            return visitor.answers[-1]
        except (http.client.HTTPException, OSError):
            return None

    def write(self, visitor: Visitor, page: str, more: str = "") -> None:
        self.sent += 1
        text = f"Note {self.sent}. {more}".strip()
        visitor.post(f"{self.case}/note", page, part="facts", text=text)
        assert visitor.location == self.case
        self.acknowledged.append(text)

    def check(self) -> dict[str, Any]:
        """While it is served again: the file is whole, nothing acknowledged is missing, each note is in the log, the log verifies."""
        by = time.monotonic() + PATIENCE
        while (found := self.look())["waiting"]:  # the new sealer takes what the old ones left
            assert time.monotonic() < by
        assert found["checks"] == ["ok"]
        assert set(self.acknowledged) - set(found["notes"]) == set()
        assert found["logged"] + self.otherwise == len(found["notes"])
        assert "The log holds." in amanat(self.environment, "audit", "verify")
        return found

    def look(self) -> dict[str, Any]:
        """`LOOK`, in a process of its own."""
        found: dict[str, Any] = json.loads(amanat(self.environment, "shell", "-c", LOOK).splitlines()[-1])
        return found


def workspace(folder: Path, beside: Path) -> Writer:
    made = environment(folder / "workspace", beside / "temporary")
    demo(made)
    writer = Writer(made, beside / "log")
    found = writer.look()
    writer.otherwise = len(found["notes"]) - found["logged"]
    return writer


def test_nothing_acknowledged_is_missing_after_the_server_was_killed_again_and_again(tmp_path: Path) -> None:
    writer, chance = workspace(tmp_path, tmp_path), random.Random(SEED)
    for _round in range(KILLS):
        with served(writer.environment, writer.log) as server:
            killer = threading.Timer(chance.uniform(0, 0.1), server.process.kill)  # its web process dies with it
            visitor = writer.sit_down(server.port)
            page = visitor.get(f"{writer.case}/note")
            for _note in range(chance.randrange(10)):  # by number, not by time: a slow machine writes as many
                writer.write(visitor, page)
            killer.start()
            assert writer.write_until_it_breaks(visitor) is None
            killer.join()
    with served(writer.environment, writer.log) as server:
        visitor = writer.sit_down(server.port)
        page = visitor.get(writer.case)
        assert any(f"{text}<" in page for text in writer.acknowledged)
        writer.check()
    assert len(writer.acknowledged) > 2 * KILLS, "hardly anything was written, so this would prove little"


def fill(folder: Path, room: int) -> Path:
    """Take all of a disk but `room` bytes."""
    left, filler = os.statvfs(folder), folder / "filler"
    filler.write_bytes(bytes(left.f_bavail * left.f_frsize - room))
    return filler


def test_a_full_disk_is_told_honestly_and_loses_neither_what_was_saved_nor_what_was_typed(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", DISK) as disk:
        writer = workspace(disk, tmp_path)
        with served(writer.environment, writer.log) as server:
            visitor = writer.sit_down(server.port)
            form = visitor.get(f"{writer.case}/note")
            filler = fill(disk, ROOM)
            refused = writer.write_until_it_breaks(visitor, LONG)
            assert refused
            assert (refused.method, refused.status) == ("POST", 500)
            assert SENTENCE in refused.body
            assert f"Note {writer.sent}. {LONG}".strip() in refused.body

            filler.unlink()
            visitor.post(f"{writer.case}/note", refused.body)  # "Send it again"
            writer.acknowledged.append(f"Note {writer.sent}. {LONG}".strip())
            writer.write(visitor, form)
            found = writer.check()
            assert not any(note[:4] == "Note" and note not in writer.acknowledged for note in found["notes"])
    assert LONG not in writer.log.read_text()
