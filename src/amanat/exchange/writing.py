"""Rows of fields as a workbook in the official layout: what `surveying` and `cells` read back as the same values.

Nothing clear comes onto a disk: libraries that write large workbooks do so through temporary files, or hold every cell. So the
library makes the workbook without its rows, and these are streamed into it here. Tables of text: see `separated`.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date
from typing import BinaryIO, Final
from xml.sax.saxutils import escape

import xlsxwriter
from django.utils.translation import gettext_lazy as _

from amanat.exchange import official
from amanat.exchange.answers import official as official_answer
from amanat.exchange.cells import FlatRow
from amanat.exchange.mapping import JOINS, REPEATS, also_name
from amanat.exchange.outgoing import (
    Column,
    Held,
    also_column,
    field_column,
    further_keys,
)
from amanat.exchange.rows import LETTERS
from amanat.exchange.whole_names import name_fields
from amanat.packs import Field, Pack
from amanat.packs.coding import Cell, Writing, coded, one_or_several
from amanat.packs.records import parted
from amanat.web.errors import PersonFacingError

FURTHER: Final = "Further fields"

_LONGEST: Final = 32_767  # letters that Excel takes in a cell
_DAY_FORMAT: Final = "yyyy-mm-dd"
_FIRST_DAY: Final = "1900-03-01"  # before it, spreadsheet programs disagree about the serial number
_ZERO: Final = date(1899, 12, 30)


class TooLongForExcel(PersonFacingError):
    """A text that a workbook cannot hold."""

    def __init__(self, cell: str, label: str) -> None:
        super().__init__(
            _("“%(label)s” is longer than a workbook can hold (cell %(cell)s).") % {"label": label, "cell": cell},
            _("Choose a table instead of a workbook."),
        )


class TooWide(PersonFacingError):
    """More columns than are read back: many records, or many headers of other files."""

    def __init__(self) -> None:
        super().__init__(
            _("These children need more columns than a workbook here can have."),
            _("Bring out fewer children at once, or as a table."),
        )


def write_workbook(out: BinaryIO, rows: Iterable[FlatRow], pack: Pack) -> int:
    """Write XLSX and give the number of rows.

    The first sheet is that of the official workbooks; the second has all other fields, later records of sections that repeat
    (`hte_City_2`), and what no field takes. Both have the number of the row in column A, and the name, as far as it leaves.

    Raises:
        TooLongForExcel, TooWide: nothing usable was written.
        UnknownField: a row has a key that is no field of the pack.
    """
    held = Held(rows)
    first = [field_column(name, label, field, pack, _shown) for name, label, field in official.COLUMNS]
    named = _naming(first, pack)
    rest = [
        *named,
        *(field_column(key, _label(key, pack), key, pack, _shown) for key in further_keys(held, pack)),
        *(also_column(also_name(part), header, part, header) for part, header in held.also),
    ]
    if len(rest) >= len(LETTERS):
        raise TooWide
    with (
        zipfile.ZipFile(_skeleton(first, rest, len(named))) as empty,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as full,
    ):
        for info in empty.infolist():
            columns = {"xl/worksheets/sheet1.xml": first, "xl/worksheets/sheet2.xml": rest}.get(info.filename)
            with full.open(info.filename, "w") as part:
                if columns is None:
                    part.write(empty.read(info))
                else:
                    for piece in _filled(empty.read(info).decode(), columns, held):
                        part.write(piece.encode())
    return held.count


def _naming(first: list[Column], pack: Pack) -> list[Column]:
    """The columns of the first sheet by which a person knows a row, to stand on the second sheet too."""
    names = {field for place, field in name_fields(pack).items() if place != "patronymic"}
    return [replace(column, name=REPEATS) for column in first if column.name in names]


def _label(key: str, pack: Pack) -> str:
    name, record = parted(key)
    field = pack.field(name)
    label = field.official_label or field.label.text("en")
    return f"{label} ({record})" if record > 1 else label


def _shown(field: Field, pack: Pack) -> Writing:
    """How the official workbooks write a field: labels, names of countries, days as days."""
    match field.type:
        case "choice" | "choices":
            codes = pack.codes(field.codes)
            return one_or_several(lambda code: official_answer(codes[code]) if code in codes else code)
        case "country" | "countries":
            return one_or_several(pack.countries.official)
        case "date":
            return lambda day: date.fromisoformat(day) if day and len(day) == 10 and day >= _FIRST_DAY else day
    return coded(field, pack)


def _skeleton(first: list[Column], rest: list[Column], naming: int) -> io.BytesIO:
    """The workbook without its rows. It holds headers and no word about anybody. `naming`: columns of `rest` that stay in view."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": _DAY_FORMAT})
    for name, corner, columns, stay in ((official.SHEET, "", first, 0), (FURTHER, JOINS, rest, naming)):
        sheet = book.add_worksheet(name)
        sheet.set_row(0, options={"hidden": True})
        sheet.set_column(1, len(columns), 18)
        sheet.freeze_panes(2, 1 + stay)
        sheet.write(0, 0, corner, day)  # so that the format has its number: see `_filled`
        for at, column in enumerate(columns, 1):
            if column.name:
                sheet.write_string(0, at, column.name)
            sheet.write_string(1, at, column.label, head)
    book.close()
    file.seek(0)
    return file


def _filled(sheet: str, columns: list[Column], held: Held) -> Iterator[str]:
    """The sheet's XML with the rows in it."""
    last = f"{LETTERS[len(columns)]}{held.count + 2}"
    sheet = re.sub(r'<dimension ref="[^"]*"/>', f'<dimension ref="A1:{last}"/>', sheet)
    before, after = sheet.split("</sheetData>")
    corner = re.search(r'<c r="A1" s="(\d+)"', before)
    assert corner
    yield before
    for number, row in enumerate(held, 1):
        cells = [f'<c r="A{number + 2}"><v>{number}</v></c>']
        for letters, column in zip(LETTERS[1 : len(columns) + 1], columns, strict=True):
            cells.append(_xml_cell(f"{letters}{number + 2}", column.write(column.take(row)), corner[1], column.label))
        yield f'<row r="{number + 2}">{"".join(cells)}</row>'
    yield f"</sheetData>{after}"


def _xml_cell(reference: str, value: Cell, day: str, label: str) -> str:
    match value:
        case None | "":
            return ""
        case bool():
            return f'<c r="{reference}" t="b"><v>{int(value)}</v></c>'
        case int() | float():
            return f'<c r="{reference}"><v>{value!r}</v></c>'
        case date():
            return f'<c r="{reference}" s="{day}"><v>{(value - _ZERO).days}</v></c>'
        case _:
            if len(value) > _LONGEST:
                raise TooLongForExcel(reference, label)
            return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{_escaped(value)}</t></is></c>'


_NOT_IN_XML: Final = re.compile(r"[\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def _escaped(text: str) -> str:
    """Signs that XML lacks stand as `_x000D_`, and so does an underscore that would begin such a sign."""
    return escape(_NOT_IN_XML.sub(lambda found: f"_x{ord(found[0]):04X}_", text))
