"""One bad year of a small office, played in a clean room, each command as a person types it.

It begins in an empty folder on the embedded database and ends on PostgreSQL. Two children are known; one of them is erased.
"""

from __future__ import annotations

import json
import shutil
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from amanat.config.versions import Clone
from tests.canaries import TYPED, found_in
from tests.clones import NEXT_VERSION, a_newer_version, cloned, run, source_of_today
from tests.conversation import Conversation
from tests.restored import ON_SQLCIPHER, newest
from tests.served import amanat, environment, own_database
from tests.test_https import HOST, ByHttps
from tests.tree import Tree, tree, with_a_sender

# It begins on the other database. All that happens in it is held by tests of its own; here it happens to one and the same workspace.
pytestmark = [pytest.mark.postgres_only, pytest.mark.thorough]

WORDS, OTHER, THIRD, LAST = (
    "tokan mirub selod karif nodal vezum",
    "quiet harbour seven lamps by the river",
    "eleven birds over a frozen garden wall",
    "one more table under the old walnut tree",
)
HOLDERS = ["Aylar Test", "Berdi Test", "Chary Test"]
BOTH = (HOLDERS[0], HOLDERS[2])  # whose shares are typed
PEOPLE = ["", "Northern Network", "", "viktor", "Viktor", "kerim", "Kerim", "maral", "Maral", "aman", "Aman"]
STAYS = {"given": TYPED["given name"], "family": TYPED["family name"]}
GOES = {"given": TYPED["given name in Cyrillic"], "family": TYPED["family name in Cyrillic"]}
BEGIN = """
from django.utils import timezone
from amanat.access.actor import Actor
from amanat.people.models import Membership
now = timezone.now()
def actor(name):
    member = Membership.objects.get(user__username=name)
    return Actor.of(member, now, second_factor=True, proved_at=now)
"""
WORK = f"""{BEGIN}
from amanat.access.policy import Part
from amanat.cases.actions import registering, writing
from amanat.people.models import Agency, Site, User
user = User.objects.create_user("jemal", None, display_name="Jemal")
Membership.objects.create(user=user, agency=Agency.objects.get(), site=Site.objects.get(), role="social_worker", since=now)
children = [registering.NewChild({{"names": [name]}}, {{"phones": ["{TYPED["phone"]}"]}}) for name in {[STAYS, GOES]}]
for case in registering.register(children, actor=actor("jemal")):
    writing.note(case, part=Part.NARRATIVE, text="{TYPED["note"]}", actor=actor("jemal"))
"""
ERASE = f"""{BEGIN}
from amanat.cases.actions import changing
from amanat.cases.models import Case
from amanat.desk.actions import erasing
from amanat.vault.sealing import open_sealed
case = next(one for one in Case.objects.all() if open_sealed(one.child, "identity")["names"] == [{GOES}])
changing.close(case, why="lost_contact", reason="Nobody came any more.", actor=actor("jemal"))
asked = erasing.ask(case, ground="mistake", reason="Registered by mistake.", actor=actor("aman"))
erasing.carry_out(case, erasure=asked, actor=actor("kerim"))
"""
LOOK = """
import json
from django.utils import timezone
from amanat.audit.models import Entry
from amanat.audit.verify import verify
from amanat.cases.models import Child, Event
from amanat.people.models import Agency
from amanat.vault.models import Rotation, Subject
from amanat.vault.sealing import open_sealed
children = list(Child.objects.all())
print(json.dumps({
    "names": [name for child in children for name in open_sealed(child, "identity")["names"]],
    "notes": [open_sealed(event, "note")["text"] for event in Event.objects.filter(kind="note")],
    "shut": Subject.objects.filter(kind="child", wrapped_key=b"").exclude(erased_at=None).count(),
    "agencies": sorted(Agency.objects.values_list("name", flat=True)),
    "rotated": sorted({rotation.kind for rotation in Rotation.objects.exclude(ended_at=None)}),
    "faults": [str(fault) for fault in verify(now=timezone.now()).faults],
    "restores": [open_sealed(entry, "details") for entry in Entry.objects.filter(verb="backup.restore").order_by("at")],
    "updates": Entry.objects.filter(verb="workspace.update").count(),
}))
"""


@dataclass
class Office:
    """A workspace, the version that opens it, and a disk for its backups."""

    amanat: Clone
    room: Path
    disk: Path
    name: str = "first"
    words: str = WORDS
    database: dict[str, str] = field(default_factory=lambda: dict(ON_SQLCIPHER))
    shares: list[str] = field(default_factory=list)

    @property
    def folder(self) -> Path:
        return self.room / self.name

    @property
    def environment(self) -> dict[str, str]:
        code = self.amanat.root / "src"
        held = environment(self.folder, self.room / "temporary", **self.database) | with_a_sender()
        return held | {"PYTHONPATH": f"{code}:{held['PYTHONPATH']}"}

    def types(self, *command: str, said: str | None = None) -> str:
        """What a command says; it asks for the words."""
        return amanat(self.environment, *command, said=f"{self.words}\n" if said is None else said)

    def look(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.types("shell", "-c", LOOK).splitlines()[-1])
        assert found["faults"] == []
        return found

    @contextmanager
    def served(self, *, words: str | None = None) -> Iterator[Tree]:
        """Open, or, without words, locked."""
        with tree(
            self.environment, self.room / "log", *([] if words else ["--locked"]), said=f"{words}\n".encode()
        ) as running:
            running.comes_to("open" if words else "locked")
            yield running

    def back_up(self) -> tuple[Path, Path]:
        self.types("backup", str(self.disk))
        return newest(self.disk)

    def restored(
        self, name: str, words: str, pair: tuple[Path, Path], accepted_by: Sequence[str] = (), **database: str
    ) -> Office:
        """Elsewhere, by two of the three shares, with new words; who accepts that the list is no newer than the backup."""
        there = Office(self.amanat, self.room, self.disk, name, words, self.database | database, self.shares)
        typed = "\n".join([self.shares[0], self.shares[2], *accepted_by, HOST, words, words, ""])
        there.types("restore", *map(str, pair), "--shares", said=typed)
        return there


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """Nothing but Amanat's own files, as a clone has them, and an empty disk."""
    source = source_of_today(tmp_path / "source")
    amanat = cloned(source, tmp_path / "amanat")
    a_newer_version(source)
    (tmp_path / "disk").mkdir()
    return Office(amanat, tmp_path, tmp_path / "disk")


