"""A workspace that is lived in, backed up and restored, in processes of its own, as a person does it at a terminal."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.served import ROOT, amanat, demo, environment, own_database

WORDS = "calm river seven stones under bridge"
PATH = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
HOLDERS = ["Ogul", "Serdar", "Maria"]
BOTH = (HOLDERS[0], HOLDERS[2])  # whose shares are typed
ON_SQLCIPHER = {"AMANAT_DATABASE": "", "AMANAT_DATABASE_OWNER": ""}
# Shares for three people; a document; a packet that came in while nobody was there.
LIVE = """
import json
from pathlib import Path
from django.conf import settings
from django.utils import timezone
from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.vault import intake, recovery
from amanat.vault.files import write_sealed
from amanat.vault.keys import Workspace, keyring
workspace = Workspace.at(Path(settings.WORKSPACE))
new = recovery.create({holders})
workspace.trust(new, keyring(), timezone.now().isoformat())
for number in range(3):
    write_sealed(b"a sealed document " * 10_000 * number)
recording.record(at=timezone.now(), verb="people.init", outcome=Outcome.DONE)
intake.spool(intake.folder(workspace.path), b"a packet that waits", timezone.now())
print(json.dumps([share.words for share in new.shares]))
"""
RENEW = """
import json
from pathlib import Path
from django.conf import settings
from django.utils import timezone
from amanat.vault import recovery
from amanat.vault.keys import Workspace, keyring
new = recovery.create({holders})
Workspace.at(Path(settings.WORKSPACE)).trust(new, keyring(), timezone.now().isoformat())
print(json.dumps([share.words for share in new.shares]))
"""
# What is in a workspace: rows by table, what the foreign keys and the log say, and which subjects can be opened.
LOOK = """
import json
from django.apps import apps
from django.db import connection
from django.utils import timezone
from amanat.audit.models import Entry
from amanat.audit.verify import verify
from amanat.vault.models import Erased, Subject
from amanat.vault.sealing import open_sealed
from amanat.office.backups.rows import tables
def opens(subject):
    try:
        return bool(subject.cipher)
    except Erased:
        return False
connection.check_constraints()
told = Entry.objects.filter(verb="backup.restore").order_by("at")
print(json.dumps({
    "rows": {label: apps.get_model(label)._base_manager.count() for label in tables()},
    "faults": [str(fault) for fault in verify(now=timezone.now()).faults],
    "restores": [open_sealed(entry, "details") for entry in told],
    "open": sorted(subject.pk.hex for subject in Subject.objects.all() if opens(subject)),
    "shut": sorted(subject.pk.hex for subject in Subject.objects.all() if not opens(subject)),
}))
"""


@dataclass
class Lived:
    """A workspace with a disk for its backups. `environment` is what its commands run in."""

    folder: Path
    disk: Path
    environment: dict[str, str]
    shares: list[str] = field(default_factory=list)

    def run(self, script: str) -> Any:
        """What a script prints last, as JSON."""
        return json.loads(amanat(self.environment, "shell", "-c", script).splitlines()[-1])

    def look(self) -> dict[str, Any]:
        found: dict[str, Any] = self.run(LOOK)
        return found

    def die_often(self) -> list[dict[str, Any]]:
        """Backups to the disk, each killed at another point; what `tests.broken` saw after each."""
        command = [sys.executable, "-m", "tests.broken", "dies-often", str(self.disk), *self.shares[:2]]
        environment = self.environment | {"PYTHONPATH": PATH}
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        told: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
        return told

    def back_up(self) -> tuple[Path, Path]:
        """Data and keys, as they lie on the disk now."""
        amanat(self.environment, "backup", str(self.disk))
        return newest(self.disk)


def newest(disk: Path) -> tuple[Path, Path]:
    """Data and keys of the newest backup on a disk."""
    return max(disk.glob("*.data.age")), max(disk.glob("*.keys.age"))


@contextmanager
def lived_in(place: Path) -> Iterator[Lived]:
    """The demo country with shares, documents and a packet, on the database of this run."""
    place.mkdir(exist_ok=True)
    with own_database() as database:
        folder = place / "workspace"
        lived = Lived(folder, place / "disk", environment(folder, place / "tmp", **database))
        lived.disk.mkdir()
        demo(lived.environment)
        lived.shares = lived.run(LIVE.format(holders=HOLDERS))
        yield lived


@dataclass
class Restore:
    """A restore into an empty place."""

    folder: Path
    environment: dict[str, str]

    def command(self, data: Path, keys: Path, *options: str, broken: tuple[str, ...] = ()) -> list[str]:
        """`broken`: how, as `tests.broken` takes it."""
        begin = ["tests.broken", *broken] if broken else ["amanat"]
        return [sys.executable, "-m", *begin, "restore", str(data), str(keys), "--shares", *options]

    def run(
        self, data: Path, keys: Path, said: list[str], *options: str, broken: tuple[str, ...] = ()
    ) -> subprocess.CompletedProcess[str]:
        text = "".join(f"{line}\n" for line in said)
        command = self.command(data, keys, *options, broken=broken)
        environment = self.environment | {"PYTHONPATH": PATH}
        return subprocess.run(command, env=environment, input=text, capture_output=True, text=True, check=False)

    @contextmanager
    def standing_still(self, at: str, data: Path, keys: Path, said: list[str]) -> Iterator[subprocess.Popen[str]]:
        """A restore that stands still at a point (see `tests.broken`) during the block, and then goes on to its end."""
        environment = self.environment | {"PYTHONPATH": PATH}
        command = self.command(data, keys, broken=("stops", at))
        with subprocess.Popen(
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
        ) as it:
            assert it.stdin
            it.stdin.write("".join(f"{line}\n" for line in said))
            it.stdin.close()
            _pid, status = os.waitpid(it.pid, os.WUNTRACED)
            assert os.WIFSTOPPED(status)
            try:
                yield it
            finally:
                it.send_signal(signal.SIGCONT)

    def is_empty(self) -> bool:
        """Nothing stands in the folder, and nothing in the database on a server."""
        held = list(self.folder.iterdir()) if self.folder.exists() else []
        return not held and not (self.environment.get("AMANAT_DATABASE") and self._tables())

    def _tables(self) -> list[Any]:
        with psycopg.connect(self.environment["AMANAT_DATABASE_OWNER"]) as owner:
            return owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()

    def do(self, *command: str) -> str:
        """What a command says in the restored workspace, opened by its new words."""
        return amanat(self.environment, *command, said=f"{WORDS}\n")

    def look(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.do("shell", "-c", LOOK).splitlines()[-1])
        return found

    def is_there(self) -> bool:
        return (self.folder / "header.json").exists()


@contextmanager
def empty_place(place: Path, **more: str) -> Iterator[Restore]:
    """A folder that is not there yet, and an empty database."""
    place.mkdir(exist_ok=True)
    with own_database() as database:
        folder = place / "again"
        try:
            yield Restore(folder, environment(folder, place / "tmp", **(database | more)))
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def answers(shares: list[str], host: str = "", *, accepted_by: tuple[str, ...] = BOTH) -> list[str]:
    """Two shares, who accepts a list that is not newer than the backup, the host, and own words, typed twice."""
    return [shares[0], shares[2], *accepted_by, host, WORDS, WORDS]


def flipped(path: Path, to: Path, at: float = 0.5) -> Path:
    """A copy with one byte changed, so far into it."""
    content = bytearray(path.read_bytes())
    content[int(len(content) * at)] ^= 1
    to.parent.mkdir(exist_ok=True, parents=True)
    to.write_bytes(content)
    return to
