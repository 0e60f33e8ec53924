"""Rows of fields as a workbook in the official layout, or as CSV: what `surveying` and `cells` read back as the same values.

Nothing clear comes onto a disk: libraries that write large workbooks do so through temporary files, or hold every cell. So the
library makes the workbook without its rows, and these are streamed into it here. Rows are held packed until all are known.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, BinaryIO, Final
from xml.sax.saxutils import escape

import xlsxwriter
from django.utils.translation import gettext_lazy as _

from amanat.exchange import official
from amanat.exchange.answers import official as official_answer
from amanat.exchange.cells import FlatRow
from amanat.exchange.guarding import guarded
from amanat.exchange.mapping import JOINS, also_name
from amanat.exchange.rows import LETTERS
from amanat.packs import Field, Pack
from amanat.packs.records import parted
from amanat.web.errors import PersonFacingError

ALSO_IN_THE_SOURCE: Final = "also_in_the_source"
"""The key of a flat row under which texts stand that no field takes, by header."""

FURTHER: Final = "Further fields"

_LIST: Final = "; "
_LONGEST: Final = 32_767  # letters that Excel takes in a cell
_DAY_FORMAT: Final = "yyyy-mm-dd"
_FIRST_DAY: Final = "1900-03-01"  # before it, spreadsheet programs disagree about the serial number
_ZERO: Final = date(1899, 12, 30)

Cell = str | int | float | bool | date | None


class TooLongForExcel(PersonFacingError):
    """A text that a workbook cannot hold."""

    def __init__(self, cell: str, label: str) -> None:
        super().__init__(
            _("“%(label)s” is longer than a workbook can hold (cell %(cell)s).") % {"label": label, "cell": cell},
            _("Export it as CSV."),
        )


class TooWide(PersonFacingError):
    """More columns than are read back: many records, or many headers of other files."""

    def __init__(self) -> None:
        super().__init__(
            _("These children need more columns than a workbook here can have."),
            _("Bring out fewer children at once, or as a table."),
        )


@dataclass(frozen=True, slots=True)
class _Column:
    """A column to write: what stands over it, where its value is in a flat row, and how it is written."""

    name: str
    label: str
    take: Callable[[FlatRow], Any]
    write: Callable[[Any], Cell]


def write_workbook(out: BinaryIO, rows: Iterable[FlatRow], pack: Pack) -> int:
    """Write XLSX and give the number of rows.

    The first sheet is that of the official workbooks; the second has all other fields, later records of sections that repeat
    (`hte_City_2`), and what no field takes. Both have the number of the row in column A.

    Raises:
        TooLongForExcel, TooWide: nothing usable was written.
        UnknownField: a row has a key that is no field of the pack.
    """
    held = _Held(rows)
    first = [_column(name, label, field, pack, _shown) for name, label, field in official.COLUMNS]
    rest = [
        *(_column(key, _label(key, pack), key, pack, _shown) for key in _further_keys(held, pack)),
        *(_Column(also_name(part), header, _also(part, header), str) for part, header in held.also),
    ]
    if len(rest) >= len(LETTERS):
        raise TooWide
    with zipfile.ZipFile(_skeleton(first, rest)) as empty, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as full:
        for info in empty.infolist():
            columns = {"xl/worksheets/sheet1.xml": first, "xl/worksheets/sheet2.xml": rest}.get(info.filename)
            with full.open(info.filename, "w") as part:
                if columns is None:
                    part.write(empty.read(info))
                else:
                    for piece in _filled(empty.read(info).decode(), columns, held):
                        part.write(piece.encode())
    return held.count


def write_csv(out: BinaryIO, rows: Iterable[FlatRow], pack: Pack) -> int:
    """Write CSV with every field by its name, in UTF-8 with a mark, and give the number of rows. Values are codes of HTCDS."""
    held = _Held(rows)
    keys = [*(field for _name, _label_, field in official.COLUMNS), *_further_keys(held, pack)]
    columns = [_column(key, key, key, pack, _coded) for key in keys]
    columns += [_Column(also_name(part, header), header, _also(part, header), str) for part, header in held.also]
    text = io.TextIOWrapper(out, "utf-8-sig", errors="replace", newline="")
    writer = csv.writer(text)
    writer.writerow([guarded(column.name) for column in columns])
    for row in held:
        writer.writerow([_csv_cell(column.write(column.take(row))) for column in columns])
    text.flush()
    text.detach()
    return held.count


class _Held:
    """All rows, packed: which columns there are is known only after the last."""

    def __init__(self, rows: Iterable[FlatRow]) -> None:
        packer = zlib.compressobj(1)
        pieces = []
        keys: dict[str, None] = {}
        also: dict[tuple[str, str], None] = {}
        self.count = 0
        for row in rows:
            self.count += 1
            keys |= dict.fromkeys(row)
            for part, texts in row.get(ALSO_IN_THE_SOURCE, {}).items():
                also |= dict.fromkeys((part, header) for header in texts)
            pieces.append(packer.compress(json.dumps(row).encode() + b"\n"))
        pieces.append(packer.flush())
        keys.pop(ALSO_IN_THE_SOURCE, None)
        self._packed = b"".join(pieces)
        self.keys, self.also = list(keys), list(also)

    def __iter__(self) -> Iterator[FlatRow]:
        unpacker, line = zlib.decompressobj(), b""
        for start in range(0, len(self._packed), 1 << 14):
            line += unpacker.decompress(self._packed[start : start + (1 << 14)])
            *lines, line = line.split(b"\n")
            yield from map(json.loads, lines)


def _further_keys(held: _Held, pack: Pack) -> list[str]:
    """Every field that the official sheet lacks, each followed by its later records as far as there are any."""
    fields = {
        field.name: at for at, field in enumerate(field for section in pack.sections() for field in section.fields)
    }
    shown = {field for _name, _label_, field in official.COLUMNS}
    keys = {*fields, *held.keys} - shown

    def place(key: str) -> tuple[int, int]:
        name, record = parted(key)
        pack.field(name)
        return (record, fields[name])

    return sorted(keys, key=place)


def _column(
    name: str, label: str, key: str, pack: Pack, way: Callable[[Field, Pack], Callable[[Any], Cell]]
) -> _Column:
    return _Column(name, label, lambda row: row.get(key), way(pack.field(parted(key)[0]), pack))


def _also(part: str, header: str) -> Callable[[FlatRow], Any]:
    return lambda row: row.get(ALSO_IN_THE_SOURCE, {}).get(part, {}).get(header, "")


def _label(key: str, pack: Pack) -> str:
    name, record = parted(key)
    field = pack.field(name)
    label = field.official_label or field.label.text("en")
    return f"{label} ({record})" if record > 1 else label


def _shown(field: Field, pack: Pack) -> Callable[[Any], Cell]:
    """How the official workbooks write a field: labels, names of countries, days as days."""
    match field.type:
        case "choice" | "choices":
            codes = pack.codes(field.codes)
            return _one_or_several(lambda code: official_answer(codes[code]) if code in codes else code)
        case "country" | "countries":
            return _one_or_several(pack.countries.official)
        case "date":
            return lambda day: date.fromisoformat(day) if day and len(day) == 10 and day >= _FIRST_DAY else day
    return _coded(field, pack)


def _coded(field: Field, pack: Pack) -> Callable[[Any], Cell]:
    """How programs write a field: by code."""
    match field.type:
        case "choice" | "choices":
            codes = pack.codes(field.codes)
            return _one_or_several(lambda code: (codes[code].htcds or code) if code in codes else code)
        case "countries":
            return _one_or_several(str)
        case "language":
            return _one_or_several(pack.languages.official)
    return lambda value: value


def _one_or_several(write: Callable[[str], str]) -> Callable[[Any], Cell]:
    def written(value: Any) -> Cell:
        if not value:
            return None
        return _LIST.join(map(write, value)) if isinstance(value, list) else write(value)

    return written


def _csv_cell(value: Cell) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")  # never 1e-05, which few read
    return guarded(value) if isinstance(value, str) else "" if value is None else str(value)


def _skeleton(first: list[_Column], rest: list[_Column]) -> io.BytesIO:
    """The workbook without its rows. It holds headers and no word about anybody."""
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    head = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": _DAY_FORMAT})
    for name, corner, columns in ((official.SHEET, "", first), (FURTHER, JOINS, rest)):
        sheet = book.add_worksheet(name)
        sheet.set_row(0, options={"hidden": True})
        sheet.set_column(1, len(columns), 18)
        sheet.freeze_panes(2, 1)
        sheet.write(0, 0, corner, day)  # so that the format has its number: see `_filled`
        for at, column in enumerate(columns, 1):
            if column.name:
                sheet.write_string(0, at, column.name)
            sheet.write_string(1, at, column.label, head)
    book.close()
    file.seek(0)
    return file


def _filled(sheet: str, columns: list[_Column], held: _Held) -> Iterator[str]:
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
