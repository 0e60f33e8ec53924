"""The zip that a workbook is: its parts as streams of bytes, counted while they are unpacked. No part is held whole."""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO, Final

from django.utils.translation import gettext_lazy as _

from amanat.exchange import xml_stream
from amanat.exchange.errors import BrokenFile, NotATable, OldWorkbook, OpenDocument, PasswordProtected, TooMuchInside
from amanat.exchange.limits import Limits

_CHUNK: Final = 1 << 12  # bytes: the rows of a piece are held, and 20 bytes can name a text of 100,000 letters
_BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, OSError, KeyError, struct.error,
)  # fmt: skip


class _Narrow:
    """A file that refuses to be read in one piece larger than a zip's list of contents may be.

    `zipfile` reads that list in one go, however long it says it is, and makes an object of each entry.
    """

    def __init__(self, file: BinaryIO, most: int) -> None:
        self._file, self._most = file, most
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1) -> bytes:
        if size > self._most:
            raise TooMuchInside(part=_("the list of contents"))
        return self._file.read(size if size >= 0 else self._most)


class Package:
    """An open zip with the parts of a workbook, found by the relations between them."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self._limits = limits
        narrow: Any = _Narrow(file, limits.directory)
        with told("zip"):
            self._zip = zipfile.ZipFile(narrow)
        self._names = {info.filename.replace("\\", "/").lstrip("/"): info for info in self._zip.infolist()}
        self.book = self._book()

    def close(self) -> None:
        """Let go of the zip; the file stays open."""
        self._zip.close()

    def __contains__(self, part: str) -> bool:
        return part in self._names

    def chunks(self, part: str, most: int = 0) -> Iterator[bytes]:
        """Unpack a part, piece by piece.

        Raises:
            TooMuchInside: it goes on for longer than `most` bytes, or unpacks to too many times its packed size.
            BrokenFile, PasswordProtected: it cannot be unpacked.
        """
        info = self._names.get(part)
        if info is None:
            raise BrokenFile(part=part)
        if info.flag_bits & 0x1:
            raise PasswordProtected
        most, unpacked = most or self._limits.unpacked, 0
        with told(part), self._zip.open(info) as stream:
            while chunk := stream.read(_CHUNK):
                unpacked += len(chunk)
                if unpacked > most or unpacked > max(self._limits.ratio_from, self._limits.ratio * info.compress_size):
                    raise TooMuchInside(part=part)
                yield chunk

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Give (last word of the type, path of the target) by id, of what a part is related to."""
        folder, name = posixpath.split(part)
        path = posixpath.join(folder, "_rels", f"{name}.rels")
        found: dict[str, tuple[str, str]] = {}

        def start(tag: str, attributes: dict[str, str]) -> None:
            if xml_stream.local(tag) == "Relationship" and attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, attributes.get("Target", ""))).lstrip("/")
                found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], target)

        if path in self:
            xml_stream.feed(xml_stream.stream(self.chunks(path, self._limits.small), path, self._limits, start=start))
        return found

    def _book(self) -> str:
        """Find the part that lists the sheets, or say what the zip is instead."""
        for kind, target in self.relations("").values():
            if kind == "officeDocument" and target in self:
                if target.endswith(".bin"):
                    raise OldWorkbook(kind=".xlsb")
                if "workbook" in posixpath.basename(target):
                    return target
                raise NotATable(kind=_("a letter or slides"))
        if "mimetype" in self:
            raise OpenDocument
        raise NotATable(kind=_("an archive"))


@contextmanager
def told(part: str) -> Iterator[None]:
    """Say of what breaks in here that the workbook is broken, and where."""
    try:
        yield
    except _BROKEN as error:
        raise BrokenFile(part=part) from error
