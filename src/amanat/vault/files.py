"""Sealed files: 64 KiB chunks, each authenticated with its place and whether it is the last, under a key of the file's own.

The clear bytes never touch a disk. A file's key stands sealed in the row that refers to it, so it goes with the subject's key.
"""

from __future__ import annotations

import io
import os
import secrets
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from amanat.vault.durable import settle

CHUNK = 64 * 1024
TAG = 16
UNFINISHED = "unfinished"  # the folder of files that are being written: nobody takes one for a whole one
MAGIC = b"AMANAT1\n"


class DamagedFile(Exception):
    """A sealed file was cut short, reordered or changed."""


def path_of(file_id: uuid.UUID) -> Path:
    """Where the sealed bytes of a file lie; the name says nothing."""
    name = file_id.hex
    return Path(settings.AMANAT_MEDIA) / name[:2] / name


def _nonce(place: int, last: bool) -> bytes:
    # A key seals one file only, so a counter is a safe nonce.
    return b"\0\0\0" + bytes([last]) + place.to_bytes(8, "big")


class SealedWriter:
    """Seals a stream as it arrives. `close` makes it durable; `discard` leaves nothing behind."""

    def __init__(self) -> None:
        self.file_id = uuid.uuid4()
        self.key = secrets.token_bytes(32)
        self._cipher = AESGCM(self.key)
        self._rest = bytearray()
        self._place = 0
        self.path = _unfinished() / self.file_id.hex
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file: BinaryIO = os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")
        self._file.write(MAGIC)

    def write(self, clear: bytes) -> None:
        self._rest += clear
        while len(self._rest) > CHUNK:
            self._seal(bytes(self._rest[:CHUNK]), last=False)
            del self._rest[:CHUNK]

    def _seal(self, clear: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._place, last), clear, self.file_id.bytes))
        self._place += 1

    def close(self) -> None:
        self._seal(bytes(self._rest), last=True)
        self._rest.clear()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()
        whole = path_of(self.file_id)
        whole.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.path = self.path.replace(whole)
        settle(whole.parent)

    def discard(self) -> None:
        self._rest.clear()
        self._file.close()
        self.path.unlink(missing_ok=True)


def sweep(before: float) -> None:
    """Take away what was never finished and has not been touched since `before` (seconds since 1970)."""
    for draft in _unfinished().glob("*"):
        if draft.stat().st_mtime < before:
            draft.unlink(missing_ok=True)


def _unfinished() -> Path:
    return Path(settings.AMANAT_MEDIA) / UNFINISHED


def write_sealed(clear: bytes) -> SealedWriter:
    """Seal bytes that are in memory; the writer names the file and holds its key."""
    writer = SealedWriter()
    try:
        writer.write(clear)
        writer.close()
    except OSError:
        writer.discard()
        raise
    return writer


def read_sealed(file_id: uuid.UUID, key: bytes) -> Iterator[bytes]:
    """The clear chunks of a sealed file, each checked before it is given.

    Raises:
        DamagedFile: at the first chunk that does not hold.
    """
    cipher = AESGCM(key)
    with path_of(file_id).open("rb") as file:
        if file.read(len(MAGIC)) != MAGIC:
            raise DamagedFile(file_id.hex)
        place, box = 0, file.read(CHUNK + TAG)
        while True:
            following = file.read(CHUNK + TAG)
            try:
                yield cipher.decrypt(_nonce(place, not following), box, file_id.bytes)
            except InvalidTag:
                raise DamagedFile(file_id.hex) from None
            if not following:
                return
            place, box = place + 1, following


class SealedReader(io.RawIOBase):
    """A sealed file to be read from anywhere in it, as whatever wants a seekable file does: one chunk is clear at a time.

    Raises:
        DamagedFile: on reading, at a chunk that does not hold.
    """

    def __init__(self, file_id: uuid.UUID, key: bytes) -> None:
        self._id = file_id
        self._cipher = AESGCM(key)
        self._file = path_of(file_id).open("rb")
        boxes = os.fstat(self._file.fileno()).st_size - len(MAGIC)
        self._last = max(0, (boxes - 1) // (CHUNK + TAG))
        self.size = max(0, boxes - (self._last + 1) * TAG)
        self._at = 0
        self._open: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Any) -> int:
        place, within = divmod(self._at, CHUNK)
        if place > self._last:
            return 0
        clear = self._chunk(place)[within : within + len(buffer)]
        buffer[: len(clear)] = clear
        self._at += len(clear)
        return len(clear)

    def _chunk(self, place: int) -> bytes:
        if self._open[0] != place:
            self._file.seek(len(MAGIC) + place * (CHUNK + TAG))
            box = self._file.read(CHUNK + TAG)
            try:
                clear = self._cipher.decrypt(_nonce(place, place == self._last), box, self._id.bytes)
            except InvalidTag:
                raise DamagedFile(self._id.hex) from None
            self._open = (place, clear)
        return self._open[1]

    def close(self) -> None:
        self._file.close()
        super().close()
