"""Which column of a file is which field: plain data that a person can correct, and the rows of the file under it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from functools import cache
from typing import Any, Final, Self

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from amanat.access.labels import PART_LABELS
from amanat.access.policy import Part
from amanat.exchange.errors import SheetsApart
from amanat.exchange.rows import Row, Value
from amanat.exchange.tables import Tables
from amanat.packs.records import parted

ROW_NUMBER: Final = "#"
"""What a column is that only counts the rows: not a field, and nothing to keep."""

JOINS: Final = "amanat_row"
"""Stands in the first cell of a sheet of our exports whose rows go on with those of the sheet before, by row number."""

REPEATS: Final = "amanat_repeats"
"""Stands over a column of such a sheet that only says to a person whose row it is; the sheet before has the value that counts."""

ALSO: Final = "amanat_also"
"""Stands over a column of our exports that no field took when it was read; with the part that it is kept in, if not narrative."""

_ALSO: Final = re.compile(rf"{ALSO}(?:\.(?P<part>[a-z_]+))?(?:: (?P<header>.*))?", re.DOTALL)


def also_name(part: str, header: str = "") -> str:
    """Give the name of such a column, before its header where both stand in one cell."""
    name = ALSO if part == Part.NARRATIVE else f"{ALSO}.{part}"
    return f"{name}: {header}" if header else name


def also_header(name: str) -> str:
    """Give the header in the name of such a column; any other name as it is."""
    found = _ALSO.fullmatch(name)
    return (found["header"] or "") if found else name


def also_heading(part: str, header: str, language: str) -> str:
    """The same name in words, for a person's table."""
    with override(language):
        if part == Part.NARRATIVE:
            return _("Also in the source: %(header)s") % {"header": header}
        return _("Also in the source (%(part)s): %(header)s") % {"part": PART_LABELS[Part(part)], "header": header}


def also_named(heading: str) -> str:
    """Give the name that a heading says, in itself or in the words of any language; "" if it is of no such column."""
    if heading.startswith(ALSO):
        return heading
    found = next((said for said in _also_headings() if heading.startswith(said)), "")
    return also_name(_also_headings()[found], heading.removeprefix(found)) if found else ""


@cache
def _also_headings() -> dict[str, str]:
    """The part by how such headings begin, in every language."""
    return {also_heading(part, "", language): part for part in PART_LABELS for language, _name in settings.LANGUAGES}


