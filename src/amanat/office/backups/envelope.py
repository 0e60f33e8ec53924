"""A backup's file: one clear line of JSON, then an age stream to the recovery key, which holds compressed records.

A record is JSON with bytes beside it. The first repeats the clear line, so that nobody can change that one; the last says that it
is the last. Both ways it is a stream: no more than one record is in memory. The clear line carries a sum of itself, so that a
byte of it that changed by chance is noticed before anybody is asked for shares.
"""

from __future__ import annotations

import hashlib
import json
import os
import struct
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyrage
from django.utils.translation import gettext_lazy as _

from amanat.vault.durable import fresh
from amanat.web.errors import PersonFacingError

FORMAT: Final = 1
LONGEST_LINE: Final = 1024 * 1024
LARGEST: Final = 256 * 1024 * 1024  # bytes of a record; ours have a hundredth of that
SIZES: Final = struct.Struct(">II")
PIECE: Final = 64 * 1024

Record = tuple[dict[str, Any], bytes]
Clear = dict[str, Any]


class Damaged(PersonFacingError):
    """A file of a backup is not whole, or was changed."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _("%(file)s is damaged: it was cut short, or changed since it was written.") % {"file": path.name},
            _("Nothing was restored from it. Take the same file from another place, or an older backup."),
        )


class WrongIdentity(PersonFacingError):
    """The shares are not those that this file was sealed for."""


# --- writing ----------------------------------------------------------------------------------------------------------


def write(path: Path, clear: Clear, records: Iterable[Record], public: str) -> str:
    """Write a file for its owner alone; durable when this returns. Gives the SHA-256 of its bytes (hex).

    Raises:
        OSError: the disk did not take it. Whatever `records` raises.
    """
    with fresh(path) as file:
        out, source = _Out(file), _Source(_compressed(clear, records))
        out.write(_as_line(clear))
        refused = None
        try:
            pyrage.encrypt_io(source, out, [pyrage.x25519.Recipient.from_str(public)])
        except pyrage.EncryptError:
            refused = OSError(f"{path} could not be sealed")
        # pyrage tells of our own errors only in words, and of one in the last piece not at all.
        if failed := source.error or out.error or refused:
            raise failed
    return out.digest.hexdigest()


def _compressed(clear: Clear, records: Iterable[Record]) -> Iterator[bytes]:
    squeeze = zlib.compressobj(level=1)  # most of it is ciphertext, which no level makes smaller
    for told, beside in chain([({"clear": clear}, b"")], records, [({"end": True}, b"")]):
        text = json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode()
        yield squeeze.compress(SIZES.pack(len(text), len(beside)) + text + beside)
    yield squeeze.flush()


class _Source:
    """What pyrage reads from: pieces of any size. It keeps the error that a piece raised."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self.pieces = pieces
        self.rest = memoryview(b"")
        self.error: Exception | None = None

    def read(self, most: int) -> bytes:
        try:
            while not self.rest:
                self.rest = memoryview(next(self.pieces))
        except StopIteration:
            return b""
        except Exception as error:
            self.error = error
            raise
        piece, self.rest = self.rest[:most], self.rest[most:]
        return bytes(piece)


