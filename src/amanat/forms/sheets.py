"""Reading the sheets of a spreadsheet: `.md` tables as pyxform reads them, one-file `.csv`, `.xlsx`. What they mean: `workbooks`."""

from __future__ import annotations

import csv
import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from django.utils.translation import gettext as _

from amanat.forms.limits import LIMITS

SHEETS: Final = ("survey", "choices", "settings", "external_choices", "entities", "osm")
"""The sheets of a form; others are for its writers."""


BROKEN: Final = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, OSError, ValueError, KeyError, EOFError, RuntimeError)
"""What reading a zip may raise that is damaged, encrypted, or packed in a way that nobody uses."""


class UnreadableWorkbook(Exception):
    """A spreadsheet that can't be read: where, what and how to mend it."""

    def __init__(self, what: str, mend: str, where: str = "") -> None:
        super().__init__(what)
        self.what, self.mend, self.where = what, mend, where


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a sheet: its number in the file, and its cells by header, without those that are empty."""

    number: int
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its headers in their order, and the rows in which something stands."""

    headers: tuple[str, ...]
    rows: tuple[Row, ...]


Lines = Iterable[tuple[str, int, list[str]]]
"""Name of the sheet, number of the row, cells."""


def read_sheets(name: str, content: bytes) -> dict[str, Sheet]:
    """The sheets by lower-case name.

    Raises:
        UnreadableWorkbook: it is of no known kind, is damaged, or holds more than it may.
    """
    if len(content) > LIMITS.file:
        raise UnreadableWorkbook(
            _("It is larger than %(most)s MB.") % {"most": LIMITS.file >> 20},
            _("Take pictures out of it, or make two forms."),
        )
    match name.rsplit(".", 1)[-1].lower():
        case "md":
            lines = _md_lines(_text(content))
        case "csv":
            lines = _csv_lines(_text(content))
        case "xlsx":
            lines = _xlsx_lines(content)
        case _:
            raise UnreadableWorkbook(_("This is no form."), _("A form is a file that ends in .md, .csv or .xlsx."))
    return _gathered(lines)


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig").replace("\0", "")  # no database takes it
    except UnicodeDecodeError:
        raise UnreadableWorkbook(_("It is not written in UTF-8."), _("Save it as UTF-8.")) from None


def _gathered(lines: Lines) -> dict[str, Sheet]:
    headers: dict[str, list[str]] = {}
    rows: dict[str, list[Row]] = {}
    for sheet, number, cells in lines:
        while cells and not cells[-1]:
            cells.pop()
        if sheet not in headers:
            headers[sheet] = [_header(cell) for cell in cells]
            rows[sheet] = []
            continue
        _bound(sheet, number, cells, len(rows[sheet]))
        found = {header: cell for header, cell in zip(headers[sheet], cells, strict=False) if cell and header}
        if found:
            rows[sheet].append(Row(number, found))
    return {name: Sheet(tuple(h for h in headers[name] if h), tuple(rows[name])) for name in headers}


def _bound(sheet: str, number: int, cells: list[str], held: int) -> None:
    what = mend = ""
    if held >= LIMITS.rows:
        what = _("There are more than %(most)s rows.") % {"most": LIMITS.rows}
        mend = _("Put long lists of choices into a CSV file beside the form.")
    elif len(cells) > LIMITS.columns:
        what = _("There are more than %(most)s columns.") % {"most": LIMITS.columns}
        mend = _("Take away what is not needed.")
    elif any(len(cell) > LIMITS.cell for cell in cells):
        what, mend = _("A cell is longer than %(most)s letters.") % {"most": LIMITS.cell}, _("Shorten it.")
    if what:
        where = _("sheet %(sheet)s, row %(row)s") % {"sheet": sheet, "row": number}
        raise UnreadableWorkbook(what, mend, where)


def _header(cell: str) -> str:
    """Own columns, and those by which rows are told apart, in one way of writing; others as they stand."""
    name = cell.strip()
    lower = re.sub(r"\s*::\s*", "::", name).lower()
    if lower.startswith("amanat::"):
        own = re.sub(r"\s*::\s*", "::", name)
        return "::".join([part.lower() if place < 2 else part for place, part in enumerate(own.split("::"))])
    return lower if lower in ("type", "name", "list_name", "list name") else name


