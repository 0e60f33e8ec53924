"""CSV and TSV as one sheet of rows: encoding and delimiter are found out, the rows come as a stream."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import BinaryIO, Final

from amanat.exchange.encodings import Encoding, decide
from amanat.exchange.errors import (
    BrokenQuotes,
    EmptyFile,
    RowTooLong,
    TooLongCell,
    TooManyColumns,
    TooManyRows,
    Undecodable,
)
from amanat.exchange.limits import Limits
from amanat.exchange.notices import Notice
from amanat.exchange.rows import Row, Sheet
from amanat.web.guarding import unguarded

DELIMITERS: Final = ",;\t|"

_SAMPLE: Final = 1 << 16
_LINES: Final = 30
_CALLED: Final = "CSV"  # in sentences, for lack of a name


class TextTable:
    """A file of text. Its rows may be read several times; nothing of it is held but the row at hand."""

    def __init__(self, file: BinaryIO, limits: Limits, encoding: str = "") -> None:
        self._file, self._limits = file, limits
        self.encoding = Encoding(encoding) if encoding else decide(file, limits)
        self.sheets: tuple[Sheet, ...] = (Sheet(0, ""),)
        self.notices: list[Notice] = []
        if self.encoding.guessed:
            self.notices.append(Notice("encoding", {"encoding": self.encoding.name}))
        self.delimiter, self._skipped = self._sniffed()

    def rows(self, sheet: Sheet) -> Iterator[Row]:
        """Give the rows in which something stands.

        Raises:
            UnreadableFile: where the file stops being a table; the rows before it were given.
        """
        count = 0
        for number, texts in self._records():
            if len(texts) > self._limits.columns:
                if any(texts[self._limits.columns :]):
                    raise TooManyColumns(row=number, sheet=_CALLED, limit=self._limits.columns)
                texts = texts[: self._limits.columns]
            row = Row.of_texts(number, [unguarded(text) for text in texts])
            if row.cells:
                self._check(row)
                count += 1
                yield row
            if count > self._limits.rows:
                raise TooManyRows(sheet=_CALLED, limit=self._limits.rows)

    def _check(self, row: Row) -> None:
        if max(len(str(text)) for text in row.cells.values()) > self._limits.cell:
            raise TooLongCell(row=row.number, sheet=_CALLED, limit=self._limits.cell)

    def _records(self) -> Iterator[tuple[int, list[str]]]:
        """Records with their number as a spreadsheet counts them: an empty line is a row, a line within quotes is none."""
        lines, number = _Measured(self._lines(), self._limits.row), 0
        for _skipped in range(self._skipped):
            next(lines)
            number += 1
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        while True:
            number += 1
            lines.record(number)
            try:
                yield number, next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if "field limit" in str(error):
                    raise TooLongCell(row=number, sheet=_CALLED, limit=self._limits.cell) from error
                raise BrokenQuotes(row=number) from error
            except UnicodeDecodeError as error:
                raise self._undecodable() from error

    def _lines(self) -> Iterator[str]:
        self._file.seek(0)
        text = io.TextIOWrapper(self._file, self.encoding.name, newline="")
        try:
            while line := text.readline(self._limits.line + 1):
                if len(line) > self._limits.line:
                    raise TooLongCell(row=1, sheet=_CALLED, limit=self._limits.line)
                yield line
        finally:
            if not self._file.closed:
                text.detach()  # or the file would be closed with it

    def _undecodable(self) -> Undecodable:
        """The error with the line in which the first such byte stands; decoding runs ahead of the lines."""
        self._file.seek(0)
        text = io.TextIOWrapper(self._file, self.encoding.name, errors="replace", newline="")
        row = next((number for number, line in enumerate(text, 1) if "\ufffd" in line), 1)
        text.detach()
        return Undecodable(row=row, encoding=self.encoding.name)

    def _sniffed(self) -> tuple[str, int]:
        """Find the delimiter, and how many lines before the table only name it (`sep=;`, as Excel writes)."""
        sample = self._sample()
        if not sample.strip():
            raise EmptyFile
        first = sample.splitlines()[0].strip().strip('"')
        if first.lower().startswith("sep=") and len(first) == 5:
            return first[4], 1
        if first.lower() == "sep=":
            return "\t", 1
        return max(DELIMITERS, key=lambda sign: (_fit(sample, sign), -DELIMITERS.index(sign))), 0

    def _sample(self) -> str:
        lines, length = [], 0
        try:
            for line in self._lines():
                lines.append(line)
                length += len(line)
                if length > _SAMPLE or len(lines) > _LINES:
                    break
        except UnicodeDecodeError as error:
            raise self._undecodable() from error
        return "".join(lines)


class _Measured:
    """Lines, with the letters counted that one record takes of them: within quotes it may go on for ever."""

    def __init__(self, lines: Iterator[str], limit: int) -> None:
        self._lines, self._limit = lines, limit
        self.record(1)

    def record(self, row: int) -> None:
        """Begin the record of this row."""
        self._row, self._length = row, 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self._length += len(line)
        if self._length > self._limit:
            raise RowTooLong(row=self._row, sheet=_CALLED, limit=self._limit)
        return line


def _fit(sample: str, delimiter: str) -> float:
    """How well a delimiter parts the sample: columns that most rows agree on, less for rows that do not."""
    try:
        widths = [len(row) for row in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter) if row]
    except csv.Error:
        return 0
    usual = max(set(widths), key=lambda width: (widths.count(width), width), default=1)
    return (usual - 1) * (widths.count(usual) / len(widths)) ** 4 if widths else 0