class _Out:
    """What pyrage writes to: a file, hashed on the way. It keeps the error that the disk gave."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.digest = hashlib.sha256()
        self.error: OSError | None = None

    def write(self, content: bytes) -> int:
        self.digest.update(content)
        return self._try(lambda: self.file.write(content)) or 0

    def flush(self) -> None:
        self._try(self.file.flush)

    def _try(self, act: Callable[[], int | None]) -> int | None:
        try:
            return act()
        except OSError as error:
            self.error = error
            raise


# --- reading ----------------------------------------------------------------------------------------------------------


def read_clear(path: Path) -> Clear:
    """The clear line, which anybody can read and change: believe it once the file was opened.

    Raises:
        Damaged, NewerFormat: there is none, or it is none of ours.
    """
    with path.open("rb") as file:
        return clear_line(file.readline(LONGEST_LINE), path)


def clear_line(line: bytes, path: Path) -> Clear:
    """What a file's first line says; it stands there as we write it, to the last byte.

    Raises:
        Damaged, NewerFormat: it is none of ours.
    """
    try:
        told = json.loads(line)
        if told.pop("format") != FORMAT:
            raise NewerFormat(path)
        del told["sum"]
    except (ValueError, TypeError, KeyError, AttributeError):
        raise Damaged(path) from None
    if line != _as_line(told):
        raise Damaged(path)
    return dict(told)


def _as_line(clear: Clear) -> bytes:
    told = {"format": FORMAT} | clear
    digest = hashlib.sha256(json.dumps(told).encode()).hexdigest()
    return json.dumps(told | {"sum": digest}).encode() + b"\n"


class NewerFormat(PersonFacingError):
    """Written by a version that this one does not know."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            _("%(file)s was written by a newer version of Amanat.") % {"file": path.name},
            _("Install that version, then restore."),
        )


@contextmanager
def opened(path: Path, identity: str) -> Iterator[Iterator[Record]]:
    """The records of a file, after the clear line; what is given was checked up to there, and the end is checked at the end.

    Raises, also while the records are read:
        Damaged: it does not hold.
        WrongIdentity: it was sealed to another recovery key.
    """
    with path.open("rb") as file:
        clear = clear_line(file.readline(LONGEST_LINE), path)
        ours, theirs = os.pipe()
        opener = _Opener(file, theirs, identity)
        with os.fdopen(ours, "rb", buffering=PIECE) as clear_stream:
            opener.start()
            try:
                yield _records(clear_stream, clear, path, opener)
            finally:
                clear_stream.close()  # so that an opener that still writes ends
                opener.join()


class _Opener(threading.Thread):
    """pyrage pushes what it opens; this makes it something to be read from."""

    def __init__(self, file: BinaryIO, to: int, identity: str) -> None:
        super().__init__(name="backup-opener", daemon=True)
        self.file, self.to = file, to
        self.identity = pyrage.x25519.Identity.from_str(identity)
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            with os.fdopen(self.to, "wb", buffering=PIECE) as out:
                pyrage.decrypt_io(self.file, out, [self.identity])
        except (pyrage.DecryptError, OSError) as error:
            self.error = error


def _records(stream: BinaryIO, clear: Clear, path: Path, opener: _Opener) -> Iterator[Record]:
    pieces = _Inflated(stream)
    try:
        told, _beside = _record(pieces)
        if told.get("clear") != clear:
            raise Damaged(path)
        while True:
            told, beside = _record(pieces)
            if told.get("end"):
                break
            yield told, beside
    except (EOFError, ValueError, zlib.error):
        opener.join()
        if "matching" in str(opener.error):
            raise WrongIdentity(
                _("The shares do not open %(file)s: it was sealed for others.") % {"file": path.name},
                _("Shares that were given out anew do not open backups from before. Type the former ones."),
            ) from None
        raise Damaged(path) from None
    # Let the rest be checked, too: the end of the stream is signed.
    while stream.read(PIECE):
        pass
    opener.join()
    if opener.error:
        raise Damaged(path)


class _Inflated:
    """Exactly so many bytes of a compressed stream."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.swell = zlib.decompressobj()
        self.held = bytearray()

    def take(self, count: int) -> bytes:
        while len(self.held) < count:
            packed = self.swell.unconsumed_tail or self.stream.read(PIECE)
            if not packed:
                raise EOFError
            self.held += self.swell.decompress(packed, LARGEST)
        taken = bytes(self.held[:count])
        del self.held[:count]
        return taken


def _record(pieces: _Inflated) -> Record:
    text, beside = SIZES.unpack(pieces.take(SIZES.size))
    if max(text, beside) > LARGEST:
        raise ValueError("too large for a record")
    told = json.loads(pieces.take(text))
    if not isinstance(told, dict):
        raise ValueError("no record")
    return told, pieces.take(beside)
