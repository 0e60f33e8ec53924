"""A folder that somebody named for one backup is remembered, since keys lie in it: they grow old there as everywhere."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from amanat.access.actor import Actor
from amanat.cases.models import Case
from amanat.config import updating
from amanat.office.backups import keeping, taking
from amanat.office.backups.keeping import Keeper
from amanat.office.backups.models import Backup, Destination, DestinationKind, Trouble
from amanat.office.backups.places import MARKER
from amanat.office.health import State
from amanat.office.tests import state
from amanat.office.tests.backing import add, files, made
from amanat.office.tests.ways import entries_of, read, send
from amanat.people.clock import stopped
from amanat.vault.erasures import read_list
from amanat.vault.header import Header
from amanat.vault.keys import Workspace, keyring
from amanat.vault.models import Subject
from tests.cast import Cast

pytestmark = pytest.mark.sqlcipher_only  # whatever the database

Browse = Callable[..., Client]
Act = Callable[..., Actor]
DAY = timedelta(days=1)


def backed_up(to: Path | str, now: datetime) -> str:
    """What `amanat backup FOLDER` says."""
    told = io.StringIO()
    with stopped(now):
        call_command("backup", str(to), stdout=told, stderr=told)
    return told.getvalue()


def erased_at(place: Path) -> int:
    """How many erasures the list there tells of."""
    content = (place / "amanat-erasures.json").read_bytes()
    return read_list(content, keyring(), Header.read(Path(settings.WORKSPACE)).id).number


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """A disk that nobody added as a place."""
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


def test_a_folder_that_was_named_once_is_remembered_and_shown(
    cast: Cast, stick: Path, shares: list[str], browse: Browse
) -> None:
    told = backed_up(stick, cast.now)
    assert "bring it back within 35 days" in told
    place = Destination.objects.get()
    assert (place.kind, place.place, place.reached_at) == (DestinationKind.ON_DEMAND, str(stick), cast.now)
    page = read(browse("viktor"), "/backups")
    assert str(stick) in page
    assert "only on demand" in page
    backed_up(stick, cast.now + DAY)
    assert Destination.objects.get().reached_at == cast.now + DAY


def test_it_makes_no_plan(cast: Cast, stick: Path, shares: list[str], browse: Browse) -> None:
    backed_up(stick, cast.now)
    assert keeping.due(cast.now + 5 * DAY) is None
    with pytest.raises(CommandError, match="There is no place for backups yet"):
        call_command("backup")
    page = read(browse("viktor"), "/backups")
    assert "No backups are made" in page
    assert "Back up now" not in page


def test_a_backup_of_the_plan_does_not_go_there_but_the_list_does(
    cast: Cast, case: Case, disk: Path, stick: Path, shares: list[str]
) -> None:
    backed_up(stick, cast.now)
    Subject.objects.filter(pk=case.subject_id).update(wrapped_key=b"", erased_at=cast.now)
    assert made(cast.now + DAY).reached == ["the blue disk"]
    assert len(files(stick)) == 2
    assert erased_at(stick) == erased_at(disk) == 1


def test_who_was_erased_is_told_there_at_once(cast: Cast, case: Case, stick: Path, shares: list[str]) -> None:
    backed_up(stick, cast.now)
    Subject.objects.filter(pk=case.subject_id).update(wrapped_key=b"", erased_at=cast.now)
    assert taking.publish_erasures(cast.now + timedelta(minutes=1)) == [str(stick)]
    assert erased_at(stick) == 1


def test_its_keys_go_after_35_days_and_its_data_stay(cast: Cast, disk: Path, stick: Path, shares: list[str]) -> None:
    backed_up(stick, cast.now)
    made(cast.now + 30 * DAY)
    assert len(files(stick, "keys")) == 1
    made(cast.now + 36 * DAY)
    assert files(stick) == ["amanat-20261124T090000Z.data.age"]


def test_without_a_plan_the_keeper_goes_round_them_once_a_day(
    cast: Cast, tmp_path: Path, stick: Path, shares: list[str]
) -> None:
    (tmp_path / "other").mkdir()
    backed_up(stick, cast.now)
    backed_up(tmp_path / "other", cast.now + DAY)
    now = cast.now + 35 * DAY
    keeper = Keeper(now=lambda: now)
    keeper.turn()
    assert len(files(stick, "keys")) == 1
    now += timedelta(hours=20)
    keeper.turn()
    assert len(files(stick, "keys")) == 1
    now += timedelta(hours=5)
    keeper.turn()
    assert files(stick, "keys") == []
    now += 300 * DAY
    keeper.turn()
    assert len(files(tmp_path / "other", "keys")) == 1, "without the newest keys no data would open at all"
    assert Backup.objects.count() == 2


def test_one_that_was_not_reached_for_35_days_is_late(
    cast: Cast, stick: Path, shares: list[str], browse: Browse
) -> None:
    backed_up(stick, cast.now)
    (stick / MARKER).rename(stick / "unplugged")
    Keeper(now=lambda: cast.now + 20 * DAY).turn()
    assert Destination.objects.get().trouble == Trouble.MISSING
    assert state.state("backup.place.1", cast.now + 20 * DAY) == State.OK, "a disk that is away is nothing"
    assert taking.status(cast.now + 35 * DAY).late == []
    assert state.state("backup.place.1", cast.now + 36 * DAY) == State.FAULT
    with stopped(cast.now + 36 * DAY):
        Destination.objects.update(reached_at=cast.now - DAY)
        assert f"{stick} was not reached for more than 35 days" in read(browse("viktor"), "/backups")


def test_a_place_of_the_plan_is_known_by_its_folder_too(cast: Cast, disk: Path, shares: list[str]) -> None:
    assert "the blue disk" in backed_up(f"{disk}/", cast.now)
    assert Destination.objects.get().reached_at == cast.now


def test_one_that_is_added_is_of_the_plan_from_then_on(cast: Cast, stick: Path, shares: list[str], actor: Act) -> None:
    backed_up(stick, cast.now)
    add(stick, actor("viktor"), name="the stick")
    assert [(place.name, place.kind) for place in Destination.objects.all()] == [("the stick", DestinationKind.FOLDER)]


def test_an_update_makes_its_backup_elsewhere_where_there_is_no_plan(
    cast: Cast, tmp_path: Path, stick: Path, shares: list[str]
) -> None:
    backed_up(stick, cast.now)
    workspace = Workspace(tmp_path / "workspace", Header.read(Path(settings.WORKSPACE)))
    former = SimpleNamespace(head=lambda: "0073404321")
    [own] = updating._own_place(workspace, former, lambda _said: None)  # type: ignore[arg-type]
    assert own == str(tmp_path / "workspace-before-00734043")


# --- a place that is removed ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("of_the_plan", [True, False])
def test_with_a_place_its_keys_go(
    cast: Cast, stick: Path, shares: list[str], browse: Browse, actor: Act, of_the_plan: bool
) -> None:
    if of_the_plan:
        add(stick, actor("viktor"))
    backed_up(stick, cast.now)
    place = Destination.objects.get()
    assert "keys that lay there were deleted" in send(browse("viktor"), f"/backups/{place.pk}/remove")
    assert files(stick) == ["amanat-20261124T090000Z.data.age"]
    assert not Destination.objects.exists()
    assert entries_of("backup.keys_stay") == []


def test_where_it_is_out_of_reach_the_page_and_the_log_say_that_they_stay(
    cast: Cast, stick: Path, shares: list[str], browse: Browse
) -> None:
    backed_up(stick, cast.now)
    place = Destination.objects.get()
    (stick / MARKER).unlink()
    assert "its keys stay, and nobody will delete them" in send(browse("viktor"), f"/backups/{place.pk}/remove")
    assert len(files(stick, "keys")) == 1
    assert not Destination.objects.exists()
    [(_entry, details)] = entries_of("backup.keys_stay")
    assert details == {"about": str(stick), "reason": "missing"}


def test_nothing_is_removed_while_a_backup_is_being_made(
    cast: Cast, disk: Path, shares: list[str], browse: Browse
) -> None:
    place = Destination.objects.get()
    with taking.alone():
        assert "Another backup is being made." in send(browse("viktor"), f"/backups/{place.pk}/remove")
    assert Destination.objects.exists()
