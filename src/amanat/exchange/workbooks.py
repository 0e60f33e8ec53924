"""An XLSX or XLSM workbook as sheets and rows: its list of sheets, its formats and its shared texts. Macros are left alone."""

from __future__ import annotations

import posixpath
from array import array
from collections.abc import Iterator
from functools import cached_property
from typing import BinaryIO, Self

from amanat.exchange import xml_stream
from amanat.exchange.errors import BrokenFile, EmptyFile, TooManyRows, TooManySheets, TooMuchInside
from amanat.exchange.formats import Formats
from amanat.exchange.limits import Limits
from amanat.exchange.notices import Notice
from amanat.exchange.packages import Package
from amanat.exchange.rows import Row, Sheet
from amanat.exchange.sheet_xml import SheetReader, unescaped

_WRITTEN = len("_x000D_")  # letters that one sign may be written with


class Workbook:
    """An open workbook. Held are its shared texts, packed; rows come as a stream, and may be read several times."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self._limits = limits
        self._package = Package(file, limits)
        self._related = self._package.relations(self._package.book)
        self._parts: list[str] = []
        self.from_1904 = False
        self.notices: list[Notice] = []
        self.sheets = tuple(self._listed())
        if not self.sheets:
            raise EmptyFile
        if any(kind == "vbaProject" for kind, _path in self._related.values()):
            self.notices.append(Notice("macros"))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._package.close()

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """Give the rows in which something stands.

        Raises:
            UnreadableFile: where the sheet breaks off or holds too much; the rows before it were given.
        """
        reader = SheetReader(sheet.name, self._shared, self._formats, self._limits)
        part = self._parts[sheet.number]
        chunks, count = self._package.chunks(part), 0
        for _paused in xml_stream.stream(
            chunks, part, self._limits, start=reader.start, end=reader.end, text=reader.text
        ):
            for row in reader.taken():
                count += 1
                if count > self._limits.rows:
                    raise TooManyRows(sheet=sheet.name, limit=self._limits.rows)
                yield row
        self.notices += [notice for notice in reader.notices() if notice not in self.notices]

    def _listed(self) -> list[Sheet]:
        sheets: list[Sheet] = []

        def start(tag: str, attributes: dict[str, str]) -> None:
            match xml_stream.local(tag):
                case "workbookPr":
                    self.from_1904 = attributes.get("date1904", "0") in ("1", "true", "on")
                case "sheet":
                    if part := self._sheet_part(attributes):
                        sheets.append(Sheet(len(sheets), attributes.get("name", "")))
                        self._parts.append(part)
                    if len(sheets) > self._limits.sheets:
                        raise TooManySheets(limit=self._limits.sheets)

        self._read(self._package.book, start)
        return sheets

    def _sheet_part(self, attributes: dict[str, str]) -> str:
        """Where a sheet stands; empty for a sheet that is only a chart."""
        reference = next((value for name, value in attributes.items() if xml_stream.local(name) == "id"), "")
        kind, part = self._related.get(reference, ("", ""))
        if not kind:
            raise BrokenFile(part=attributes.get("name", posixpath.basename(self._package.book)))
        return part if kind == "worksheet" else ""

    @cached_property
    def _formats(self) -> Formats:
        formats = Formats(self.from_1904)
        if part := self._part_of("styles"):
            self._read(part, formats.start)
        return formats

    @cached_property
    def _shared(self) -> SharedTexts:
        texts = SharedTexts(self._limits)
        if part := self._part_of("sharedStrings"):
            chunks = self._package.chunks(part)
            xml_stream.feed(
                xml_stream.stream(chunks, part, self._limits, start=texts.start, end=texts.end, text=texts.text)
            )
        return texts

    def _part_of(self, kind: str) -> str:
        return next((path for held, path in self._related.values() if held == kind and path in self._package), "")

    def _read(self, part: str, start: xml_stream.Start) -> None:
        xml_stream.feed(
            xml_stream.stream(self._package.chunks(part, self._limits.small), part, self._limits, start=start)
        )


class SharedTexts:
    """The texts of a workbook that cells refer to by number, one behind the other in one piece of memory."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._bytes = bytearray()
        self._ends = array("I", [0])
        self._pieces: list[str] = []
        self._length = 0
        self._listens = self._aside = False

    def __getitem__(self, number: int) -> str:
        if number < 0:
            raise IndexError(number)
        return self._bytes[self._ends[number] : self._ends[number + 1]].decode()

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        """Begin a text, or a piece of one: text in several colours stands in several pieces."""
        match xml_stream.local(tag):
            case "si":
                self._pieces.clear()
                self._length = 0
            case "t":
                self._listens = not self._aside
            case "rPh":  # how to read it aloud, in Japanese workbooks
                self._aside = True

    def text(self, letters: str) -> None:
        """Take letters of a piece. What is too long for a cell is cut, but not so short that a cell with it would be kept."""
        if self._listens and self._length <= _WRITTEN * self._limits.cell:
            self._pieces.append(letters)
            self._length += len(letters)

    def end(self, tag: str) -> None:
        """End a piece, or a text, which then has its number."""
        match xml_stream.local(tag):
            case "t":
                self._listens = False
            case "rPh":
                self._aside = False
            case "si":
                self._bytes += unescaped("".join(self._pieces)).encode("utf-8", "replace")
                self._ends.append(len(self._bytes))
                if len(self._bytes) + 4 * len(self._ends) > self._limits.shared:
                    raise TooMuchInside(part="sharedStrings.xml")
