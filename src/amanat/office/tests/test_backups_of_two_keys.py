"""Backups before and after the master key was given up for another: each pair opens, and so does older data by newer keys."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings

from amanat.cases.models import Case
from amanat.office.backups import envelope, names, pairs, rows
from amanat.office.backups.pairs import Chosen, DoNotFit, Identities
from amanat.office.tests.backing import files, identity, made
from amanat.vault import generations, index, keys, rotating
from amanat.vault.keys import MASTER, Locked, Workspace, keyring
from amanat.vault.models import Rotation, Subject, bound
from tests.cast import Cast

DAY = timedelta(days=1)


@pytest.fixture
def two(cast: Cast, case: Case, disk: Path, shares: list[str], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A disk with a backup from before the rotation and one from after it. The index has keys of its own."""
    index.post([(case.subject, [("name", "ayl caryy")], None)])
    generations.begin(new_keys=True)
    made(cast.now)
    monkeypatch.setattr(keys, "_held", keyring().with_next(MASTER))
    rotation = Rotation.objects.create(kind=MASTER, generation=2, begun_at=cast.now)
    while rotating.wrap_some(rotation) or rotating.wrap_late():
        pass
    made(cast.now + DAY)
    return disk


def pair(disk: Path, data: int, of_keys: int) -> Chosen:
    """By the number of the backup."""
    return pairs.choose(disk / files(disk, names.DATA)[data], disk / files(disk, names.KEYS)[of_keys])


def data_keys(chosen: Chosen, opener: str) -> dict[UUID, bytes]:
    """As they stand in the file, wrapped."""
    with envelope.opened(chosen.keys, opener) as records:
        told = [row for record, beside in records for row in rows.unpack(record.get("keys", ()), beside, [False, True])]
    return {UUID(id_): wrapped for id_, wrapped in told}


def keys_of_the_index(chosen: Chosen, opener: str) -> list[bytes]:
    with envelope.opened(chosen.data, opener) as records:
        columns = next(records)[0]["tables"]["vault.generation"]
        told = [pair for pair in records if pair[0].get("table") == "vault.generation"]
    are_bytes = [name == "wrapped_keys" for name in columns]
    found = [
        row[are_bytes.index(True)] for record, beside in told for row in rows.unpack(record["rows"], beside, are_bytes)
    ]
    return [wrapped for wrapped in found if wrapped]


@pytest.mark.parametrize(("data", "of_keys", "wrapped_by"), [(0, 0, 1), (0, 1, 2), (1, 1, 2)])
def test_all_that_is_wrapped_opens_by_the_master_keys_in_the_file(
    two: Path, shares: list[str], data: int, of_keys: int, wrapped_by: int
) -> None:
    chosen, opener = pair(two, data, of_keys), identity(two, shares)
    held = pairs.unlock(chosen, Identities(opener, opener)).keys
    assert held.newest(MASTER) == of_keys + 1
    found = data_keys(chosen, opener)
    assert found.keys() == set(Subject.objects.values_list("pk", flat=True))
    assert {wrapped[0] for wrapped in found.values()} == {wrapped_by}
    assert all(held.unwrap(wrapped, bound(subject)) for subject, wrapped in found.items())
    assert [len(held.unwrap(wrapped, generations.BOUND)) for wrapped in keys_of_the_index(chosen, opener)] == [4 * 32]


def test_keys_from_before_do_not_go_with_data_from_after(two: Path) -> None:
    with pytest.raises(DoNotFit, match="older than the data"):
        pair(two, 1, 0)


def test_a_process_from_before_the_rotation_makes_no_backup_that_would_not_open(
    cast: Cast, case: Case, disk: Path, shares: list[str]
) -> None:
    """Some of what it reads may be under a key that it does not have."""
    workspace = Workspace.at(Path(settings.WORKSPACE))
    workspace.renew(MASTER, workspace.provider(), lambda _generation: False)
    with pytest.raises(Locked, match="Begin it anew"):
        made(cast.now)
    assert files(disk) == []
