"""The restore drill: a backup made while people work becomes a whole workspace elsewhere, or nothing at all."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from amanat.vault import recovery
from amanat.vault.header import Header
from amanat.vault.keys import Workspace
from tests.restored import (
    BOTH,
    HOLDERS,
    ON_SQLCIPHER,
    RENEW,
    WORDS,
    Lived,
    Restore,
    answers,
    empty_place,
    flipped,
    lived_in,
    newest,
)
from tests.served import amanat, small_disk

pytestmark = pytest.mark.both_databases

Pair = tuple[Path, Path]
Place = Callable[..., Restore]
ERASE = """
import json
from django.utils import timezone
from amanat.vault.erasing import erase
from amanat.vault.models import Subject, SubjectKind
child = Subject.objects.filter(kind=SubjectKind.CHILD, erased_at=None).order_by("pk").first()
erase([child.pk], timezone.now())
print(json.dumps(child.pk.hex))
"""
OF_A_CHILD = ("cases.child", "cases.event", "vault.indexed", "vault.posting")
# Somebody works without pause: agencies, and a line in the log for each, in one transaction.
WORK = """
import itertools
import uuid
from django.db import transaction
from django.utils import timezone
from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.people.models import Agency
print("at work", flush=True)
for number in itertools.count():
    with transaction.atomic():
        Agency.objects.create(name=f"Office {uuid.uuid4()}", kind="NGO")
        recording.record(at=timezone.now(), verb="people.arrange", outcome=Outcome.DONE, details={"about": str(number)})
"""
# How many offices were made that the log does not tell of.
TOLD = """
from amanat.audit.models import Entry
from amanat.people.models import Agency
made = Agency.objects.filter(name__startswith="Office ").count()
print(made - Entry.objects.filter(verb="people.arrange", user=None).count())
"""
UNDONE = """
from amanat.people.models import Agency
Agency.objects.filter(name__startswith="Office ").delete()
"""
# What opens of the children, how many have a key that was retired, and to which key phones encrypt.
NAMES = """
import json
from amanat.api import form_keys
from amanat.cases.models import Child
from amanat.vault import resealing
from amanat.vault.models import RetiredKey, Subject
from amanat.vault.sealing import open_sealed
children = Child.objects.select_related("subject").order_by("pk")
print(json.dumps({
    "names": [open_sealed(child, "identity") for child in children],
    "retired": RetiredKey.objects.count(),
    "subjects": Subject.objects.filter(erased_at=None).exclude(kind="draft").count(),
    "waiting": len(resealing.waiting()),
    "phones": form_keys.lock().mark,
}))
"""
DRAFT = """
from amanat.api import form_keys
from django.http import QueryDict
from django.utils import timezone
from amanat.access import drafts
from amanat.people.models import Membership
drafts.save(Membership.objects.filter(role="social_worker").first().user, "/cases/register", QueryDict("a=b"), timezone.now())
form_keys.lock()
"""
UNDRAFT = """
from amanat.access import drafts
from amanat.people.models import Membership
drafts.forget(Membership.objects.filter(role="social_worker").first().user, "/cases/register")
"""
REGISTER = """
from django.utils import timezone
from amanat.access.actor import Actor
from amanat.cases.actions.registering import NewChild, register
from amanat.people.models import Membership
now = timezone.now()
by = Membership.objects.filter(role="social_worker").first()
child = NewChild({"names": [{"given": "Selbi", "family": "Test"}], "birth_date": "2013-01-01", "certainty": "estimated"}, {})
register([child], actor=Actor.of(by, now, second_factor=True, proved_at=now))
print("registered")
"""
PASSKEY = """
from allauth.mfa.models import Authenticator
from amanat.people.models import User
first, second = User.objects.order_by("username")[:2]
for user in (first, second):
    Authenticator.objects.create(user=user, type="webauthn", data={"name": "key", "credential": {}})
