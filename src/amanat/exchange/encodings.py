"""How the letters of a text file are written: decided from its bytes, all of them, and told. Nothing is converted here."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from typing import BinaryIO, Final

from django.utils.translation import gettext_lazy as _

from amanat.exchange.errors import MixedEncodings, NotATable, TooLongCell
from amanat.exchange.limits import Limits

_MARKS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))

OLD: Final = ("windows-1251", "windows-1250", "windows-1252")
"""One byte a letter: Cyrillic, Central European (Romanian, Turkmen), Western."""

KNOWN: Final = ("utf-8", "utf-16", *OLD)
"""What a person may choose, if what was decided is wrong."""

_HIGH: Final = re.compile(rb"[\x80-\xff]")
_HIGH_PAIR: Final = re.compile(rb"[\xc0-\xff\xa8\xb8][\xc0-\xff\xa8\xb8]")
# ă Ă â Â ş Ş ţ Ţ ň Ň as 1250 writes them, between or beside letters: 1252 has signs or letters of other countries there.
_CENTRAL: Final = re.compile(rb"[A-Za-z\xc0-\xff][\xba\xaa\xe3\xfe\xf2]|[\xc3\xaa\xde\xd2][A-Za-z]")
# Two-byte signs of UTF-8 in which the second byte is no letter in any of the old encodings: chance does not make them.
_SURELY_UTF_8: Final = re.compile(
    rb"[\xc3-\xc5\xc8\xd0-\xd3][\x84-\x89\x8b\x91-\x99\x9b\xa0\xa4\xa6\xa7\xa9\xab-\xae\xb0\xb1\xb5-\xb7\xbb]"
)

_TWO_BYTES: Final = re.compile(rb"[\xc3-\xd3][\x80-\xbf]")

_SAMPLE: Final = 4096
_ENOUGH: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Encoding:
    """`name` is one of Python's; `guessed` if the file left it open."""

    name: str
    guessed: bool = False


def decide(file: BinaryIO, limits: Limits) -> Encoding:
    """Find the encoding of a file that stands at its beginning.

    Raises:
        NotATable: it holds bytes that no text has.
        MixedEncodings: some lines are UTF-8 and some are not.
        TooLongCell: a line without an end.
    """
    head = file.read(_SAMPLE)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return Encoding(name)
    if b"\0" in head:
        return Encoding(_two_bytes(head), guessed=True)
    file.seek(0)
    return _by_lines(file, limits)


def _two_bytes(head: bytes) -> str:
    """UTF-16 without a mark: zeros stand only in one half of the pairs."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if even and odd:
        raise NotATable(kind=_("something else than text"))
    return "utf-16-be" if even else "utf-16-le"


@dataclass(slots=True)
class _Seen:
    """Lines with letters beyond ASCII: the first that is surely UTF-8, the first that is not, and bytes of the latter."""

    utf_8: int = 0
    other: int = 0
    others: bytearray = field(default_factory=bytearray)

    def look(self, number: int, line: bytes) -> None:
        try:
            line.decode("utf-8")
        except UnicodeDecodeError:
            self.other = self.other or number
            if len(self.others) < _ENOUGH:
                self.others += line
        else:
            if not self.utf_8 and (_SURELY_UTF_8.search(line) or len(_TWO_BYTES.findall(line)) > 1):
                self.utf_8 = number


def _by_lines(file: BinaryIO, limits: Limits) -> Encoding:
    seen, number = _Seen(), 0
    while line := file.readline(4 * limits.line + 1):
        number += 1
        if len(line) > 4 * limits.line:
            raise TooLongCell(row=number, sheet="CSV", limit=limits.line)
        if b"\0" in line:
            raise NotATable(kind=_("something else than text"))
        if not line.isascii():
            seen.look(number, line)
    if not seen.other:
        return Encoding("utf-8")
    if seen.utf_8:
        raise MixedEncodings(row=max(seen.utf_8, seen.other))
    return Encoding(_old(bytes(seen.others)), guessed=True)


def _old(text: bytes) -> str:
    """Cyrillic words are made of high bytes only; in Latin words they stand alone between plain letters."""
    high = len(_HIGH.findall(text))
    if 2 * len(_HIGH_PAIR.findall(text)) > high / 2:
        return OLD[0]
    return OLD[1] if _CENTRAL.search(text) else OLD[2]
