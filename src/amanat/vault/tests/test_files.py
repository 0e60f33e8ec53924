"""Sealed files: nothing clear on the disk, nothing missing, nothing moved."""

import io
import os
import secrets
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from amanat.vault.files import (
    CHUNK,
    MAGIC,
    TAG,
    DamagedFile,
    SealedReader,
    SealedWriter,
    path_of,
    read_sealed,
    sweep,
    write_sealed,
)
from amanat.vault.uploads import SealedUpload, SealingUploadHandler

CANARY = b"Canary: \xd0\x90\xd0\xb9\xd0\xbb\xd0\xb0\xd1\x80 "


def whole(writer: SealedWriter) -> bytes:
    return b"".join(read_sealed(writer.file_id, writer.key))


@given(pieces=st.lists(st.integers(0, 3 * CHUNK), max_size=4))
def test_any_pieces_come_back_whole_and_in_order(pieces: list[int]) -> None:
    clear = [bytes([place + 65]) * size for place, size in enumerate(pieces)]
    writer = SealedWriter()
    for piece in clear:
        writer.write(piece)
    writer.close()
    assert whole(writer) == b"".join(clear)
    writer.discard()


def test_the_disk_holds_nothing_clear_at_any_moment() -> None:
    writer = SealedWriter()
    for _piece in range(3 * CHUNK // len(CANARY)):
        writer.write(CANARY)
        assert b"Canary" not in writer.path.read_bytes()
    writer.close()
    assert b"Canary" not in writer.path.read_bytes()
    assert writer.key not in writer.path.read_bytes()


@pytest.mark.parametrize("lost", [1, TAG, CHUNK + TAG])
def test_a_file_cut_short_is_noticed(lost: int) -> None:
    writer = write_sealed(b"x" * (2 * CHUNK + 7))
    writer.path.write_bytes(writer.path.read_bytes()[:-lost])
    with pytest.raises(DamagedFile):
        whole(writer)


def test_two_chunks_in_the_wrong_order_are_noticed() -> None:
    writer = write_sealed(b"a" * CHUNK + b"b" * CHUNK + b"c")
    held, size = writer.path.read_bytes(), CHUNK + TAG
    start = len(MAGIC)
    swapped = (
        held[:start] + held[start + size : start + 2 * size] + held[start : start + size] + held[start + 2 * size :]
    )
    writer.path.write_bytes(swapped)
    with pytest.raises(DamagedFile):
        whole(writer)


def test_a_file_put_in_the_place_of_another_is_noticed() -> None:
    one, other = write_sealed(b"one"), write_sealed(b"other")
    other.path.write_bytes(one.path.read_bytes())
    with pytest.raises(DamagedFile):
        whole(other)


def test_a_file_that_is_not_ours_is_noticed() -> None:
    writer = write_sealed(b"one")
    writer.path.write_bytes(b"PK\x03\x04" + b"0" * 100)
    with pytest.raises(DamagedFile):
        whole(writer)


def upload(content: bytes, size: int = 64 * 1024) -> SealedUpload:
    handler = SealingUploadHandler()
    handler.new_file("upload", "photo.jpg", "image/jpeg", len(content))
    for start in range(0, len(content), size):
        handler.receive_data_chunk(content[start : start + size], start)
    return handler.file_complete(len(content))


def test_an_upload_that_no_verb_keeps_is_gone_when_the_request_ends() -> None:
    sent = upload(CANARY)
    assert sent.read() == CANARY
    sent.close()
    assert not path_of(sent.file_id).exists()


def test_an_upload_that_a_verb_keeps_stays() -> None:
    sent = upload(CANARY)
    sent.keep()
    sent.close()
    assert sent.read() == CANARY


def test_an_interrupted_upload_leaves_nothing_behind() -> None:
    before = set(Path(settings.AMANAT_MEDIA).rglob("*"))
    handler = SealingUploadHandler()
    handler.new_file("upload", "photo.jpg", "image/jpeg", 10)
    handler.receive_data_chunk(CANARY, 0)
    handler.upload_interrupted()
    assert {path for path in Path(settings.AMANAT_MEDIA).rglob("*") if path.is_file()} <= before


def test_what_is_past_the_limit_is_not_kept(settings: object) -> None:
    settings.UPLOAD_LIMIT = 100_000  # type: ignore[attr-defined]
    sent = upload(b"x" * 200_000)
    assert sent.too_large
    assert path_of(sent.file_id).stat().st_size < 110_000
    sent.close()


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5])
def test_a_sealed_file_reads_the_same_from_anywhere_in_it(size: int) -> None:
    clear = secrets.token_bytes(size)
    writer = write_sealed(clear)
    with SealedReader(writer.file_id, writer.key) as raw:
        file = io.BufferedReader(raw)
        assert file.read() == clear
        for start in (size - 7, size // 2, 0, CHUNK - 3):
            file.seek(max(0, start))
            assert file.read(20) == clear[max(0, start) :][:20]
        assert (raw.seek(0, io.SEEK_END), raw.read(1)) == (size, b"")


def test_a_chunk_that_was_changed_does_not_read() -> None:
    writer = write_sealed(secrets.token_bytes(3 * CHUNK))
    damaged = bytearray(writer.path.read_bytes())
    damaged[CHUNK + 100] ^= 1
    writer.path.write_bytes(damaged)
    with SealedReader(writer.file_id, writer.key) as raw:
        raw.seek(2 * CHUNK)
        assert len(raw.read(10)) == 10
        raw.seek(CHUNK)
        with pytest.raises(DamagedFile):
            raw.read(10)


def test_nobody_takes_a_file_that_is_being_written_for_a_whole_one() -> None:
    writer = SealedWriter()
    writer.write(b"x" * (CHUNK + 1))
    assert not path_of(writer.file_id).exists()
    writer.close()
    assert path_of(writer.file_id) == writer.path
    assert len(whole(writer)) == CHUNK + 1


def test_what_a_killed_process_never_finished_is_swept_once_it_is_old() -> None:
    writer, fresh = SealedWriter(), SealedWriter()
    os.utime(writer.path, (1_000, 1_000))
    sweep(before=2_000)
    assert not writer.path.exists()
    assert fresh.path.exists()
    fresh.discard()