Authenticator.objects.create(user=second, type="totp", data={"secret": "sealed"})
import json; print(json.dumps(first.username))
"""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lived]:
    with lived_in(tmp_path_factory.mktemp("lived")) as lived:
        yield lived


@pytest.fixture(scope="module")
def pair(lived: Lived) -> Pair:
    return lived.back_up()


@dataclass(frozen=True)
class Since:
    """An older backup with the list of then, a child that was erased after it, and a newer backup."""

    older: Pair
    old_list: Path
    erased: str
    newer: Pair


@pytest.fixture(scope="module")
def since(lived: Lived, tmp_path_factory: pytest.TempPathFactory) -> Since:
    older = lived.back_up()
    old_list = Path(shutil.copy(lived.disk / "amanat-erasures.json", tmp_path_factory.mktemp("old") / "list.json"))
    erased = lived.run(WORK.replace("itertools.count()", "range(3)") + ERASE)
    return Since(older, old_list, erased, lived.back_up())


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    """`place()`: an empty folder and database; `place(**environment)`."""
    with ExitStack() as stack:
        yield lambda **more: stack.enter_context(empty_place(tmp_path, **more))


@pytest.mark.usually_sqlcipher
def test_what_is_restored_is_what_was_there(lived: Lived, pair: Pair, place: Place) -> None:
    there = place()
    there.folder.mkdir(mode=0o755)
    done = there.run(*pair, answers(lived.shares))
    assert done.returncode == 0, done.stderr
    assert there.folder.stat().st_mode & 0o777 == 0o700
    was, now = lived.look(), there.look()
    assert now["faults"] == []
    assert now["open"] == was["open"]
    changed = {label for label, count in now["rows"].items() if count != was["rows"][label]}
    # The log tells of the backup there and of the restore here; the backup was being made when it was taken.
    assert changed <= {"audit.entry", "audit.pending", "audit.seal", "office.backup"}
    assert _documents(there.folder) == _documents(lived.folder)
    assert [path.read_bytes() for path in there.folder.glob("intake/*.packet")] == [b"a packet that waits"]
    assert not list(there.folder.glob("*restoring*"))
    assert now["restores"][0]["accepted_by"] == list(BOTH), "the list was made with the backup"
    assert now["restores"][0]["list"] == "as old as the backup"
    _has_another_database_key(lived, there)


def _has_another_database_key(lived: Lived, there: Restore) -> None:
    """And what two shares open are the keys of this workspace."""
    before, after = (Workspace.at(folder) for folder in (lived.folder, there.folder))
    was, held = before.unwrap(before.provider()), after.unwrap(after.provider(words=WORDS))
    assert {name for name, key in held.keys.items() if key != was.keys.get(name)} == {"database"}
    assert after.header.recovery
    identity = recovery.open_with(after.header.recovery["boxes"], lived.shares[0], lived.shares[1])
    assert recovery.open_keys(identity, after.header.recoverable) == held.keys


def _documents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (folder / "media").glob("*/*")}


def test_a_backup_that_is_made_while_people_work_is_of_one_moment(lived: Lived, place: Place) -> None:
    working = subprocess.Popen(
        [sys.executable, "-m", "amanat", "shell", "-c", WORK], env=lived.environment, stdout=subprocess.PIPE
    )
    try:
        assert working.stdout
        while b"at work" not in working.stdout.readline():
            pass
        time.sleep(1)
        pair = lived.back_up()
    finally:
        working.kill()
        working.wait()
    there = place()
    assert there.run(*pair, answers(lived.shares)).returncode == 0
    found, was = there.look(), lived.look()
    assert found["faults"] == []
    assert found["rows"]["people.agency"] < was["rows"]["people.agency"]
    assert _told_of(there.do("shell", "-c", TOLD)) == _told_of(amanat(lived.environment, "shell", "-c", TOLD)) == 0
    amanat(lived.environment, "shell", "-c", UNDONE)


def _told_of(said: str) -> int:
    return int(said.splitlines()[-1])


@pytest.mark.sqlcipher_only  # whatever the database
def test_a_dry_run_reads_everything_and_writes_nothing(lived: Lived, pair: Pair, place: Place) -> None:
    there = place()
    done = there.run(*pair, lived.shares[:2], "--dry-run")
    assert done.returncode == 0, done.stderr
    assert "3 documents, 1 packets" in done.stdout
    assert "Nothing was written" in done.stdout
    assert "Note it in the workspace that it is of" in done.stdout
    assert not there.folder.exists()


@pytest.mark.sqlcipher_only  # whatever the database
@pytest.mark.parametrize("half", ["data", "document"])
def test_a_damaged_byte_gives_a_sentence_and_nothing_half_restored(
    lived: Lived, pair: Pair, place: Place, tmp_path: Path, half: str
) -> None:
    disk = shutil.copytree(lived.disk, tmp_path / "copy")
    data, keys = disk / pair[0].name, disk / pair[1].name
    document = max((disk / "media").glob("*/*"), key=lambda path: path.stat().st_size)
    broken = {"data": data, "document": document}[half]
    flipped(broken, broken, at=0.9)
    there = place()
    done = there.run(data, keys, answers(lived.shares))
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert broken.name in done.stderr
    assert "damaged" in done.stderr
    assert there.is_empty()


@pytest.mark.thorough
@pytest.mark.sqlcipher_only  # whatever the database
def test_a_damaged_document_can_be_left_out(lived: Lived, pair: Pair, place: Place, tmp_path: Path) -> None:
    disk = shutil.copytree(lived.disk, tmp_path / "copy")
    lost = next((disk / "media").glob("*/*"))
    lost.unlink()
    there = place()
    done = there.run(disk / pair[0].name, disk / pair[1].name, answers(lived.shares), "--leave-out-damaged")
    assert done.returncode == 0, done.stderr
    assert there.look()["restores"][0]["left_out"] == [lost.name]


# While rows come in; when all stands in its place but the header; when that does, too, before it is said.
KILLED_AT = ("rows:Loader.load:8", "staging:_bring_header:1", "emptiness:let_go:1")


def test_whoever_is_killed_half_way_leaves_no_workspace_and_the_next_one_begins_again_clean(
    lived: Lived, pair: Pair, place: Place
) -> None:
    there = place()
    for point in KILLED_AT:
        assert not there.is_there()
        done = there.run(*pair, answers(lived.shares), broken=("dies", f"amanat.office.backups.{point}"))
        assert done.returncode == -signal.SIGKILL, (point, done.stderr)
    assert "holds a workspace already" in there.run(*pair, answers(lived.shares)).stderr
    found = there.look()
    assert found["faults"] == []
    assert found["open"] == lived.look()["open"]
    assert len(found["restores"]) == 1
    assert _documents(there.folder) == _documents(lived.folder)


@pytest.mark.usually_sqlcipher
def test_a_backup_that_is_killed_half_way_leaves_nothing_half_and_the_next_one_is_whole(
    lived: Lived, pair: Pair
) -> None:
    before = newest(lived.disk)[0].name
    seen = lived.die_often()
    *killed, last = seen
    assert [one["point"] for one in killed if not one["died"]] == []
    assert [one for one in seen if one["damaged"]] == []
    assert {one["documents"] for one in seen} == {3}
    assert killed[0]["newest"] == before
    assert last["newest"] == newest(lived.disk)[0].name > killed[-1]["newest"]
    assert list(lived.disk.rglob("*.part")) == []
    assert not (lived.folder / "run" / "backup").exists()


@pytest.mark.sqlcipher_only  # whatever the database
@pytest.mark.parametrize("room", [100_000, 400_000])
def test_where_the_disk_gets_full_nothing_is_left_and_a_sentence_says_so(
    lived: Lived, pair: Pair, place: Place, tmp_path: Path, room: int
) -> None:
    with small_disk(tmp_path / "small", room) as small:
        there = replace(place(), folder=small / "again")
        there.environment = there.environment | {"AMANAT_WORKSPACE": str(there.folder)}
        done = there.run(*pair, answers(lived.shares))
        assert done.returncode == 1
        assert "Nothing was restored" in done.stderr
        assert "Traceback" not in done.stderr
        assert there.is_empty()


@pytest.mark.sqlcipher_only  # whatever the database
def test_under_a_clock_that_is_behind_the_backup_it_is_restored_and_says_so(
    lived: Lived, pair: Pair, place: Place
) -> None:
    there = place()
    done = there.run(*pair, answers(lived.shares), broken=("clock", "2020-01-01T00:00:00+00:00"))
    assert done.returncode == 0, done.stderr
    assert "By the clock of this machine that is still to come" in done.stdout
    assert there.look()["faults"] == []
    before = newest(lived.disk)
    there.do("backup", str(lived.disk))
    assert newest(lived.disk) > before, "it comes after all that lies there"


@pytest.mark.sqlcipher_only  # whatever the database
def test_of_two_at_once_the_second_is_refused(lived: Lived, pair: Pair, place: Place) -> None:
    there = place()
    first = subprocess.Popen(
        there.command(*pair), env=there.environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert first.stdin
    assert first.stdout
    assert first.stdout.read(1)  # it asks for the first share
    second = there.run(*pair, answers(lived.shares))
    assert second.returncode != 0
    assert "Somebody is restoring" in second.stderr
    first.communicate("".join(f"{line}\n" for line in answers(lived.shares)))
    assert first.returncode == 0
    assert there.look()["faults"] == []


@pytest.mark.thorough
@pytest.mark.sqlcipher_only  # whatever the database
def test_a_folder_with_something_else_in_it_is_left_as_it_is(lived: Lived, pair: Pair, place: Place) -> None:
    there = place()
    for name in ("photos", "amanat-restoring"):
        (there.folder / name).mkdir(parents=True)
        (there.folder / name / "mine").write_text("mine")
        done = there.run(*pair, answers(lived.shares))
        assert "is not empty" in done.stderr
        assert (there.folder / name / "mine").read_text() == "mine"
        shutil.rmtree(there.folder / name)


@pytest.mark.postgres_only
def test_a_database_that_somebody_works_with_is_never_restored_into(lived: Lived, pair: Pair, place: Place) -> None:
    before = lived.look()["rows"]
    there = place(**{name: lived.environment[name] for name in ON_SQLCIPHER})
    done = there.run(*pair, answers(lived.shares))
    assert "The database is not empty" in done.stderr
    assert lived.look()["rows"] == before


@pytest.mark.postgres_only
def test_of_two_at_once_into_one_database_the_second_is_refused(lived: Lived, pair: Pair, place: Place) -> None:
    """From two folders: the first one stands still in the middle while the second one tries."""
    there = place()
    elsewhere = there.folder.with_name("elsewhere")
    other = Restore(elsewhere, there.environment | {"AMANAT_WORKSPACE": str(elsewhere)})
    with there.standing_still("amanat.office.backups.rows:Loader.load:8", *pair, answers(lived.shares)) as first:
        done = other.run(*pair, answers(lived.shares))
        assert "Somebody is restoring into this database already" in done.stderr
    assert first.returncode == 0
    assert there.look()["faults"] == []
    assert not list(elsewhere.glob("*"))


@pytest.mark.sqlcipher_only  # whatever the database
def test_another_host_voids_passkeys_and_says_so(lived: Lived, place: Place) -> None:
    without_another = lived.run(PASSKEY)
    pair = lived.back_up()
    there = place()
    done = there.run(*pair, answers(lived.shares, host="amanat.example"))
    assert done.returncode == 0, done.stderr
    assert "Passkeys are bound to the former name" in done.stdout
    assert f"need a new way in (People, lost second factor): {without_another}\n" in done.stdout
    told = there.look()
    assert told["rows"]["mfa.authenticator"] == 1
    assert told["restores"][0]["host"] == {"was": "localhost", "now": "amanat.example"}
    assert json.loads((there.folder / "header.json").read_text())["tls"]


@pytest.fixture(scope="module")
def restored(lived: Lived, since: Since, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What is in a workspace that came out of the older backup."""
    with empty_place(tmp_path_factory.mktemp("older")) as there:
        done = there.run(*since.older, answers(lived.shares, accepted_by=()))  # the list is newer than this one
        assert done.returncode == 0, done.stderr
        return there.look()


