"""The official HTCDS files, read from beside the project and never copied into it; `ROWS` of a sheet by its name."""

import csv
import os
from pathlib import Path

import pytest
from python_calamine import CalamineWorkbook

SHARED = Path(__file__).resolve().parents[5] / "shared"
HTCDS = SHARED / "standards" / "htcds"
PLAIN = HTCDS / "Toolkit" / "Excel" / "HTCDS Excel Spreadsheet v2.0.xlsx"
SINGLE = HTCDS / "Toolkit" / "Excel" / "HTCDS Excel Spreadsheet single select with validation v2.0.xlsx"
MULTI = HTCDS / "Toolkit" / "Excel" / "HTCDS Excel Spreadsheet multi select with validation v2.0.xlsm"
XLSFORM = HTCDS / "Toolkit" / "Survey" / "htcds_xlsform.xlsx"
FIELD_STANDARDS = HTCDS / "HTCDS Field Standards 2.0.ods"
FIELDS_CSV = SHARED / "research" / "htcds_fields.csv"

Row = list[str]


def needed(path: Path) -> Path:
    """Give the path; where it is absent the test is left out with the reason, and fails where all must be there."""
    if not path.is_file():
        reason = f"The official file {path.name} is not beside the project."
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    return path


def sheet(path: Path, name: str) -> list[Row]:
    """Give the rows of a sheet as texts, empty cells as empty texts."""
    rows = CalamineWorkbook.from_path(str(needed(path))).get_sheet_by_name(name).to_python(skip_empty_area=False)
    return [[str(cell) for cell in row] for row in rows]


def field_standards() -> dict[str, dict[str, str]]:
    """Give the rows of the normative sheet by field name, each by column header; example questions are left out."""
    header, *rows = sheet(FIELD_STANDARDS, "Field_Standards")
    found = {row[6]: dict(zip(header, row, strict=True)) for row in rows}
    return {name: row for name, row in found.items() if name not in ("", "N/A")}


def fields_csv() -> dict[str, dict[str, str]]:
    """Give the rows of the research table of the fields by name."""
    with needed(FIELDS_CSV).open(encoding="utf-8", newline="") as file:
        return {row["name"]: row for row in csv.DictReader(file)}


def lines(cell: str) -> list[str]:
    """Give the lines of a cell without the spaces around them (some are no-break spaces)."""
    return [line.strip() for line in cell.splitlines() if line.strip()]
