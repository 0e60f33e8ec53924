"""The erasure list at a place is read before another takes its place: what it knows is never lost."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from amanat.audit.queries import head
from amanat.cases.models import Case, Child
from amanat.office.backups import taking
from amanat.office.backups.models import Destination, Trouble
from amanat.office.health import State
from amanat.office.tests import state
from amanat.office.tests.backing import files, made
from amanat.office.tests.ways import entries_of, read
from amanat.vault import erasures
from amanat.vault.erasures import ErasureList, read_list
from amanat.vault.header import Header
from amanat.vault.keys import Keyring, keyring
from amanat.vault.models import Subject
from tests.cast import Cast

pytestmark = pytest.mark.sqlcipher_only  # whatever the database

Browse = Callable[..., Client]
DAY = timedelta(days=1)


def place_list(disk: Path) -> Path:
    return disk / erasures.FILE


def listed(disk: Path) -> ErasureList:
    return read_list(place_list(disk).read_bytes(), keyring(), Header.read(Path(settings.WORKSPACE)).id)


@pytest.fixture
def restored_too_old(cast: Cast, case: Case, disk: Path, shares: list[str]) -> uuid.UUID:
    """At the place lies a list that knows of a child's erasure, and of that of somebody who came later; this workspace knows neither,
    as after a restore of an older backup with an older list."""
    made(cast.now)
    wrapped, later = bytes(case.subject.wrapped_key), Subject.fresh(case.subject.kind)
    later.wrapped_key, later.erased_at = b"", cast.now + DAY
    later.save()
    Subject.objects.filter(pk=case.subject_id).update(wrapped_key=b"", erased_at=cast.now + DAY)
    taking.publish_erasures(cast.now + DAY)
    Subject.objects.filter(pk=case.subject_id).update(wrapped_key=wrapped, erased_at=None)
    Subject.objects.filter(pk=later.pk).delete()
    return later.pk


@pytest.mark.parametrize("by", [taking.publish_erasures, made])
def test_who_is_erased_by_the_list_there_is_erased_here_and_stays_in_it(
    cast: Cast, case: Case, disk: Path, restored_too_old: uuid.UUID, by: Callable[..., object]
) -> None:
    by(cast.now + 2 * DAY)
    found = listed(disk)
    assert (found.number, set(found.erased)) == (2, {case.subject_id, restored_too_old})
    assert found.made_at == cast.now + 2 * DAY
    assert not Child.objects.filter(subject=case.subject_id).exists()
    subject = Subject.objects.get(pk=case.subject_id)
    assert (bytes(subject.wrapped_key), subject.erased_at) == (b"", cast.now + DAY)
    [(_entry, details)] = entries_of("erasure.learn")
    assert details["erased"] == 2


def test_what_one_place_knows_comes_to_the_others(
    cast: Cast, disk: Path, restored_too_old: uuid.UUID, tmp_path: Path
) -> None:
    first = tmp_path / "a disk that is visited first"
    first.mkdir()
    (first / "amanat-backups").write_text(f"{Header.read(Path(settings.WORKSPACE)).id}\n")
    state.place(cast.now, "a", place=str(first))
    taking.publish_erasures(cast.now + 2 * DAY)
    taking.publish_erasures(cast.now + 2 * DAY)  # as the thread does that sees that there are more now
    assert listed(first).erased.keys() == listed(disk).erased.keys()
    assert listed(first).number == 2


@pytest.mark.parametrize("of", ["nobody", "another workspace", "other keys"])
def test_one_that_is_not_ours_is_left_and_is_a_fault(
    cast: Cast, disk: Path, shares: list[str], browse: Browse, of: str
) -> None:
    made(cast.now)
    header = Header.read(Path(settings.WORKSPACE))
    keys, workspace = (Keyring.fresh(), header.id) if of == "other keys" else (keyring(), str(uuid.uuid4()))
    strange = erasures.signed_list(keys, workspace=workspace, now=cast.now, head=head())
    place_list(disk).write_bytes(b"{}" if of == "nobody" else strange)
    before = place_list(disk).read_bytes()
    assert taking.publish_erasures(cast.now + DAY) == []
    assert made(cast.now + DAY).trouble == Trouble.NOWHERE
    assert place_list(disk).read_bytes() == before
    assert len(files(disk)) == 2, "no pair comes to stand beside a list that knows less than it"
    assert Destination.objects.get().trouble == Trouble.LIST
    assert "The list of erasures there is damaged" in read(browse("viktor"), "/backups")
    assert state.state("backup.place.1", cast.now + DAY) == State.FAULT
    place_list(disk).unlink()
    assert made(cast.now + 2 * DAY).trouble == Trouble.NONE
    assert Destination.objects.get().trouble == Trouble.NONE


def test_one_that_can_not_be_read_is_left_too(cast: Cast, disk: Path, shares: list[str]) -> None:
    place_list(disk).mkdir()
    assert made(cast.now).trouble == Trouble.NOWHERE
    assert Destination.objects.get().trouble == Trouble.LIST