def unnamed(letters: str) -> str:
    """Give the title of a column that has none in the file."""
    return _("Column %(letters)s") % {"letters": letters}


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `field`: the key of a flat row, `ROW_NUMBER`, or "" to keep it as also in the source.

    `part`: 0, or 1 on the sheet that goes on with the first. `header`: its label; `name`: what stands in the row of names.
    `title`: what it is called, unlike all others. `how` the field was found: name, misspelt, near, label, counts, person or "".
    `order`: `dates.MONTH_FIRST` where its days stand so.
    """

    letters: str
    title: str
    field: str = ""
    part: int = 0
    sheet: str = ""
    header: str = ""
    name: str = ""
    how: str = ""
    order: str = ""

    @property
    def field_name(self) -> str:
        """The name of the field, without the number of a record."""
        return parted(self.field)[0]

    @property
    def kept_as(self) -> str:
        """The header under which its text is kept where no field takes it; the old one, where one of our exports brings it back."""
        found = _ALSO.fullmatch(self.name)
        return (found["header"] or self.header) if found else self.title

    @property
    def kept_in(self) -> str:
        """The part in which its text was kept, where one of our exports brings it back and says so."""
        found = _ALSO.fullmatch(self.name)
        return (found["part"] or "") if found else ""


@dataclass(frozen=True, slots=True)
class Mapping:
    """The columns of a file. `sheets`: (name, number of the first row with data) of the sheet, and of one that goes on with it.

    `fingerprint`: the same for files with the same headers in the same columns; "" without headers. `from_1904`: how bare
    serial numbers count.
    """

    sheets: tuple[tuple[str, int], ...]
    columns: tuple[Column, ...]
    fingerprint: str = ""
    from_1904: bool = False

    @property
    def used(self) -> list[Column]:
        """Columns to read: all but those that count the rows."""
        return [column for column in self.columns if column.field != ROW_NUMBER]

    @property
    def fields(self) -> dict[str, Column]:
        """Columns by the field that they are."""
        return {column.field: column for column in self.used if column.field}

    def corrected(self, letters: str, field: str, *, part: int = 0, order: str | None = None) -> Self:
        """Give the mapping in which a person has said what a column is. A field that another column was goes from there."""

        def mended(column: Column) -> Column:
            if (column.letters, column.part) == (letters, part):
                return replace(column, field=field, how="person", order=column.order if order is None else order)
            if field and field != ROW_NUMBER and column.field == field:
                return replace(column, field="", how="person")
            return column

        return replace(self, columns=tuple(mended(column) for column in self.columns))

    def decisions(self) -> dict[str, Any]:
        """Give as JSON what may outlive the file: what each column is, and nothing that stood in the file, not even its headers."""
        said = [[column.part, column.letters, column.field, column.how, column.order] for column in self.columns]
        return {"fingerprint": self.fingerprint, "columns": said}

    def remembering(self, decisions: dict[str, Any]) -> Self:
        """Give the mapping with what was decided (see `decisions`) for an earlier file with the same headers."""
        if not self.fingerprint or decisions["fingerprint"] != self.fingerprint:
            return self
        said = {(part, letters): known for part, letters, *known in decisions["columns"]}
        kept = (
            replace(column, field=known[0], how=known[1], order=known[2])
            if (known := said.get((column.part, column.letters)))
            else column
            for column in self.columns
        )
        return replace(self, columns=tuple(kept))

    def as_data(self) -> dict[str, Any]:
        """Give it as JSON."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: dict[str, Any]) -> Self:
        """Read what `as_data` gave, also after it was JSON."""
        sheets = tuple((str(name), int(first)) for name, first in data["sheets"])
        columns = tuple(Column(**column) for column in data["columns"])
        return cls(sheets, columns, data["fingerprint"], data["from_1904"])


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a file: the cells of its sheet, and of the sheet that goes on with it."""

    sheet: str
    number: int
    parts: tuple[dict[str, Value], dict[str, Value]]


_NOTHING: Final[dict[str, Value]] = {}


def records(tables: Tables, mapping: Mapping) -> Iterator[Record]:
    """Give the rows with data in the order of the file. Rows that only have their number are none.

    Raises:
        UnreadableFile: the file breaks off here.
    """
    sheets = {sheet.name: sheet for sheet in tables.sheets}
    (name, first), *others = mapping.sheets
    counting = {
        column.letters: column.how for column in mapping.columns if column.field == ROW_NUMBER and column.part == 0
    }
    rows = (row for row in tables.rows(sheets[name]) if row.number >= first)
    further = _Further(*others[0], tables) if others else None
    for row in rows:
        joined = further.of(row.cells.get("A")) if further else _NOTHING
        if joined or _says_something(row, counting):
            yield Record(name, row.number, (row.cells, joined))
    if further:
        further.finish()


def _says_something(row: Row, counting: dict[str, str]) -> bool:
    """A word in a column that counts says something too (`Total`), unless a person has left that column out."""
    for letters, value in row.cells.items():
        text = value.strip() if isinstance(value, str) else ""
        if letters not in counting:
            if text or not isinstance(value, str):
                return True
        elif text and not text.isdecimal() and counting[letters] == "counts":
            return True
    return False


class _Further:
    """The rows of the second sheet, taken one after the other as the first sheet asks for them by number.

    Both must be in the order of their numbers. That is checked to the end, so that nothing is joined wrongly or left behind.
    """

    def __init__(self, name: str, first: int, tables: Tables) -> None:
        sheet = next(sheet for sheet in tables.sheets if sheet.name == name)
        self._name = name
        self._rows = (row for row in tables.rows(sheet) if row.number >= first)
        self._asked = self._number = 0
        self._cells: dict[str, Value] = {}
        self._advance()

    def of(self, key: Value | None) -> dict[str, Value]:
        """Give the cells of the row with that number in its first column; none if there is no such row."""
        if not isinstance(key, int):
            return _NOTHING
        if key <= self._asked:
            raise SheetsApart(row=key, sheet=self._name)
        self._asked = key
        while self._cells and self._number < key:  # its row on the first sheet was deleted
            self._advance()
        if not self._cells or self._number != key:
            return _NOTHING
        found = {letters: value for letters, value in self._cells.items() if letters != "A"}
        self._advance()
        return found

    def finish(self) -> None:
        """Look at the rows that nobody asked for."""
        while self._cells:
            self._advance()

    def _advance(self) -> None:
        row = next(self._rows, None)
        self._cells = row.cells if row else {}
        if row:
            number = row.cells.get("A")
            if not isinstance(number, int) or number <= self._number:
                raise SheetsApart(row=row.number, sheet=self._name)
            self._number = number
