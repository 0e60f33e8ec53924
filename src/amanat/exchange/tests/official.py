"""The official HTCDS 2.0 workbooks, filled for a test. They are read from where the standard lies and are not copied into the project."""

from __future__ import annotations

import io
import os
import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal
from xml.etree import ElementTree

import pytest

Kind = Literal["plain", "single", "multi"]

STANDARD = Path(__file__).parents[5] / "shared" / "standards" / "htcds"
FILES = {
    "plain": "HTCDS Excel Spreadsheet v2.0.xlsx",
    "single": "HTCDS Excel Spreadsheet single select with validation v2.0.xlsx",
    "multi": "HTCDS Excel Spreadsheet multi select with validation v2.0.xlsm",
}
FIRST = 3
"""The number of the first row with data."""

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET = "xl/worksheets/sheet1.xml"
_DAY_STYLE = "2"  # the format of a day in all three files


def path_of(kind: Kind) -> Path:
    """Where an official workbook lies. Without it the test is skipped; in CI it fails."""
    return found(STANDARD / "Toolkit" / "Excel" / FILES[kind])


def found(path: Path) -> Path:
    """A file of the standard, or a skip."""
    if not path.exists():
        if os.environ.get("CI"):
            pytest.fail(f"The HTCDS standard is not here: {path.name}")
        pytest.skip("The HTCDS standard is not beside this project")
    return path


def filled(kind: Kind, rows: Sequence[Mapping[str, object]]) -> bytes:
    """A copy of an official workbook with rows of values (text, number, day, yes or no) by column letters."""
    out = io.BytesIO()
    with zipfile.ZipFile(path_of(kind)) as empty, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as full:
        for info in empty.infolist():
            part = empty.read(info)
            full.writestr(info.filename, _with_rows(part, rows) if info.filename == _SHEET else part)
    return out.getvalue()


def _with_rows(sheet: bytes, rows: Sequence[Mapping[str, object]]) -> bytes:
    for prefix, uri in re.findall(rb'xmlns:?(\w*)="([^"]+)"', sheet):
        ElementTree.register_namespace(prefix.decode(), uri.decode())
    root = ElementTree.fromstring(sheet)
    data = root.find(f"{{{_MAIN}}}sheetData")
    assert data is not None
    there = {row.get("r"): row for row in data}
    for number, values in enumerate(rows, FIRST):
        row = there.get(str(number))
        if row is None:
            row = ElementTree.SubElement(data, f"{{{_MAIN}}}row", {"r": str(number)})
        cells = {str(cell.get("r")): cell for cell in row}
        for letters, value in values.items():
            cells[f"{letters}{number}"] = _cell(f"{letters}{number}", value)
        row[:] = [cells[reference] for reference in sorted(cells, key=lambda reference: (len(reference), reference))]
    whole: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return whole


def _cell(reference: str, value: object) -> ElementTree.Element:
    cell = ElementTree.Element(f"{{{_MAIN}}}c", {"r": reference})
    if isinstance(value, str):
        cell.set("t", "inlineStr")
        ElementTree.SubElement(ElementTree.SubElement(cell, f"{{{_MAIN}}}is"), f"{{{_MAIN}}}t").text = value
        return cell
    text = str(value)
    if isinstance(value, bool):
        cell.set("t", "b")
        text = str(int(value))
    elif isinstance(value, date):
        cell.set("s", _DAY_STYLE)
        text = str((value - date(1899, 12, 30)).days)
    ElementTree.SubElement(cell, f"{{{_MAIN}}}v").text = text
    return cell
