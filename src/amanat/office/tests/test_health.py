"""How the system is: each check in order, to be looked at and at fault, by really making it so; and nothing of it names anybody."""

from __future__ import annotations

import shutil
import struct
import uuid
from collections import namedtuple
from collections.abc import Callable, Iterator
from ctypes import CDLL, create_string_buffer
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from amanat.access.actor import Actor
from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.audit.sealer import seal_pending
from amanat.exchange.models import Import
from amanat.exchange.models import State as ImportState
from amanat.office.actions.backing_up import note_restore
from amanat.office.backups import taking
from amanat.office.backups.models import Backup, Destination, Trouble
from amanat.office.health import State, kernel, machine
from amanat.office.health.clocks import keep
from amanat.office.health.models import DeviceClock, DrillOutcome, RestoreDrill
from amanat.office.tests.state import backup, found, ids, place, state
from amanat.people.clock import clock, stopped
from amanat.vault import intake
from amanat.vault.keys import Workspace
from amanat.vault.models import Generation, Leftover, Rotation, RotationKind, Subject, SubjectKind
from tests.cast import Cast

Act = Callable[..., Actor]
Make = Callable[..., Workspace]
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
OK, WARNING, FAULT = State.OK, State.WARNING, State.FAULT


@pytest.fixture(params=[True])
def in_time(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the kernel's word a time server keeps the clock right, whatever the machine of this test says."""
    monkeypatch.setattr(kernel, "is_synchronised", lambda: request.param)


# --- backups ----------------------------------------------------------------------------------------------------------


def test_a_real_workspace_without_a_place_for_backups_is_at_fault_and_a_demo_is_not(
    cast: Cast, own_workspace: Make
) -> None:
    own_workspace("real")
    assert found("backup.newest", cast.now).sentence == "No backups are made"
    assert state("backup.newest", cast.now) == FAULT
    own_workspace("demo")
    assert not [id_ for id_ in ids(cast.now) if id_.startswith(("backup", "recovery"))]


@pytest.mark.parametrize(("hours", "expected"), [(7, OK), (8, WARNING), (55, WARNING), (56, FAULT)])
def test_the_newest_backup_grows_old(cast: Cast, hours: int, expected: State) -> None:
    """The plan wants one at 02:00 UTC; at 09:00 that of today should be there, at 07:00 it may still be on its way."""
    place(cast.now)
    backup(cast.now - hours * HOUR)
    backup(cast.now - 1000 * HOUR)
    check = found("backup.newest", cast.now)
    assert (check.state, check.value) == (expected, hours * 3600)
    assert bool(check.hint) == (expected != OK)
    if hours == 8:
        assert state("backup.newest", cast.now - 2 * HOUR) == OK


def test_one_that_reached_no_place_and_one_on_its_way_do_not_count(cast: Cast) -> None:
    place(cast.now)
    backup(cast.now, trouble=Trouble.NOWHERE)
    backup(cast.now, ended_at=None)
    assert state("backup.newest", cast.now) == FAULT
    Destination.objects.update(added_at=cast.now - HOUR)
    assert state("backup.newest", cast.now) == WARNING, "it was arranged today"


def test_each_place_is_looked_at_by_its_number(cast: Cast) -> None:
    place(cast.now, "blue disk", reached_at=cast.now - 3 * HOUR)
    place(cast.now, "cellar", reached_at=cast.now - 36 * DAY)
    place(cast.now, "far", reached_at=cast.now - DAY, trouble=Trouble.NETWORK)
    place(cast.now, "new", added_at=cast.now)
    told = {number: found(f"backup.place.{number}", cast.now) for number in (1, 2, 3, 4)}
    assert [check.state for check in told.values()] == [OK, FAULT, WARNING, OK]
    assert told[1].sentence == "Last reached 3\xa0hours ago."
    assert told[2].sentence == "Not reached for more than 35 days: older keys may still lie there."
    assert told[3].sentence == "The storage can't be reached."


def test_a_place_without_the_newest_list_of_erasures_is_said_until_it_has_it(cast: Cast, tmp_path: Path) -> None:
    for name in ("here", "away"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "amanat-backups").write_text(f"{Workspace.at(Path(settings.WORKSPACE)).header.id}\n")
        place(cast.now, name, place=str(tmp_path / name))
    assert state("backup.erasures", cast.now) == OK
    Subject.objects.begin(SubjectKind.CHILD)
    Subject.objects.filter(kind=SubjectKind.CHILD).update(wrapped_key=b"", erased_at=cast.now)
    assert found("backup.erasures", cast.now).value == 2
    (tmp_path / "away" / "amanat-backups").unlink()
    taking.publish_erasures(cast.now)
    check = found("backup.erasures", cast.now)
    assert (check.state, check.sentence) == (WARNING, "Places without the newest one: 1.")
    Destination.objects.filter(name="away").delete()
    assert state("backup.erasures", cast.now) == OK


def test_a_backup_brings_the_list_and_notes_that(cast: Cast, tmp_path: Path, own_workspace: Make) -> None:
    workspace = own_workspace("real", cast.now)
    (tmp_path / "disk").mkdir()
    (tmp_path / "disk" / "amanat-backups").write_text(f"{workspace.header.id}\n")
    place(cast.now, place=str(tmp_path / "disk"))
    Subject.objects.begin(SubjectKind.CHILD)
    Subject.objects.filter(kind=SubjectKind.CHILD).update(wrapped_key=b"", erased_at=cast.now)
    assert state("backup.erasures", cast.now) == WARNING
    assert taking.take_at_once(cast.now).trouble == ""
    assert [state(id_, cast.now) for id_ in ("backup.newest", "backup.place.1", "backup.erasures")] == [OK, WARNING, OK]
    assert found("backup.place.1", cast.now).sentence == "It lies on the disk of the workspace, and is lost with it."


def test_a_place_on_another_disk_is_not_warned_of(cast: Cast, in_memory: Path) -> None:
    place(cast.now, place=str(in_memory), reached_at=cast.now)
    assert state("backup.place.1", cast.now) == OK


def test_a_restore_has_to_be_tried_once_a_year(cast: Cast, actor: Act) -> None:
    place(cast.now)
    assert state("backup.restore", cast.now) == WARNING, "nobody noted one"
    today = timezone.localdate(cast.now)
    note_restore(on=today - 2 * DAY, outcome=DrillOutcome.READ, actor=actor("viktor"))
    assert (found("backup.restore", cast.now).state, found("backup.restore", cast.now).sentence) == (OK, "Days ago: 2.")
    assert state("backup.restore", cast.now + 363 * DAY) == OK
    assert state("backup.restore", cast.now + 364 * DAY) == WARNING
    note_restore(on=today, outcome=DrillOutcome.FAILED, actor=actor("kerim"))
    assert state("backup.restore", cast.now) == FAULT
    note_restore(on=today, outcome=DrillOutcome.RESTORED, actor=actor("kerim", cast.now + HOUR))
    assert state("backup.restore", cast.now) == OK
    assert RestoreDrill.objects.count() == 3


@pytest.mark.parametrize(("days", "expected"), [(1, OK), (334, OK), (336, WARNING), (366, FAULT)])
def test_the_shares_have_to_be_tested(cast: Cast, own_workspace: Make, days: int, expected: State) -> None:
    own_workspace("real", cast.now - days * DAY)
    assert state("recovery.test", cast.now) == expected
    assert state("recovery.test", cast.now, unlocked=False) == expected, "the header says it without keys"


def test_that_there_are_no_shares_is_a_fault(cast: Cast, own_workspace: Make) -> None:
    own_workspace("real")
    assert state("recovery.test", cast.now) == FAULT


# --- the log ----------------------------------------------------------------------------------------------------------


def write(at: datetime) -> None:
    recording.record(at=at, verb="sign_in", outcome=Outcome.DONE)


def test_an_entry_that_waits_for_its_seal_longer_than_ten_seconds_is_a_fault(cast: Cast) -> None:
    for at in (cast.now - 11 * SECOND, cast.now - 40 * SECOND, cast.now - 9 * SECOND):
        write(at)
    check = found("log.unsealed", cast.now)
    assert (check.state, check.value) == (FAULT, 2)
    assert state("log.unsealed", cast.now - 30 * SECOND) == OK
    seal_pending(cast.now)
    assert state("log.unsealed", cast.now + HOUR) == OK


@pytest.mark.sqlcipher_only
def test_a_trigger_that_is_missing_is_a_fault(cast: Cast) -> None:
    assert state("log.guards", cast.now) == OK
    with connection.cursor() as cursor:
        cursor.execute("DROP TRIGGER audit_entry_refuses_delete")
    check = found("log.guards", cast.now)
    assert (check.state, check.value) == (FAULT, 1)


# --- clocks -----------------------------------------------------------------------------------------------------------


def test_the_kernel_is_asked_whether_a_time_server_keeps_the_clock_right() -> None:
    timex = create_string_buffer(512)
    failed = CDLL(None).adjtimex(timex) < 0
    *_numbers, status = struct.unpack_from("@Illlli", timex)
    assert kernel.is_synchronised() == (None if failed else not status & 0x40)


@pytest.mark.parametrize(("told", "expected"), [(True, OK), (None, OK), (False, WARNING)])
def test_without_a_time_server_somebody_should_look(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, told: bool | None, expected: State
) -> None:
    monkeypatch.setattr(kernel, "is_synchronised", lambda: told)
    assert state("clock.kernel", cast.now) == state("clock.kernel", cast.now, unlocked=False) == expected


@pytest.mark.parametrize(("in_time", "expected"), [(True, WARNING), (False, FAULT)], indirect=["in_time"])
def test_a_log_that_is_ahead_of_the_clock_is_noticed(cast: Cast, in_time: None, expected: State) -> None:
    write(cast.now)
    assert state("clock.log", cast.now - 30 * SECOND) == OK
    check = found("clock.log", cast.now - 400 * DAY)
    assert (check.state, check.value) == (expected, 400 * 86400)


@pytest.mark.postgres_only
@pytest.mark.parametrize(("behind", "expected"), [(0, OK), (20, WARNING), (-20, WARNING), (3600, FAULT)])
def test_the_clock_of_the_database_server_is_compared(cast: Cast, behind: int, expected: State) -> None:
    with stopped(timezone.now() - behind * SECOND):
        assert state("clock.database", clock()) == expected


@pytest.mark.parametrize(
    ("ahead", "expected"), [(0, OK), (59, OK), (-61, WARNING), (240, WARNING), (301, FAULT), (-86400, FAULT)]
)
def test_the_clocks_of_devices_are_compared_by_the_middle_one(cast: Cast, ahead: int, expected: State) -> None:
    for mark, told in (("a", ahead), ("b", 10_000), ("a", 99_999)):
        keep(mark=mark, ahead=told, at=cast.now)
    assert state("clock.devices", cast.now) == OK, "two say nothing"
    keep(mark="c", ahead=ahead, at=cast.now)
    check = found("clock.devices", cast.now)
    assert (check.state, check.value) == (expected, ahead)


def test_what_devices_told_is_kept_for_a_day_as_a_number(cast: Cast) -> None:
    for hours in (0, 1, 25, 26):
        keep(mark=f"{hours}", ahead=hours, at=cast.now + hours * HOUR)
    assert set(DeviceClock.objects.values_list("ahead", flat=True)) == {25, 26}
    assert {field.name for field in DeviceClock._meta.fields} == {"mark", "at", "ahead"}


# --- the machine ------------------------------------------------------------------------------------------------------

Usage = namedtuple("Usage", "total used free")


@pytest.mark.parametrize(
    ("total", "free", "expected"),
    [(100e9, 50e9, OK), (100e9, 9e9, WARNING), (100e9, 0.9e9, FAULT), (8e9, 0.9e9, FAULT), (8e9, 1.1e9, OK)],
)
def test_a_disk_gets_full(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, total: float, free: float, expected: State
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: Usage(int(total), int(total - free), int(free)))
    check = found("disk", cast.now)
    assert (check.state, check.value) == (expected, free)
    assert state("disk", cast.now, unlocked=False) == expected


@pytest.mark.sqlcipher_only
def test_a_log_of_the_database_that_nobody_writes_back_is_noticed(
    cast: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(connection.settings_dict, "NAME", str(tmp_path / "large.db"))
    assert found("database.log", cast.now).value == 0
    with (tmp_path / "large.db-wal").open("wb") as file:
        file.truncate(machine.LARGE + 1)
    assert state("database.log", cast.now) == WARNING


# --- what waits -------------------------------------------------------------------------------------------------------


def after(id_: str, now: datetime, *waited: timedelta) -> list[State]:
    return [state(id_, now + passed) for passed in waited]


def test_a_backup_that_nobody_begins(cast: Cast) -> None:
    assert state("waiting.backups", cast.now) == OK
    Backup.objects.create(asked_at=cast.now)
    assert after("waiting.backups", cast.now, MINUTE, 11 * MINUTE, 61 * MINUTE) == [OK, WARNING, FAULT]
    Backup.objects.update(begun_at=cast.now)
    assert state("waiting.backups", cast.now + DAY) == OK


def test_what_an_erasure_left(cast: Cast) -> None:
    Leftover.objects.create(file=uuid.uuid4(), since=cast.now)
    Leftover.objects.create(since=cast.now)
    assert after("waiting.files", cast.now, MINUTE, HOUR, 25 * HOUR) == [OK, WARNING, FAULT]
    slow = connection.vendor == "postgresql"  # a person has to clean it there
    assert after("waiting.pages", cast.now, MINUTE, 2 * HOUR, 25 * HOUR, 8 * DAY) == [
        OK,
        WARNING,
        WARNING if slow else FAULT,
        FAULT,
    ]
    assert ("erase sweep" in found("waiting.pages", cast.now + DAY).hint) == slow


def test_a_rotation_that_does_not_end(cast: Cast) -> None:
    Rotation.objects.create(kind=RotationKind.MASTER, generation=9, begun_at=cast.now)
    assert after("waiting.rotations", cast.now, HOUR, 25 * HOUR) == [OK, WARNING]
    Rotation.objects.update(ended_at=cast.now)
    assert state("waiting.rotations", cast.now + 25 * HOUR) == OK


def test_a_sweep_over_the_index_is_told(cast: Cast) -> None:
    assert found("waiting.sweeps", cast.now).value == 0
    Generation.objects.create(number=99, fold=1)
    assert found("waiting.sweeps", cast.now).sentence == "It is being made anew."


def test_an_import_that_takes_more_than_a_day(cast: Cast) -> None:
    subject = Subject.objects.begin(SubjectKind.IMPORT)
    common = {"subject": subject, "by": cast["jemal"], "received_at": cast.now, "file": uuid.uuid4(), "digest": b"d"}
    Import.objects.create(**common, state=ImportState.LOOKED)
    assert state("waiting.imports", cast.now + 2 * DAY) == OK, "it waits for its author"
    Import.objects.create(**common, state=ImportState.TAKING)
    assert after("waiting.imports", cast.now, HOUR, 25 * HOUR) == [OK, WARNING]


@pytest.fixture
def packets(own_workspace: Make) -> Iterator[Callable[..., None]]:
    """So many packets in the intake."""
    workspace = own_workspace("demo")

    def come(count: int, folder: str = "") -> None:
        place = intake.folder(workspace.path) / folder
        place.mkdir(parents=True, exist_ok=True)
        for number in range(count):
            (place / f"{number:06}.packet").touch()

    return come


def test_packets_that_are_not_taken_in(cast: Cast, packets: Callable[..., None]) -> None:
    assert found("intake.waiting", cast.now).value == 0
    packets(3)
    came = timezone.now()
    assert after("intake.waiting", came, SECOND, 2 * MINUTE, 11 * MINUTE) == [OK, WARNING, FAULT]
    assert found("intake.waiting", came).value == 3
    assert state("intake.waiting", came + 11 * MINUTE, unlocked=False) == OK, "while it is locked they have to wait"


@pytest.mark.parametrize(("count", "expected"), [(999, OK), (1000, WARNING), (1800, FAULT)])
def test_a_locked_workspace_that_can_take_in_no_more(
    cast: Cast, packets: Callable[..., None], count: int, expected: State
) -> None:
    packets(count)
    assert state("intake.waiting", timezone.now(), unlocked=False) == expected


def test_packets_that_could_not_be_opened(cast: Cast, packets: Callable[..., None]) -> None:
    assert "intake.aside" not in ids(cast.now)
    packets(2, intake.ASIDE)
    check = found("intake.aside", cast.now)
    assert (check.state, check.value) == (WARNING, 2)
    assert "intake again" in check.hint
    packets(1800, intake.ASIDE)
    assert state("intake.aside", cast.now) == FAULT, "they take the room of those to come"
