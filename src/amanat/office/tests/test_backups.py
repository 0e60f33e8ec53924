"""Backups: what stands in them and what does not, where they go, when they are due, and what is thrown away in time."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from amanat.access.actor import Actor
from amanat.audit.queries import head
from amanat.audit.recording import office_subject
from amanat.cases.models import Case
from amanat.office.actions import backing_up
from amanat.office.backups import carrying, envelope, keeping, media, names, taking
from amanat.office.backups.envelope import Damaged, WrongIdentity
from amanat.office.backups.keeping import Keeper
from amanat.office.backups.models import Backup, BackupPlan, Destination, KeptFile, Trouble
from amanat.office.backups.places import MARKER, Folder, NotReached
from amanat.office.tests.backing import add, files, identity, made
from amanat.office.tests.ways import counting, entries_of, read, send
from amanat.vault import recovery
from amanat.vault.erasures import BadList, read_list
from amanat.vault.files import SealedWriter, write_sealed
from amanat.vault.header import Header
from amanat.vault.keys import Keyring, keyring
from amanat.vault.models import Subject
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import Cast
from tests.served import small_disk

Browse = Callable[..., Client]
Act = Callable[..., Actor]
DAY = timedelta(days=1)


# --- what stands in it ------------------------------------------------------------------------------------------------


def test_two_files_that_two_shares_open(cast: Cast, case: Case, disk: Path, shares: list[str]) -> None:
    backup = made(cast.now)
    assert (backup.trouble, backup.reached) == (Trouble.NONE, ["the blue disk"])
    assert files(disk) == ["amanat-20261124T090000Z.data.age", "amanat-20261124T090000Z.keys.age"]
    with envelope.opened(disk / files(disk, "data")[0], identity(disk, shares)) as records:
        tables = {told["table"]: len(told["rows"]) for told, _beside in records if "table" in told}
    assert tables["cases.case"] == 1
    assert tables["people.user"] == len(cast)
    assert "people.session" not in tables
    with envelope.opened(disk / files(disk, "keys")[0], identity(disk, shares)) as records:
        first, _beside = next(records)
        wrapped = {id_ for told, _beside in records for id_, _size in told["keys"]}
    assert {name: bytes.fromhex(key) for name, key in first["keyring"].items()} == keyring().keys
    assert wrapped == {id_.hex for id_ in Subject.objects.values_list("pk", flat=True)}


def test_the_data_hold_no_key_and_neither_file_says_a_name(
    cast: Cast, case: Case, disk: Path, shares: list[str]
) -> None:
    made(cast.now)
    with envelope.opened(disk / files(disk, "data")[0], identity(disk, shares)) as records:
        data = b"".join(json.dumps(told).encode() + beside for told, beside in records)
    assert bytes(case.subject.wrapped_key) not in data
    assert keyring()["master.1"].hex().encode() not in data
    outside = b"".join(path.read_bytes() for path in disk.rglob("*") if path.is_file())
    for word in ("Jemal", "Ogul", case.child.code_name, "Northern"):
        assert word.encode() not in outside
    assert b"Aylar" not in data, "what is sealed stays sealed inside, too"


def test_the_clear_line_tells_head_boxes_and_number_of_the_list(
    cast: Cast, case: Case, disk: Path, shares: list[str]
) -> None:
    made(cast.now)
    told = envelope.read_clear(disk / files(disk)[0])
    assert Header.read(Path(settings.WORKSPACE)).id == told["workspace"]
    assert told["head"].startswith("1:")
    assert told["head"] == head()
    assert told["erasures"] == 0
    assert set(told) == {"workspace", "half", "taken_at", "head", "boxes", "erasures", "version"}


@pytest.mark.parametrize("with_care", [False, True])
def test_a_changed_clear_line_is_noticed(
    cast: Cast, case: Case, disk: Path, shares: list[str], with_care: bool
) -> None:
    """Also where whoever did it knows how its sum is made."""
    made(cast.now)
    path = disk / files(disk, "data")[0]
    key, told = identity(disk, shares), envelope.read_clear(path)
    line, rest = path.read_bytes().split(b"\n", 1)
    changed = (
        envelope._as_line(told | {"erasures": 7}) if with_care else line.replace(b'"erasures": 0', b'"erasures": 7')
    )
    path.write_bytes(changed.rstrip(b"\n") + b"\n" + rest)
    if with_care:
        assert envelope.read_clear(path)["erasures"] == 7
    with pytest.raises(Damaged), envelope.opened(path, key) as records:
        list(records)


def test_shares_of_another_workspace_open_nothing(cast: Cast, case: Case, disk: Path, shares: list[str]) -> None:
    made(cast.now)
    other = recovery.create(["A", "B", "C"])
    key = recovery.open_with(other.boxes, other.shares[0].words, other.shares[1].words)
    with pytest.raises(WrongIdentity), envelope.opened(disk / files(disk)[0], key) as records:
        list(records)


def test_nothing_is_made_where_nobody_holds_shares(cast: Cast, disk: Path) -> None:
    assert made(cast.now).trouble == Trouble.NO_RECOVERY
    assert files(disk) == []


def test_documents_are_copied_once(cast: Cast, disk: Path, shares: list[str]) -> None:
    writer = write_sealed(b"a document")
    made(cast.now)
    copy = disk / "media" / writer.file_id.hex[:2] / writer.file_id.hex
    assert copy.read_bytes() == writer.path.read_bytes()
    os.utime(copy, (0, 0))
    made(cast.now + timedelta(hours=1))
    assert copy.stat().st_mtime == 0, "it was written again"
    writer.path.unlink()
    made(cast.now + DAY)
    assert copy.exists(), "an older backup still needs it"
    made(cast.now + 40 * DAY)
    assert not copy.exists()


def test_a_document_that_is_being_written_is_taken_when_it_is_whole(cast: Cast, disk: Path, shares: list[str]) -> None:
    writer = SealedWriter()
    writer.write(bytes(200_000))
    copy = disk / "media" / writer.file_id.hex[:2] / writer.file_id.hex
    made(cast.now)
    assert not copy.exists()
    writer.close()
    made(cast.now + timedelta(hours=1))
    assert copy.read_bytes() == writer.path.read_bytes()
    assert KeptFile.objects.get(name=writer.file_id.hex).size == copy.stat().st_size


def test_nothing_but_sealed_files_is_taken_for_a_document(cast: Cast, disk: Path, shares: list[str]) -> None:
    writer = write_sealed(b"a document")
    half = writer.path.with_name(f"{writer.file_id.hex}.part")
    half.write_bytes(b"half")
    made(cast.now)
    half.unlink()
    copies = {copy.name for copy in (disk / "media").glob("*/*")}
    assert writer.file_id.hex in copies
    assert half.name not in copies


def test_a_document_that_is_taken_away_meanwhile_fails_no_backup(
    cast: Cast, disk: Path, shares: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """As one is whose form had a fault: it is there for a moment."""
    gone, found_before = write_sealed(b"for a moment"), media._here

    def found(part: str) -> dict[str, Path]:
        here = found_before(part)
        if part == gone.file_id.hex[:2]:
            here[gone.file_id.hex] = gone.path
        return here

    gone.discard()
    monkeypatch.setattr(media, "_here", found)
    backup = made(cast.now)
    assert (backup.trouble, backup.reached) == (Trouble.NONE, ["the blue disk"])
    assert not KeptFile.objects.filter(name=gone.file_id.hex).exists()


def test_each_backup_stands_in_the_log(cast: Cast, disk: Path, shares: list[str]) -> None:
    made(cast.now)
    (_entry, details), *others = entries_of("backup.made")
    assert others == []
    assert details["name"] == "amanat-20261124T090000Z"
    assert details["reached"] == ["the blue disk"]
    assert details["head"] == head()


def test_memory_stays_flat_however_much_there_is(tmp_path: Path) -> None:
    two = recovery.create(["Ogul", "Serdar", "Maria"])
    key = recovery.open_with(two.boxes, two.shares[0].words, two.shares[1].words)
    records = (({"number": number}, os.urandom(500_000)) for number in range(300))  # 150 MB

    def there_and_back() -> None:
        envelope.write(tmp_path / "large", {"half": "data"}, records, two.public)
        with envelope.opened(tmp_path / "large", key) as found:
            assert sum(len(beside) for _told, beside in found) == 150_000_000

    assert most_memory_of(there_and_back) < 30_000  # kB


def most_memory_of(act: Callable[[], None]) -> int:
    """How many kB more than before this process had at most."""

    def now(what: str) -> int:
        told = Path("/proc/self/status").read_text()
        return int(next(line.split()[1] for line in told.splitlines() if line.startswith(what)))

    Path("/proc/self/clear_refs").write_text("5")  # forget the peak so far
    before = now("VmRSS")
    act()
    return now("VmHWM") - before


# --- where they go ----------------------------------------------------------------------------------------------------


def test_a_disk_that_is_not_plugged_in_is_not_filled(cast: Cast, disk: Path, shares: list[str]) -> None:
    (disk / MARKER).unlink()
    backup = made(cast.now)
    assert (backup.trouble, list(disk.iterdir())) == (Trouble.NOWHERE, [])
    assert Destination.objects.get().trouble == Trouble.MISSING


@pytest.mark.parametrize("marker", [b"another workspace\n", b"\xff\xfe damaged"])
def test_the_disk_of_another_workspace_is_left_alone(
    cast: Cast, disk: Path, shares: list[str], actor: Act, marker: bytes
) -> None:
    (disk / MARKER).write_bytes(marker)
    made(cast.now)
    assert files(disk) == []
    assert Destination.objects.get().trouble == Trouble.FOREIGN
    with pytest.raises(PersonFacingError, match="another workspace"):
        add(disk, actor("viktor"), name="again")


def test_a_place_that_fails_keeps_no_other_from_its_backup(
    cast: Cast, disk: Path, shares: list[str], actor: Act, tmp_path: Path
) -> None:
    (tmp_path / "second").mkdir()
    add(tmp_path / "second", actor("viktor"), name="second")
    (disk / MARKER).unlink()
    assert made(cast.now).reached == ["second"]


def test_a_full_disk_gets_nothing_half_and_the_page_says_so(
    cast: Cast, shares: list[str], actor: Act, tmp_path: Path, browse: Browse
) -> None:
    write_sealed(os.urandom(300_000))
    with small_disk(tmp_path / "small", 200_000) as small:
        add(small, actor("viktor"))
        assert made(cast.now).trouble == Trouble.NOWHERE
        assert files(small) == []
        assert list(small.glob("**/*.part")) == []
        assert "The place is full." in read(browse("viktor"), "/backups")


def test_where_this_machine_s_own_disk_is_full_nothing_is_left_of_it(
    cast: Cast, disk: Path, shares: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with small_disk(tmp_path / "small", 20_000) as small:
        (small / "header.json").write_bytes(Header.path(Path(settings.WORKSPACE)).read_bytes())
        monkeypatch.setattr(settings, "WORKSPACE", small)
        assert made(cast.now).trouble == Trouble.FULL_HERE
        assert list((small / "run").iterdir()) == [small / "run" / "backup.lock"]
    assert files(disk) == []


def test_what_was_broken_off_is_cleared_away_and_nothing_of_others(cast: Cast, disk: Path, shares: list[str]) -> None:
    ours, theirs = disk / ".amanat-amanat-erasures.json.part", [disk / "mine.mkv.part", disk / "films" / "his.part"]
    (disk / "films").mkdir()
    for path in (ours, *theirs):
        path.write_bytes(b"half")
    made(cast.now)
    assert [path for path in (ours, *theirs) if path.exists()] == theirs


def test_two_are_never_made_at_once(cast: Cast, disk: Path, shares: list[str]) -> None:
    with taking.alone(), pytest.raises(taking.AtWork):
        made(cast.now)


def test_a_place_is_named_once_and_has_to_be_there(cast: Cast, disk: Path, actor: Act, tmp_path: Path) -> None:
    with pytest.raises(PersonFacingError, match="a place of this name"):
        add(disk, actor("viktor"), name="The Blue Disk")
    with pytest.raises(PersonFacingError, match="no such folder"):
        add(tmp_path / "nowhere", actor("viktor"), name="nowhere")
    assert not (tmp_path / "nowhere").exists()


# --- what is thrown away ----------------------------------------------------------------------------------------------


def test_keys_go_after_35_days_and_data_when_the_plan_says(cast: Cast, disk: Path, shares: list[str]) -> None:
    BackupPlan.objects.create(keep_days=60)
    for days in (0, 10, 20):
        made(cast.now + days * DAY)
    made(cast.now + 46 * DAY)
    assert [names.parsed(name) for name in files(disk, "keys")] == [
        (cast.now + days * DAY, "keys") for days in (20, 46)
    ]
    assert len(files(disk, "data")) == 4
    made(cast.now + 71 * DAY)
    assert [names.parsed(name)[0] - cast.now for name in files(disk, "data")] == [20 * DAY, 46 * DAY, 71 * DAY]  # type: ignore[index]


def test_the_newest_pair_stays_until_the_next_one_stands_beside_it(
    cast: Cast, disk: Path, shares: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for days in (0, 10):
        made(cast.now + days * DAY)

    def full(*_told: object) -> None:
        raise NotReached(Trouble.FULL)

    with monkeypatch.context() as patch:
        patch.setattr(Folder, "put", full)
        assert made(cast.now + 400 * DAY).trouble == Trouble.NOWHERE
    newest = "amanat-20261204T090000Z"
    assert files(disk) == [f"{newest}.data.age", f"{newest}.keys.age"]
    made(cast.now + 400 * DAY)
    assert newest not in str(files(disk))
    assert len(files(disk)) == 2


def test_a_place_not_reached_for_35_days_is_said(cast: Cast, disk: Path, shares: list[str], browse: Browse) -> None:
    made(cast.now)
    assert taking.status(cast.now + 35 * DAY).late == []
    assert [str(place) for place in taking.status(cast.now + 36 * DAY).late] == ["the blue disk"]
    Destination.objects.update(reached_at=cast.now - 36 * DAY)
    assert "was not reached for more than 35 days" in read(browse("kerim"), "/backups")


# --- when they are due ------------------------------------------------------------------------------------------------


def test_it_is_due_once_a_day_at_the_hour_of_the_plan(cast: Cast, disk: Path) -> None:
    BackupPlan.objects.create(hour=2, time_zone="Asia/Ashgabat")  # 21:00 in UTC
    before = datetime(2026, 11, 24, 20, 59, tzinfo=UTC)
    first = keeping.due(before - DAY)
    assert first
    Backup.objects.update(ended_at=before - DAY)
    assert keeping.due(before - timedelta(hours=20)), "one is missing since the hour that passed"
    Backup.objects.update(ended_at=before)
    assert keeping.due(before) is None
    assert keeping.due(before + timedelta(minutes=1))


def test_nothing_is_due_where_there_is_no_place(cast: Cast) -> None:
    assert keeping.due(cast.now) is None


def test_one_that_failed_is_tried_again_after_an_hour(cast: Cast, disk: Path) -> None:
    Backup.objects.create(asked_at=cast.now, ended_at=cast.now, trouble=Trouble.NOWHERE)
    assert keeping.due(cast.now + timedelta(minutes=59)) is None
    assert keeping.due(cast.now + timedelta(minutes=61))


def test_one_that_was_broken_off_is_made_anew(cast: Cast, disk: Path, shares: list[str]) -> None:
    broken = Backup.objects.create(asked_at=cast.now, begun_at=cast.now)
    left = Path(settings.WORKSPACE) / "run" / "backup" / "amanat-20261124T090000Z.data.age"
    left.parent.mkdir(parents=True, exist_ok=True)
    left.write_bytes(b"half")
    Keeper(now=lambda: cast.now).turn()
    broken.refresh_from_db()
    assert (broken.ended_at, broken.reached) == (cast.now, ["the blue disk"])
    assert not left.exists()


# --- the erasure list -------------------------------------------------------------------------------------------------


def test_the_list_lies_beside_each_backup_and_only_the_workspace_can_write_it(
    cast: Cast, case: Case, disk: Path, shares: list[str]
) -> None:
    Subject.objects.filter(pk=case.subject_id).update(wrapped_key=b"", erased_at=cast.now)
    made(cast.now)
    content = (disk / "amanat-erasures.json").read_bytes()
    workspace = Header.read(Path(settings.WORKSPACE)).id
    told = read_list(content, keyring(), workspace)
    assert (told.number, set(told.erased), told.head) == (1, {case.subject_id}, head())
    for changed in (
        content.replace(case.subject_id.hex.encode(), b"0" * 32),
        content.replace(b'"number": 1', b'"number": 2'),
        content[:-20],
        b"[]",
    ):
        with pytest.raises(BadList):
            read_list(changed, keyring(), workspace)
    with pytest.raises(BadList):
        read_list(content, keyring(), "another")
    with pytest.raises(BadList):
        read_list(content, Keyring.fresh(), workspace)


def test_a_fresh_list_reaches_every_place_at_once(cast: Cast, case: Case, disk: Path) -> None:
    Subject.objects.filter(pk=case.subject_id).update(wrapped_key=b"", erased_at=cast.now)
    assert taking.publish_erasures(cast.now) == ["the blue disk"]
    told = read_list((disk / "amanat-erasures.json").read_bytes(), keyring(), Header.read(Path(settings.WORKSPACE)).id)
    assert told.made_at == cast.now
    assert told.number == 1


# --- the pages --------------------------------------------------------------------------------------------------------


def test_administrators_arrange_and_the_dpo_looks(cast: Cast, disk: Path, browse: Browse, actor: Act) -> None:
    for name in cast:
        assert browse(name).get("/backups").status_code == (200 if name in ("viktor", "kerim", "maral") else 404), name
    assert "Back up now" in read(browse("viktor"), "/backups")
    assert "Back up now" not in read(browse("kerim"), "/backups")
    with pytest.raises(Refused):
        backing_up.back_up_now(actor=actor("kerim"))


def test_an_empty_page_says_what_is_missing(cast: Cast, browse: Browse) -> None:
    assert "No backups are made" in read(browse("viktor"), "/backups")


def test_the_button_asks_and_the_thread_makes_it(
    cast: Cast, case: Case, disk: Path, shares: list[str], browse: Browse
) -> None:
    viktor = browse("viktor")
    assert "is being made" in send(viktor, "/backups/now")
    send(viktor, "/backups/now")
    assert Backup.objects.count() == 1, "one that waits is enough"
    Keeper(now=lambda: cast.now).turn()
    assert "amanat-20261124T090000Z" in read(viktor, "/backups")
    assert entries_of("backup.take")[0][0].user == cast["viktor"].user
    assert entries_of("backup.made")[0][0].membership == cast["viktor"]


def test_a_place_is_added_and_removed_by_its_page(cast: Cast, tmp_path: Path, browse: Browse) -> None:
    viktor = browse("viktor")
    page = send(viktor, "/backups/add", name="the shelf", kind="folder", place=str(tmp_path))
    assert "the shelf" in page
    assert (tmp_path / MARKER).exists()
    place = Destination.objects.get()
    assert "No more backups go there." in send(viktor, f"/backups/{place.pk}/remove")
    assert not Destination.objects.exists()
    assert [details["about"] for _entry, details in entries_of("backup.arrange")] == ["the shelf", "the shelf"]


def test_what_is_wrong_with_a_place_is_said_at_its_field(cast: Cast, browse: Browse) -> None:
    viktor = browse("viktor")
    assert "Write the whole path" in send(viktor, "/backups/add", name="shelf", kind="folder", place="shelf")
    assert "A storage needs this." in send(viktor, "/backups/add", name="far", kind="s3", place="bucket")
    assert "no such folder" in send(viktor, "/backups/add", name="shelf", kind="folder", place="/nowhere/at/all")


def test_no_folder_in_the_workspace_or_in_amanat_is_taken(cast: Cast, tmp_path: Path, browse: Browse) -> None:
    viktor, within = browse("viktor"), Path(settings.WORKSPACE) / "run"
    (tmp_path / "link").symlink_to(within)
    for folder in (within, tmp_path / "link", settings.ROOT / "docs"):
        page = send(viktor, "/backups/add", name="shelf", kind="folder", place=str(folder))
        assert "lies in the workspace, or in Amanat" in page
        assert not (folder / MARKER).exists()
    with pytest.raises(NotReached, match="lies in the workspace"):
        carrying.place_named(str(within), cast.now)
    assert not Destination.objects.exists()


def test_one_on_the_disk_of_the_workspace_is_warned_of(cast: Cast, disk: Path, in_memory: Path, browse: Browse) -> None:
    page = read(browse("kerim"), "/backups")
    assert "the blue disk lies on the same disk as the workspace" in page
    assert "on the disk of the workspace" in page
    Destination.objects.update(place=str(in_memory), reached_at=cast.now)
    page = read(browse("kerim"), "/backups")
    assert "lies on the same disk" not in page
    assert "in order" in page


def test_the_plan_is_changed_by_its_page(cast: Cast, browse: Browse) -> None:
    send(browse("viktor"), "/backups/plan", hour="5", time_zone="Asia/Ashgabat", keep_days="90")
    plan = taking.plan()
    assert (plan.hour, plan.time_zone, plan.keep_days) == (5, "Asia/Ashgabat", 90)
    assert "90 days" in read(browse("kerim"), "/backups")


def test_the_page_costs_no_more_for_many_backups(cast: Cast, disk: Path, browse: Browse) -> None:
    Backup.objects.bulk_create(
        Backup(asked_at=cast.now - days * DAY, asked_by=cast["viktor"], ended_at=cast.now) for days in range(50)
    )
    viktor = browse("viktor")
    viktor.get("/policy")
    with counting() as queries:
        read(viktor, "/backups")
    assert len(queries) <= 12


def test_what_opens_a_storage_is_sealed(cast: Cast, actor: Act) -> None:
    place = Destination(
        subject=office_subject(), name="far", kind="s3", place="bucket", access={"secret": "hush"}, added_at=cast.now
    )
    place.save()
    assert "hush" not in repr(Destination.objects.values_list("access", flat=True).get())