@pytest.mark.usually_sqlcipher
def test_who_was_erased_since_stays_erased(lived: Lived, since: Since, restored: dict[str, Any]) -> None:
    assert since.erased in restored["shut"]
    assert since.erased not in restored["open"]
    assert restored["faults"] == []
    now = lived.look()["rows"]
    assert {label: restored["rows"][label] for label in OF_A_CHILD} == {label: now[label] for label in OF_A_CHILD}


@pytest.mark.usually_sqlcipher
def test_the_log_names_the_head_it_came_from_and_the_one_that_was_lost(since: Since, restored: dict[str, Any]) -> None:
    came_from, lost = (
        json.loads(data.read_bytes().split(b"\n", 1)[0])["head"] for data, _keys in (since.older, since.newer)
    )
    assert came_from != lost
    assert [(one["from"], one["lost"], one["shares"]) for one in restored["restores"]] == [(came_from, lost, [1, 3])]


@pytest.mark.sqlcipher_only  # whatever the database
def test_without_a_newer_list_it_is_refused_unless_two_accept_it(lived: Lived, since: Since, place: Place) -> None:
    there = place()
    old = ["--erasures", str(since.old_list)]
    refused = there.run(*since.older, answers(lived.shares), *old)
    assert "no erasure list as new as the newest backup" in refused.stderr
    one = there.run(*since.older, answers(lived.shares, accepted_by=(HOLDERS[0], "nobody")), *old, "--accept-old-list")
    assert "Not both accepted it" in one.stderr
    assert not there.is_there()
    done = there.run(*since.older, answers(lived.shares), *old, "--accept-old-list")
    assert done.returncode == 0, done.stderr
    found = there.look()
    assert found["restores"][0]["accepted_by"] == list(BOTH)
    assert since.erased in found["open"], "which is why two people had to accept it"


