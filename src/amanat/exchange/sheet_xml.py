"""The tags of one sheet as they stream by, made into rows. Only the row at hand is held."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Protocol

from amanat.exchange.errors import BrokenFile, RowTooLong, TooLongCell, TooManyColumns
from amanat.exchange.formats import Formats, from_iso
from amanat.exchange.limits import Limits
from amanat.exchange.notices import Notice
from amanat.exchange.rows import LETTERS, PLACES, CellError, Row, Value

_ESCAPE: Final = re.compile(r"_x([0-9A-Fa-f]{4})_")
_DIGITS: Final = "0123456789"


class Shared(Protocol):
    """Texts that stand once in the workbook."""

    def __getitem__(self, number: int) -> str: ...


def unescaped(text: str) -> str:
    """Give the text in which signs that XML cannot hold stand as `_x000D_`."""
    return _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text) if "_x" in text else text


class SheetReader:
    """Takes the tags of a sheet; `taken` gives the rows that are complete.

    It is called some 35 million times for 200,000 rows: hence plain comparisons, and attributes instead of objects.
    """

    def __init__(self, sheet: str, shared: Shared, formats: Formats, limits: Limits) -> None:
        self._sheet, self._shared, self._formats, self._limits = sheet, shared, formats, limits
        self._rows: list[Row] = []
        self._cells: dict[str, Value] = {}
        self._pieces: list[str] = []
        self._row = self._length = self._row_length = self._place = 0
        self._letters = self._type = ""
        self._style: str | None = None
        self._prefix = ""
        self._listens = self._has_value = self._has_formula = self._aside = self._is_hidden = False
        self._hidden = self._merged = 0
        self._first_merged = ""

    def taken(self) -> list[Row]:
        """Give the rows that were completed since the last time."""
        rows, self._rows = self._rows, []
        return rows

    def notices(self) -> list[Notice]:
        """Tell what is odd, once the sheet was read to its end."""
        told = []
        if self._hidden:
            told.append(Notice("hidden_rows", {"sheet": self._sheet, "count": self._hidden}, self._sheet))
        if self._merged:
            told.append(Notice("merged", {"sheet": self._sheet, "first": self._first_merged}, self._sheet))
        return told

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin a tag."""
        if self._prefix:
            tag = tag.removeprefix(self._prefix)
        if tag == "c":
            self._begin_cell(attributes)
        elif tag == "v" or tag == "t":
            self._listens = not self._aside
            self._has_value = True
        elif tag == "row":
            self._begin_row(attributes)
        else:
            self._start_other(tag, attributes)

    def _start_other(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "f":
            self._has_formula = True
        elif tag == "rPh":
            self._aside = True
        elif tag == "mergeCell":
            self._merged += 1
            self._first_merged = self._first_merged or attributes.get("ref", "")
        elif tag.endswith(":worksheet"):
            self._prefix = tag.removesuffix("worksheet")

    def text(self, letters: str) -> None:
        """Take letters of a cell."""
        if self._listens:
            self._pieces.append(letters)
            self._length += len(letters)
            if self._length > self._limits.cell:
                raise TooLongCell(row=self._row, sheet=self._sheet, limit=self._limits.cell)

    def end(self, tag: str) -> None:
        """End a tag."""
        if self._prefix:
            tag = tag.removeprefix(self._prefix)
        if tag == "v" or tag == "t":
            self._listens = False
        elif tag == "c":
            self._end_cell()
        elif tag == "row":
            self._end_row()
        elif tag == "rPh":
            self._aside = False

    def _begin_row(self, attributes: Mapping[str, str]) -> None:
        given = attributes.get("r", "")
        self._row = int(given) if given.isdecimal() and len(given) < 9 else self._row + 1
        self._is_hidden = attributes.get("hidden", "0") in ("1", "true")
        self._cells, self._place, self._row_length = {}, -1, 0

    def _begin_cell(self, attributes: Mapping[str, str]) -> None:
        reference = attributes.get("r")
        if reference is None:
            self._place += 1
            self._letters = LETTERS[self._place] if self._place < len(LETTERS) else ""
        else:
            self._letters = reference.rstrip(_DIGITS)
            self._place = PLACES.get(self._letters, len(LETTERS))
        self._type = attributes.get("t", "n")
        self._style = attributes.get("s")
        self._pieces.clear()
        self._length = 0
        self._has_value = self._has_formula = False

    def _end_cell(self) -> None:
        if not self._has_value:
            if self._has_formula:
                self._keep(CellError(""))
            return
        text = self._pieces[0] if len(self._pieces) == 1 else "".join(self._pieces)
        value = self._value(text)
        if value != "" or isinstance(value, CellError):
            self._keep(value)

    def _keep(self, value: Value) -> None:
        if self._place >= self._limits.columns:
            raise TooManyColumns(row=self._row, sheet=self._sheet, limit=self._limits.columns)
        if isinstance(value, str):
            self._measure(len(value))
        self._cells[self._letters] = value

    def _measure(self, length: int) -> None:
        """Count the letters that stand here, which are more than were read where the text is shared."""
        self._row_length += length
        if length > self._limits.cell:
            raise TooLongCell(row=self._row, sheet=self._sheet, limit=self._limits.cell)
        if self._row_length > self._limits.row:
            raise RowTooLong(row=self._row, sheet=self._sheet, limit=self._limits.row)

    def _value(self, text: str) -> Value:
        kind = self._type
        if kind == "s":
            try:
                return self._shared[int(text)]
            except (IndexError, ValueError, UnicodeDecodeError) as error:
                raise BrokenFile(part=f"{self._sheet} {self._letters}{self._row}") from error
        if kind == "n":
            return self._formats.value(text, self._style) if text else ""
        if kind == "b":
            return text.strip() in ("1", "true")
        if kind == "e":
            return CellError(text)
        return from_iso(text) if kind == "d" else unescaped(text)

    def _end_row(self) -> None:
        if self._cells:
            self._hidden += self._is_hidden and self._row > 1
            self._rows.append(Row(self._row, self._cells, self._is_hidden))