@pytest.mark.long
def test_one_bad_year(office: Office) -> None:
    install(office)
    work(office)
    lose_power_and_take_a_packet(office)
    first = office.back_up()
    the_laptop_is_seized(office)

    elsewhere = office.restored("second", OTHER, first, BOTH)
    assert [name["given"] for name in elsewhere.look()["names"]] == [STAYS["given"], GOES["given"]]
    before = elsewhere.back_up()
    erase_a_child(elsewhere)

    again = elsewhere.restored("third", THIRD, before)
    nobody_opens_the_one_who_was_erased(again)
    rotate_everything(again)
    come_to_the_next_version(again)
    with own_database() as database:
        grown = again.restored("national", LAST, again.back_up(), BOTH, **database)
        at_the_end(grown)


def install(office: Office) -> None:
    with Conversation(office.folder, "init", environment=office.environment) as told:
        told.answer("en", HOST, WORDS, WORDS)
        told.write_down(HOLDERS)
        told.answer(told.shares[0], told.shares[2])
        told.answer("+373 600 00 204", *PEOPLE)
        assert told.code == 0, told.all
    office.shares = told.shares


def work(office: Office) -> None:
    with office.served(words=WORDS) as running:
        running.tell(WORK)
        running.end(signal.SIGKILL)


def lose_power_and_take_a_packet(office: Office) -> None:
    """After the start it is locked, takes what comes in, and opens it when it is unlocked."""
    with office.served() as running:
        line = ByHttps(running)
        line.request("POST", "/intake/letter", b"Came while locked")
        assert line.getresponse().status == 202
        assert b"Came while locked" not in b"".join(path.read_bytes() for path in files(office.folder / "intake"))
        assert running.amanat("unlock", said=f"{WORDS}\n").returncode == 0
        running.until(lambda: running.status()["state"] == "open" and not running.status()["waiting"])
    assert "Came while locked" in office.look()["agencies"]


def the_laptop_is_seized(office: Office) -> None:
    """Whoever has its disk has nothing of a child; then it is gone."""
    image = {path.name: found_in(path.read_bytes()) for path in files(office.folder)}
    assert len(image) > 5
    assert {name: found for name, found in image.items() if found} == {}
    shutil.rmtree(office.folder)


def files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def erase_a_child(office: Office) -> None:
    """By two people; the list of erasures comes to the disk with the next backup at the latest."""
    with office.served(words=OTHER) as running:
        running.tell(ERASE)
    assert office.look()["names"] == [STAYS]
    office.back_up()


def nobody_opens_the_one_who_was_erased(office: Office) -> None:
    """Although the backup is older than the erasure."""
    found = office.look()
    assert found["names"] == [STAYS]
    assert found["notes"] == [TYPED["note"]]
    assert found["shut"] == 1
    assert found["restores"][-1]["lost"]


def rotate_everything(office: Office) -> None:
    with office.served(words=office.words) as running:
        for kind in ("master", "audit", "intake", "data"):
            office.types("keys", "rotate", kind)
        office.types("index", "sweep", "--new-keys")
        office.types("tls", "renew", "--authority")
        running.until(lambda: "Being made anew" not in office.types("keys", "show"))
    found = office.look()
    assert found["rotated"] == ["audit", "data", "intake", "master"]
    assert found["names"] == [STAYS]
    assert found["notes"] == [TYPED["note"]]


def come_to_the_next_version(office: Office) -> None:
    done = run(office.amanat, "update", str(office.folder), said=office.words)
    assert done.returncode == 0, done.stdout
    assert NEXT_VERSION in done.stdout
    assert office.look()["updates"] == 1


def at_the_end(office: Office) -> None:
    """On PostgreSQL: who is to be there is there, and the log tells of each restore and of what was lost by it."""
    with office.served(words=office.words) as running:
        line = ByHttps(running)
        line.request("GET", "/account/sign-in")
        assert line.getresponse().status == 200
    found = office.look()
    assert found["names"] == [STAYS]
    assert found["notes"] == [TYPED["note"]]
    assert found["shut"] == 1
    assert found["agencies"] == ["Came while locked", "Northern Network"]
    assert len(found["restores"]) == 3
    assert "holds" in office.types("audit", "verify")