@pytest.mark.sqlcipher_only  # whatever the database
def test_data_open_with_later_keys_after_shares_and_data_keys_were_renewed(lived: Lived, place: Place) -> None:
    """What no list keeps apart: under the data keys of a later backup nothing in the data stands yet, and a draft has none at all."""
    amanat(lived.environment, "shell", "-c", DRAFT)
    data, _keys = lived.back_up()
    was = lived.run(NAMES)
    amanat(lived.environment, "shell", "-c", UNDRAFT)
    amanat(lived.environment, "keys", "rotate", "data")
    time.sleep(1)  # names of backups tell seconds
    with renewed(lived) as shares:
        _data, keys = lived.back_up()
    there = place()
    done = there.run(data, keys, [*shares[1:], *answers(lived.shares, accepted_by=tuple(HOLDERS[1:]))])
    assert done.returncode == 0, done.stderr
    now = json.loads(there.do("shell", "-c", NAMES).splitlines()[-1])
    assert (now["names"], now["phones"]) == (was["names"], was["phones"])
    assert (now["retired"], now["waiting"]) == (now["subjects"], 1), "it is sealed under the newest once it is served"
    found = there.look()
    assert (found["rows"]["access.draft"], found["faults"]) == (0, [])
    [told] = found["restores"]
    assert (told["shares"], told["former_shares"], told["without_key"]) == ([2, 3], [1, 3], 1)