_ROW: Final = re.compile(r"^\s*\|(.*)\|?\s*$")
_COMMENT: Final = re.compile(r"^\s*#")
_AFTER: Final = re.compile(r"^(.*\|)\s*#[^|]*$")
_RULE: Final = re.compile(r"^[\s|:-]+$")
_PIPE: Final = re.compile(r"(?<!\\)\|")


def _md_lines(text: str) -> Iterator[tuple[str, int, list[str]]]:
    sheet = ""
    for number, line in enumerate(text.split("\n"), 1):
        line = line.rstrip("\r").rstrip()
        if after := _AFTER.match(line):
            line = after[1]
        if _COMMENT.match(line) or not line.lstrip().startswith("|"):
            continue
        inner = line.strip()[1:]
        inner = inner[:-1] if inner.endswith("|") and not inner.endswith("\\|") else inner
        if _RULE.match(inner) and "-" in inner:
            continue
        first, *cells = (cell.strip().replace("\\|", "|") for cell in _PIPE.split(inner))
        if first:
            sheet = first.lower()
        if sheet in SHEETS and any(cells):
            yield sheet, number, cells


def _csv_lines(text: str) -> Iterator[tuple[str, int, list[str]]]:
    delimiter = ";" if text[:5000].count(";") > text[:5000].count(",") else ","
    reader, sheet = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), ""
    try:
        for row in reader:
            if row and row[0].strip():
                sheet = row[0].strip().lower()
            cells = [cell.strip() for cell in row[1:]]
            if sheet in SHEETS and any(cells):
                yield sheet, reader.line_num, cells
    except csv.Error as error:
        raise UnreadableWorkbook(
            _("It is no CSV that can be read: %(why)s.") % {"why": error}, _("Save it again.")
        ) from None


def _xlsx_lines(content: bytes) -> Iterator[tuple[str, int, list[str]]]:
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(_repacked(content)))
        for name in book.sheet_names[:50]:
            if name.strip().lower() in SHEETS:
                for number, row in enumerate(book.get_sheet_by_name(name).to_python(skip_empty_area=False), 1):
                    cells = [_cell(value) for value in row]
                    if any(cells):
                        yield name.strip().lower(), number, cells
    except (CalamineError, *BROKEN) as error:
        what = _("It is no workbook that can be read: %(why)s.") % {"why": str(error)[:200].rstrip(".")}
        raise UnreadableWorkbook(what, _("Open it in your spreadsheet program and save it again as .xlsx.")) from None


_PLACE: Final = re.compile(rb"\br\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,9})[\"']")


def _repacked(content: bytes) -> bytes:
    """The same workbook with each part as large as it really is: what a zip says about itself may be a lie.

    A sheet is held whole by the library that reads it, so a cell far out would fill the memory.
    """
    new, total = io.BytesIO(), 0
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(new, "w") as packed:
        for part in old.infolist()[:2000]:
            if not part.filename.endswith((".xml", ".rels")):
                continue
            with old.open(part) as file:
                data = file.read(LIMITS.unpacked - total + 1)
            total += len(data)
            if total > LIMITS.unpacked:
                what = _("It unpacks to more than %(most)s MB.") % {"most": LIMITS.unpacked >> 20}
                raise UnreadableWorkbook(what, _("Copy the sheets into a new workbook."))
            _bound_places(part.filename, data)
            packed.writestr(part.filename, data)
    return new.getvalue()


def _bound_places(name: str, data: bytes) -> None:
    if "worksheets/" not in name:
        return
    places = set(_PLACE.findall(data))
    widest = max(places, key=lambda place: _number(place[0]), default=(b"A", b"1"))
    lowest = max(places, key=lambda place: int(place[1]), default=(b"A", b"1"))
    if int(lowest[1]) * _number(widest[0]) > LIMITS.cells:
        cells = ", ".join((column + row).decode() for column, row in (widest, lowest))
        what = _("Something stands far out, in cells %(cells)s.") % {"cells": cells}
        raise UnreadableWorkbook(what, _("Delete the empty rows and columns around the sheet."))


def _number(column: bytes) -> int:
    found = 0
    for letter in column.upper():
        found = found * 26 + letter - 64
    return found


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return str(int(value)) if value == int(value) else repr(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return str(value).replace("\u00a0", " ").strip()
