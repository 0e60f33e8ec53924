"""A workspace of the last release comes to the version of today, whole; or it stays as it was, whatever happens on the way."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from amanat.config.versions import Clone
from amanat.vault.header import Header
from tests.released import HOST, NAMES, Released, fresh, last_release, released
from tests.restored import answers, empty_place, newest
from tests.served import ROOT

pytestmark = pytest.mark.both_databases
USUALLY_ONE = pytest.mark.usually_sqlcipher

LOOK = """
import json
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from amanat.audit.models import Entry
from amanat.audit.verify import verify
from amanat.cases.models import Child, Event
from amanat.config.tree.prepare import prepare
from amanat.vault.sealing import open_sealed
prepare(timezone.now(), end_sessions=True)
named = [open_sealed(child, "identity")["names"][0] for child in Child.objects.all()]
updates = Entry.objects.filter(verb="workspace.update")
print(json.dumps({
    "names": sorted(f"{name['given']} {name['family']}" for name in named),
    "notes": [open_sealed(event, "note") for event in Event.objects.filter(kind="note")],
    "faults": [str(fault) for fault in verify(now=timezone.now()).faults],
    "updates": [open_sealed(entry, "details") for entry in updates],
    "signing_in": Client().get(reverse("account_login"), secure=True, headers={"host": "localhost"}).status_code,
}))
"""
SHARES = """
import json
from pathlib import Path
from django.conf import settings
from django.utils import timezone
from amanat.vault import recovery
from amanat.vault.keys import Workspace, keyring
new = recovery.create(["Ogul", "Serdar", "Maria"])
Workspace.at(Path(settings.WORKSPACE)).trust(new, keyring(), timezone.now().isoformat())
print(json.dumps([share.words for share in new.shares]))
"""
Mishap = Callable[[str], dict[str, Any]]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Released]:
    with released(tmp_path_factory.mktemp("upgrade")) as made:
        yield made


@pytest.fixture
def old(made: Released) -> Released:
    """As the release left it."""
    return fresh(made)


@pytest.fixture(scope="module")
def under(made: Released) -> Iterator[Mishap]:
    """`under(mishap)` tries the update while that happens; what it said, and whether it was cut off."""
    code = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    command = [sys.executable, "-m", "tests.cut_short", str(made.clone.root)]
    with subprocess.Popen(
        command, env=made.environment | code, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:

        def under(mishap: str) -> dict[str, Any]:
            assert process.stdin
            assert process.stdout
            process.stdin.write(f"{mishap}\n")
            process.stdin.flush()
            told: dict[str, Any] = json.loads(process.stdout.readline())
            return told

        yield under
        assert process.stdin
        process.stdin.close()


def seen(of: Released) -> tuple[int, str, bytes]:
    """Tables, files and header, as they are in use."""
    return of.tables(), of.clone.head(), Header.path(of.folder).read_bytes()


def stands_at(of: Released, commit: str) -> bool:
    return of.clone.head() == commit and not of.clone.git("status", "--porcelain", "--untracked-files=no")


@pytest.mark.usually_sqlcipher
def test_what_the_last_release_made_is_whole_in_the_version_of_today(old: Released, under: Mishap) -> None:
    tables = old.tables()
    told = under("none")
    assert "Done. This serves it" in told["said"]
    assert stands_at(old, Clone(ROOT).head())
    assert old.tables() > tables
    found = old.do(LOOK)
    assert found["names"] == sorted(NAMES)
    assert len(found["notes"]) == 2
    assert found["faults"] == []
    assert len(found["updates"]) == 1
    assert found["signing_in"] == 200
    header = Header.read(old.folder)
    assert header.host == HOST
    assert header.tls
    assert (old.folder / "tls" / "server.pem").exists()
    assert "ca.1" in header.wrapped
    assert "recovery renew" in told["said"]
    assert "the workspace is up to date" in under("none")["said"]


@pytest.mark.sqlcipher_only
def test_it_is_backed_up_and_restored_after_that(old: Released, under: Mishap, tmp_path: Path) -> None:
    under("none")
    shares = old.do(SHARES)
    disk = tmp_path / "disk"
    disk.mkdir()
    assert old.run("backup", str(disk)).returncode == 0
    with empty_place(tmp_path / "there") as there:
        done = there.run(*newest(disk), answers(shares, HOST))
        assert done.returncode == 0, done.stderr
        found = json.loads(there.do("shell", "-c", LOOK).splitlines()[-1])
    assert found["names"] == sorted(NAMES)
    assert found["faults"] == []


@pytest.mark.parametrize(
    ("mishap", "why"),
    [
        ("a migration fails", "this migration fails"),
        pytest.param("a migration loses rows", "The table vault_posting had", marks=USUALLY_ONE),
        pytest.param("a trigger is lost", "no longer guards the log", marks=USUALLY_ONE),
        pytest.param("it is served", "being served. Stop that first", marks=pytest.mark.sqlcipher_only),
        pytest.param("other words", "does not open the workspace", marks=pytest.mark.sqlcipher_only),
        pytest.param("somebody has it open", "Another command works", marks=pytest.mark.sqlcipher_only),
        pytest.param("the disk is nearly full", "The disk is nearly full", marks=pytest.mark.sqlcipher_only),
        pytest.param("no owner", "AMANAT_DATABASE_OWNER", marks=pytest.mark.postgres_only),
        pytest.param("a migration is not atomic", "can't be taken back", marks=pytest.mark.postgres_only),
    ],
)
def test_what_fails_changes_nothing_and_says_why(old: Released, under: Mishap, mishap: str, why: str) -> None:
    before = seen(old)
    told = under(mishap)
    assert why in told["said"]
    assert "Nothing was changed" in told["said"]
    assert seen(old) == before
    assert stands_at(old, last_release())
    assert not (old.folder / "updating").exists()


@pytest.mark.parametrize(
    "mishap",
    [
        pytest.param("cut while it copies", marks=pytest.mark.sqlcipher_only),
        "cut in a migration",
        pytest.param("cut while it checks", marks=pytest.mark.thorough),
        pytest.param("cut before files move", marks=pytest.mark.thorough),
        pytest.param("cut while files move", marks=USUALLY_ONE),
        pytest.param("cut before the tables take their place", marks=pytest.mark.sqlcipher_only),
    ],
)
def test_who_is_cut_off_before_the_tables_are_in_place_leaves_all_as_it_was(
    old: Released, under: Mishap, mishap: str
) -> None:
    before = seen(old)
    assert under(mishap)["cut"]
    as_run_does(old.clone)
    assert seen(old) == before
    assert stands_at(old, last_release())


@pytest.mark.usually_sqlcipher
@pytest.mark.parametrize(
    "mishap", [pytest.param("cut before the header is complete", marks=pytest.mark.thorough), "cut while packages move"]
)
def test_who_is_cut_off_after_that_is_finished_by_the_next_word_of_run(
    old: Released, under: Mishap, mishap: str
) -> None:
    before = old.tables()
    assert under(mishap)["cut"]
    as_run_does(old.clone)
    assert old.tables() > before
    assert stands_at(old, Clone(ROOT).head())
    under("none")
    assert "ca.1" in Header.read(old.folder).wrapped


@pytest.mark.postgres_only
def test_who_is_cut_off_in_the_commit_itself_is_finished_by_the_next_update(old: Released, under: Mishap) -> None:
    before = old.tables()
    assert under("cut before the commit")["cut"]
    as_run_does(old.clone)
    assert old.tables() == before
    assert stands_at(old, Clone(ROOT).head())
    assert "Done" in under("none")["said"]
    assert old.tables() > before
    found = old.do(LOOK)
    assert (found["names"], len(found["notes"])) == (sorted(NAMES), 2)
    assert (found["faults"], len(found["updates"])) == ([], 1)


@pytest.mark.usually_sqlcipher
def test_a_log_that_did_not_hold_before_keeps_nobody_from_updating(old: Released, under: Mishap) -> None:
    assert "Done" in under("a trigger is lost, and they know")["said"]
    assert stands_at(old, Clone(ROOT).head())


@pytest.mark.sqlcipher_only
def test_what_fails_once_the_tables_are_in_place_is_finished_by_the_next_update(old: Released, under: Mishap) -> None:
    said = under("the certificate can't be written")["said"]
    assert "No space left on device" in said
    assert "This finishes it: ./run update" in said
    assert "Nothing was changed" not in said
    as_run_does(old.clone)
    assert stands_at(old, Clone(ROOT).head())
    assert "Done" in under("none")["said"]
    assert Header.read(old.folder).tls


@pytest.mark.sqlcipher_only
def test_tables_of_a_newer_version_are_left_alone(old: Released, under: Mishap) -> None:
    assert "made by a newer version" in under("a newer version was here")["said"]


@pytest.mark.usually_sqlcipher
def test_where_nobody_keeps_shares_somebody_has_to_do_without_a_backup(old: Released) -> None:
    before = seen(old)
    done = old.run("update")
    assert done.returncode == 1
    assert "nobody keeps shares of this workspace. If you can do without one" in done.stderr
    assert seen(old) == before


def as_run_does(clone: Clone) -> None:
    """The first thing that any word of ./run does."""
    if (clone.root / "build" / "moving").exists():
        clone.settle()