@contextmanager
def renewed(lived: Lived) -> Iterator[list[str]]:
    """Other shares are in use meanwhile."""
    before = Header.path(lived.folder).read_bytes()
    yield lived.run(RENEW.format(holders=HOLDERS))
    Header.path(lived.folder).write_bytes(before)


@pytest.mark.long
@pytest.mark.postgres_only
def test_from_one_database_to_the_other_and_back(tmp_path: Path) -> None:
    """The way to grow: numbers that the database gives go on, the log is guarded, and each side reads what the other wrote."""
    with pytest.MonkeyPatch.context() as patch, ExitStack() as stack:
        for name in ON_SQLCIPHER:
            patch.delenv(name)
        small = stack.enter_context(lived_in(tmp_path / "small"))
        patch.undo()
        large = stack.enter_context(empty_place(tmp_path / "large"))
        done = large.run(*small.back_up(), answers(small.shares))
        assert done.returncode == 0, done.stderr
        grown, was = large.look(), small.look()
        assert grown["faults"] == []
        assert grown["open"] == was["open"]
        assert "registered" in large.do("shell", "-c", REGISTER)
        time.sleep(1)
        large.do("backup", str(small.disk))
        home = stack.enter_context(empty_place(tmp_path / "home", **ON_SQLCIPHER))
        done = home.run(*newest(small.disk), answers(small.shares))
        assert done.returncode == 0, done.stderr
        found = home.look()
        assert found["faults"] == []
        assert len(found["restores"]) == 2
        assert found["rows"]["vault.posting"] == large.look()["rows"]["vault.posting"] > was["rows"]["vault.posting"]
        assert "registered" in home.do("shell", "-c", REGISTER)
