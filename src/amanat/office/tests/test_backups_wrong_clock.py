"""A clock that jumps: backups go on, their order stays, keys are neither kept for ever nor deleted before there are newer ones."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from amanat.cases.models import Case
from amanat.office.backups import keeping, taking
from amanat.office.backups.keeping import Keeper
from amanat.office.backups.models import Backup, BackupPlan, Destination
from amanat.office.tests.backing import files, made, rehearsed
from amanat.office.tests.ways import read
from amanat.people.clock import stopped
from amanat.vault.erasures import read_list
from amanat.vault.files import write_sealed
from amanat.vault.header import Header
from amanat.vault.keys import keyring
from amanat.vault.models import Subject
from tests.cast import Cast

pytestmark = pytest.mark.sqlcipher_only  # whatever the database

DAY, YEAR = timedelta(days=1), timedelta(days=365)


def newest(disk: Path, shares: list[str]) -> str:
    """Of which moment the backup is that would be restored."""
    told = rehearsed(shares[:2], "--from", str(disk))
    return told.partition("Backup of ")[2].partition(" UTC")[0]


def test_under_a_clock_that_is_behind_the_next_backup_still_is_the_newest_and_nothing_older_is_thrown_away(
    cast: Cast, case: Case, disk: Path, shares: list[str]
) -> None:
    made(cast.now)
    for days in range(3):
        made(cast.now - YEAR + days * DAY)
    assert files(disk, "data") == [f"amanat-20261124T09000{second}Z.data.age" for second in range(4)]
    assert newest(disk, shares) == "2026-11-24 09:00"
    assert (
        Backup.objects.get(name=files(disk)[-1][: len("amanat-20261124T090000Z")]).ended_at == cast.now - YEAR + 2 * DAY
    )


def test_the_list_of_what_was_erased_meanwhile_is_the_newest(
    cast: Cast, case: Case, disk: Path, shares: list[str]
) -> None:
    made(cast.now)
    Subject.objects.filter(pk=case.subject_id).update(wrapped_key=b"", erased_at=cast.now - YEAR)
    taking.publish_erasures(cast.now - YEAR)
    told = read_list((disk / "amanat-erasures.json").read_bytes(), keyring(), Header.read(Path(settings.WORKSPACE)).id)
    assert told.number == 1
    assert "holds 1 erasures" in rehearsed(shares[:2], "--from", str(disk)), "it is taken for as new as the backup"


def test_a_clock_that_ran_ahead_leaves_no_keys_for_years_and_fills_no_disk(
    cast: Cast, case: Case, disk: Path, shares: list[str]
) -> None:
    BackupPlan.objects.create(keep_days=3)
    made(cast.now)
    made(cast.now + 10 * YEAR)
    assert len(files(disk)) == 2, "by that clock the pair before was old; what was made then can be restored"
    newest(disk, shares)
    for days in range(1, 7):
        made(cast.now + days * DAY)
        assert len(files(disk, "keys")) == 1, "nobody can say how old the others are, and the newest open all"
        assert files(disk, "keys") == [name.replace("data", "keys") for name in files(disk, "data")[-1:]]
    assert len(files(disk, "data")) == 3, "as many as there are days to keep"
    assert newest(disk, shares) == "2036-11-21 09:00"
    assert newest(disk, shares)
    data = files(disk, "data")[0]
    named = rehearsed(shares[:2], "--from", str(disk), "--backup", data.removesuffix(".data.age"))
    assert "Everything could be read" in named


def test_it_is_made_every_day_also_after_a_clock_that_ran_ahead(cast: Cast, disk: Path, shares: list[str]) -> None:
    made(cast.now + YEAR)
    for days in range(2):
        now = cast.now + days * DAY
        waiting = keeping.due(now)
        assert waiting
        taking.take(waiting, now)
        assert keeping.due(now) is None
    Backup.objects.all().delete()
    Backup.objects.create(asked_at=cast.now, ended_at=cast.now)
    with stopped(cast.now - YEAR):
        Keeper().turn()
    assert Backup.objects.count() == 2, "and under one that is behind"


def test_a_place_is_not_taken_for_reached_because_of_a_day_to_come(
    cast: Cast, disk: Path, browse: Callable[..., Client]
) -> None:
    Destination.objects.update(reached_at=cast.now + YEAR)
    assert [str(place) for place in taking.status(cast.now).late] == ["the blue disk"]
    assert "was not reached for more than 35 days" in read(browse("kerim"), "/backups")


def test_the_page_says_that_the_clock_is_or_was_wrong(
    cast: Cast, disk: Path, shares: list[str], browse: Callable[..., Client]
) -> None:
    made(cast.now + timedelta(hours=1))
    assert "clock of this machine" not in read(browse("viktor"), "/backups")
    made(cast.now + YEAR)
    assert "The newest backup is dated 24.11.2027" in read(browse("viktor"), "/backups")


@pytest.mark.parametrize("wrong_by", [-YEAR, YEAR])
def test_documents_stay_as_long_as_data_that_need_them(
    cast: Cast, case: Case, disk: Path, shares: list[str], wrong_by: timedelta
) -> None:
    BackupPlan.objects.create(keep_days=3)
    writer = write_sealed(b"a document")
    copy = disk / "media" / writer.file_id.hex[:2] / writer.file_id.hex
    made(cast.now)
    writer.path.unlink()
    made(cast.now + wrong_by)  # sees that it is gone
    for days in range(1, 4):
        now = cast.now + days * DAY
        made(now)
        for data in files(disk, "data"):
            rehearsed(shares[:2], "--from", str(disk), "--backup", data.removesuffix(".data.age"))
    for days in range(4, 12):
        made(cast.now + days * DAY)
    assert not copy.exists()
