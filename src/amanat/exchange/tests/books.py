"""Small workbooks and rows made by hand for tests: the XML of a sheet as it is, so that odd and hostile ones can be written."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from xml.sax.saxutils import escape

from amanat import packs
from amanat.exchange.cells import RowRead, RowReader
from amanat.exchange.mapping import Mapping as Columns
from amanat.exchange.mapping import records
from amanat.exchange.rows import LETTERS, Row
from amanat.exchange.surveying import Proposal, propose
from amanat.exchange.tables import open_tables

TODAY = date(2026, 3, 1)

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'


def sheet(rows: str, before: str = "", after: str = "") -> str:
    """The XML of a sheet around its rows."""
    return f"<worksheet {_MAIN}>{before}<sheetData>{rows}</sheetData>{after}</worksheet>"


def texts(*rows: Iterable[str]) -> str:
    """Rows of text, from row 1 and column A."""
    return "".join(
        f'<row r="{number}">{"".join(text_cell(f"{LETTERS[at]}{number}", text) for at, text in enumerate(row) if text)}</row>'
        for number, row in enumerate(rows, 1)
    )


def text_cell(reference: str, text: str) -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t xml:space="preserve">{escape(text)}</t></is></c>'


def book(
    *sheets: str, styles: str = "", shared: str = "", from_1904: bool = False, extra: Mapping[str, bytes] | None = None
) -> bytes:
    """A workbook of these sheets, called S1, S2 …"""
    numbers = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="S{number}" sheetId="{number}" r:id="rId{number}"/>' for number in numbers)
    related = "".join(_relation(f"rId{number}", "worksheet", f"worksheets/sheet{number}.xml") for number in numbers)
    parts: dict[str, str | bytes] = {
        "_rels/.rels": f"<Relationships {_PACKAGE}>{_relation('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>",
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><workbookPr date1904="{int(from_1904)}"/>'
        f"<sheets>{listed}</sheets></workbook>",
    }
    if styles:
        parts["xl/styles.xml"] = f"<styleSheet {_MAIN}>{styles}</styleSheet>"
        related += _relation("rIdStyles", "styles", "styles.xml")
    if shared:
        parts["xl/sharedStrings.xml"] = f"<sst {_MAIN}>{shared}</sst>"
        related += _relation("rIdShared", "sharedStrings", "sharedStrings.xml")
    parts["xl/_rels/workbook.xml.rels"] = f"<Relationships {_PACKAGE}>{related}</Relationships>"
    parts |= {f"xl/worksheets/sheet{number}.xml": xml for number, xml in enumerate(sheets, 1)}
    return zipped(parts | dict(extra or {}))


def _relation(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{_OFFICE}/{kind}" Target="{target}"/>'


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return out.getvalue()


def rows_of(content: bytes, **options: Any) -> list[Row]:
    """All rows of all sheets."""
    with open_tables(io.BytesIO(content), **options) as tables:
        return [row for each in tables.sheets for row in tables.rows(each)]


def told(content: bytes, **options: Any) -> list[str]:
    """The codes of the notices once all was read."""
    with open_tables(io.BytesIO(content), **options) as tables:
        for each in tables.sheets:
            list(tables.rows(each))
        return [notice.code for notice in tables.notices]


def proposed(content: bytes) -> Proposal:
    with open_tables(io.BytesIO(content)) as tables:
        return propose(tables, packs.current())


def read(content: bytes, mapping: Columns | None = None) -> list[RowRead]:
    """The rows of a file as its proposed mapping, or the given one, reads them."""
    with open_tables(io.BytesIO(content)) as tables:
        mapping = mapping or propose(tables, packs.current()).mapping
        reader = RowReader(mapping, packs.current(), TODAY)
        return [reader.read(record) for record in records(tables, mapping)]


def csv(*lines: str) -> bytes:
    return "\n".join(lines).encode()
