"""Backups in an S3-compatible storage: as in a folder, restored from there, and a sentence where it refuses or is out of reach."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.core.management.base import CommandError

from amanat.access.actor import Actor
from amanat.cases.models import Case
from amanat.office.actions import backing_up
from amanat.office.backups import taking
from amanat.office.backups.models import Backup, Destination, DestinationKind, Trouble
from amanat.office.tests.backing import rehearsed
from amanat.office.tests.storage import BUCKET, KEY, REGION, SECRET, Storage, storage
from amanat.vault.files import write_sealed
from amanat.web.errors import PersonFacingError
from tests.cast import Cast

pytestmark = pytest.mark.sqlcipher_only  # whatever the database

Act = Callable[..., Actor]


@pytest.fixture
def abroad() -> Iterator[Storage]:
    with storage() as found:
        yield found


def add(abroad: Storage, actor: Actor, place: str = f"{BUCKET}/office", **access: str) -> Destination:
    return backing_up.add_place(
        name="abroad", kind=DestinationKind.S3, place=place, access=abroad.access | access, actor=actor
    )


def test_a_storage_gets_what_a_folder_gets_and_old_keys_go(
    cast: Cast, abroad: Storage, actor: Act, shares: list[str]
) -> None:
    add(abroad, actor("viktor"))
    writer = write_sealed(b"a document")
    for days in (0, 36):
        now = cast.now + timedelta(days=days)
        assert taking.take(Backup.objects.create(asked_at=now), now).reached == ["abroad"]
    document = f"office/media/{writer.file_id.hex[:2]}/{writer.file_id.hex}"
    assert abroad.held[document] == writer.path.read_bytes()
    assert {name for name in abroad.held if "/media/" not in name} == {
        "office/amanat-backups",
        "office/amanat-erasures.json",
        "office/amanat-20261230T090000Z.data.age",
        "office/amanat-20261230T090000Z.keys.age",
    }


def test_the_list_that_lies_there_is_read_before_it_is_replaced(
    cast: Cast, case: Case, abroad: Storage, actor: Act, shares: list[str]
) -> None:
    add(abroad, actor("viktor"))
    assert taking.publish_erasures(cast.now) == ["abroad"]
    assert taking.publish_erasures(cast.now) == ["abroad"]
    abroad.held["office/amanat-erasures.json"] = b"{}"
    assert taking.publish_erasures(cast.now) == []
    assert abroad.held["office/amanat-erasures.json"] == b"{}"


def test_when_it_is_removed_its_keys_go_or_it_is_said_that_they_stay(
    cast: Cast, case: Case, abroad: Storage, actor: Act, shares: list[str]
) -> None:
    place = add(abroad, actor("viktor"))
    taking.take(Backup.objects.create(asked_at=cast.now), cast.now)
    assert backing_up.remove_place(Destination.objects.get(), actor=actor("viktor")) == Trouble.NONE
    assert [name for name in abroad.held if name.endswith(".age")] == ["office/amanat-20261124T090000Z.data.age"]
    place = add(abroad, actor("viktor"))
    place.access = abroad.access | {"endpoint": "no address"}
    place.save()
    assert backing_up.remove_place(Destination.objects.get(), actor=actor("viktor")) == Trouble.NETWORK


def test_a_wrong_key_is_said_when_the_place_is_added(cast: Cast, abroad: Storage, actor: Act) -> None:
    with pytest.raises(PersonFacingError, match="refuses the key"):
        add(abroad, actor("viktor"), secret="another")
    with pytest.raises(PersonFacingError, match="refuses the key"):
        add(abroad, actor("viktor"), place="another-bucket")
    assert not Destination.objects.exists()


def test_a_storage_that_can_not_be_reached_is_said(cast: Cast, abroad: Storage, actor: Act, shares: list[str]) -> None:
    place = add(abroad, actor("viktor"))
    place.access = abroad.access | {"endpoint": "http://127.0.0.1:9"}
    place.save()
    assert taking.take(Backup.objects.create(asked_at=cast.now), cast.now).trouble == Trouble.NOWHERE
    place.refresh_from_db()
    assert place.trouble == Trouble.NETWORK


def fetched(abroad: Storage, shares: list[str], *options: str, secret: str = SECRET, prefix: str = "office") -> str:
    """A dry run of a restore from there."""
    place = ["--from-s3", f"{BUCKET}/{prefix}", "--endpoint", abroad.endpoint, "--region", REGION]
    return rehearsed([KEY, secret, *shares[:2]], *place, *options)


def test_it_is_restored_from_there_with_its_documents_and_the_list(
    cast: Cast, case: Case, abroad: Storage, actor: Act, shares: list[str]
) -> None:
    add(abroad, actor("viktor"))
    writer = write_sealed(b"a document")
    for days in (0, 1):
        now = cast.now + timedelta(days=days)
        assert taking.take(Backup.objects.create(asked_at=now), now).reached == ["abroad"]
    told = fetched(abroad, shares)
    assert "From amanat-20261125T090000Z.data.age" in told
    assert "Backup of 2026-11-25" in told
    assert "Everything could be read" in told
    document = f"office/media/{writer.file_id.hex[:2]}/{writer.file_id.hex}"
    assert abroad.given.count(document) == 1
    assert "Backup of 2026-11-24" in fetched(abroad, shares, "--backup", "amanat-20261124T090000Z")
    abroad.held[document] = b"another"
    with pytest.raises(CommandError, match=writer.file_id.hex):
        fetched(abroad, shares)
    del abroad.held[document]
    assert f"damaged: {writer.file_id.hex}" in fetched(abroad, shares, "--leave-out-damaged")


def test_an_older_list_is_refused_from_there_too(cast: Cast, abroad: Storage, actor: Act, shares: list[str]) -> None:
    add(abroad, actor("viktor"))
    for days in (0, 1):
        now = cast.now + timedelta(days=days)
        taking.take(Backup.objects.create(asked_at=now), now)
        lists = abroad.held.setdefault("list", abroad.held["office/amanat-erasures.json"])
    abroad.held["office/amanat-erasures.json"] = lists
    with pytest.raises(CommandError, match="no erasure list as new as the newest backup"):
        fetched(abroad, shares, "--backup", "amanat-20261124T090000Z")
    del abroad.held["office/amanat-erasures.json"]
    with pytest.raises(CommandError, match="no erasure list as new as the newest backup"):
        fetched(abroad, shares)


def test_where_it_can_not_be_restored_from_there_a_sentence_says_why(abroad: Storage) -> None:
    with pytest.raises(CommandError, match="Nothing was restored: The storage refuses the key"):
        fetched(abroad, [], secret="another")
    with pytest.raises(CommandError, match="No backup lies there"):
        fetched(abroad, [], prefix="another")
    abroad.endpoint = "http://127.0.0.1:9"
    with pytest.raises(CommandError, match="Nothing was restored: The storage can't be reached"):
        fetched(abroad, [])
