"""Backups that go wrong: a full disk at any byte, a byte that changed anywhere, shares that are lost. Nothing half is taken for whole."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import pytest
from django.conf import settings
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st

from amanat.cases.models import Case
from amanat.office.backups import envelope, places, taking
from amanat.office.backups.models import Backup, Destination, Trouble
from amanat.office.tests.backing import files, made, rehearsed
from amanat.vault.files import write_sealed
from tests.cast import Cast

pytestmark = pytest.mark.sqlcipher_only  # whatever the database

DAY = timedelta(days=1)
FAR = [(0.0, 0.0), (0.5, 0.0), (1.0, 0.0), (1.0, 0.5)]  # so much of the data and of the keys finds room


def tried(disk: Path, shares: list[str]) -> str:
    return rehearsed(shares[:2], "--from", str(disk))


# --- a full disk ------------------------------------------------------------------------------------------------------


def room(disk: Path, data: float, keys: float) -> int:
    """Bytes, for so much of the next pair: it is about as large as the one that lies there."""
    size = {which: (disk / files(disk, which)[0]).stat().st_size for which in ("data", "keys")}
    return int(size["data"] * data + size["keys"] * keys)


def with_room_for(bytes_: int) -> Callable[[BinaryIO, bytes], int]:
    """A write that finds room for so many bytes, over all its files; what does not fit any more is written as far as it does."""
    left = bytes_

    def write(file: BinaryIO, content: bytes) -> int:
        nonlocal left
        fits = content[:left]
        left -= file.write(fits)
        if len(fits) < len(content):
            raise OSError(errno.ENOSPC, "No space left on device")
        return len(content)

    return write


@pytest.mark.parametrize(("data", "keys"), FAR)
def test_where_this_machine_s_disk_gets_full_nothing_is_left_and_the_next_one_is_whole(
    cast: Cast, case: Case, disk: Path, shares: list[str], monkeypatch: pytest.MonkeyPatch, data: float, keys: float
) -> None:
    made(cast.now)
    before = files(disk)
    write = with_room_for(room(disk, data, keys))
    with monkeypatch.context() as patch:
        patch.setattr(envelope._Out, "write", lambda out, content: out._try(lambda: write(out.file, content)) or 0)
        assert made(cast.now + DAY).trouble == Trouble.FULL_HERE
    assert files(disk) == before
    assert not (Path(settings.WORKSPACE) / "run" / "backup").exists()
    assert made(cast.now + DAY).trouble == Trouble.NONE
    assert "Everything could be read" in tried(disk, shares)


@pytest.mark.parametrize(("data", "keys"), FAR)
def test_where_the_place_gets_full_the_pair_before_it_can_be_restored(
    cast: Cast, case: Case, disk: Path, shares: list[str], monkeypatch: pytest.MonkeyPatch, data: float, keys: float
) -> None:
    made(cast.now)
    write = with_room_for(room(disk, data, keys))

    def copied(source: BinaryIO, copy: BinaryIO, _piece: int) -> None:
        write(copy, source.read())

    with monkeypatch.context() as patch:
        patch.setattr(places.shutil, "copyfileobj", copied)
        assert made(cast.now + 50 * DAY).trouble == Trouble.NOWHERE, "the keys of the pair before are old by now"
    assert Destination.objects.get().trouble == Trouble.FULL
    assert list(disk.rglob("*.part")) == []
    assert "From amanat-20261124T090000Z.data.age" in tried(disk, shares)
    assert made(cast.now + 51 * DAY).trouble == Trouble.NONE
    assert "From amanat-20270114T090000Z.data.age" in tried(disk, shares)


# --- a byte that changed ----------------------------------------------------------------------------------------------


@pytest.fixture
def pair(cast: Cast, case: Case, disk: Path, shares: list[str]) -> tuple[Path, Path]:
    """Data and keys that can be restored, with a document beside them."""
    write_sealed(os.urandom(5_000))
    assert made(cast.now).trouble == Trouble.NONE
    data, keys = files(disk)
    return disk / data, disk / keys


def test_a_bit_that_changed_anywhere_or_an_end_that_is_missing_opens_nothing(
    pair: tuple[Path, Path], disk: Path, shares: list[str]
) -> None:
    whole = [path.read_bytes() for path in pair]
    lines = [content.index(b"\n") + 300 for content in whole]  # the clear line, and the head of what follows

    @given(st.integers(0, 1), st.booleans(), st.floats(0, 1, exclude_max=True), st.integers(-1, 7))
    def holds(half: int, at_the_beginning: bool, far: float, bit: int) -> None:
        content = bytearray(whole[half])
        place = int((lines[half] if at_the_beginning else len(content)) * far)
        if bit < 0:
            del content[place:]
        else:
            content[place] ^= 1 << bit
        pair[half].write_bytes(content)
        with pytest.raises(CommandError) as refused:  # and nobody is asked for shares again and again
            rehearsed(shares[:2], *map(str, pair))
        assert str(refused.value).strip().endswith("."), "it has no sentence for it"

    try:
        holds()
    finally:
        for path, content in zip(pair, whole, strict=True):
            path.write_bytes(content)
    assert "Everything could be read" in tried(disk, shares)


def test_a_document_that_changed_or_is_missing_is_named(pair: tuple[Path, Path], disk: Path, shares: list[str]) -> None:
    document = next(disk.glob("media/*/*"))
    content = document.read_bytes()
    for broken in (content[:-1], content[:-1] + bytes([content[-1] ^ 1]), None):
        document.unlink()
        if broken is not None:
            document.write_bytes(broken)
        else:
            document.with_name("another").write_bytes(content)
        with pytest.raises(CommandError, match=document.name):
            tried(disk, shares)
        told = rehearsed(shares[:2], "--from", str(disk), "--leave-out-damaged")
        assert f"Left out, missing or damaged: {document.name}\n" in told
        document.write_bytes(content)


# --- shares that are lost ---------------------------------------------------------------------------------------------


def test_any_two_shares_open_it_and_one_opens_nothing(pair: tuple[Path, Path], disk: Path, shares: list[str]) -> None:
    for lost in range(3):
        two = [share for number, share in enumerate(shares) if number != lost]
        assert "Everything could be read" in rehearsed(two, "--from", str(disk))
    for alone in (shares[:1], [shares[0], shares[0]]):
        with pytest.raises(SystemExit, match="nothing was finished"):
            rehearsed(alone, "--from", str(disk))


# --- which one it is --------------------------------------------------------------------------------------------------


def test_of_a_folder_the_newest_whole_pair_is_taken_or_the_one_that_is_named(
    cast: Cast, case: Case, disk: Path, shares: list[str]
) -> None:
    for days in (0, 1, 2):
        made(cast.now + days * DAY)
    (disk / files(disk, "keys")[-1]).unlink()  # whoever was killed between the two files left it so
    assert "Backup of 2026-11-25 09:00" in tried(disk, shares)
    named = rehearsed(shares[:2], "--from", str(disk), "--backup", "amanat-20261124T090000Z")
    assert "Backup of 2026-11-24 09:00" in named
    (disk / files(disk, "keys")[0]).unlink()
    assert "Backup of 2026-11-24" in rehearsed(shares[:2], "--from", str(disk), "--backup", "amanat-20261124T090000Z")
    with pytest.raises(CommandError, match="No backup of that name"):
        rehearsed(shares[:2], "--from", str(disk), "--backup", "amanat-20251124T090000Z")
    with pytest.raises(CommandError, match="No backup lies there"):
        rehearsed(shares[:2], "--from", str(disk / "media"))


def test_it_has_to_be_said_from_what(disk: Path) -> None:
    for words in (
        [],
        ["data"],
        ["data", "keys", "--from", "folder"],
        ["--from-s3", "bucket"],
        ["--endpoint", "https://x"],
    ):
        with pytest.raises(CommandError, match="Say what to restore from"):
            rehearsed([], *words)


def test_a_backup_that_waits_is_not_made_twice(cast: Cast, disk: Path, shares: list[str]) -> None:
    waiting = Backup.objects.create(asked_at=cast.now)
    assert taking.take(waiting, cast.now) is taking.take(waiting, cast.now + DAY)
    assert len(files(disk)) == 2
