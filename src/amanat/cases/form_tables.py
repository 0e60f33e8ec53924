"""The records of a form as a table: a row a record, a column a question, answers of parts that the actor sees.

Nothing clear comes onto a disk, and no cell is a formula to a spreadsheet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

import xlsxwriter
from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.forms.records import Reading
from amanat.web.downloads import download
from amanat.web.errors import PersonFacingError
from amanat.web.guarding import guarded

LONGEST: Final = 32_767  # letters that Excel takes in a cell
WIDEST: Final = 16_384  # columns that it takes
KINDS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def kinds() -> list[tuple[str, str]]:
    return [("xlsx", _("Excel workbook")), ("csv", _("Table (CSV)"))]


def table_of(readings: Iterable[Reading]) -> list[list[str]]:
    """Headings, then the rows. A question is named by its place in the form, so that two versions stand in one column."""
    records = [(_about(reading), reading.said()) for reading in readings]
    columns = list(dict.fromkeys(path for _told, answers in records for path in answers))
    head = [_("Child"), _("Record"), _("Form version"), _("Filled in"), _("By"), *columns]
    return [head, *([*told, *(answers.get(path, "") for path in columns)] for told, answers in records)]


def _about(reading: Reading) -> list[str]:
    record = reading.record
    at = timezone.localtime(record.recorded_at).strftime("%Y-%m-%d %H:%M")
    by = record.recorded_by.user.display_name
    return [str(reading.file.row), str(record.number), record.form_version.version, at, by]


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    """Raises:
    PersonFacingError: it is more than such a workbook holds; nothing of an answer is left out without a word.
    """
    if len(rows[0]) > WIDEST or any(len(cell) > LONGEST for row in rows for cell in row):
        raise PersonFacingError(_("This table does not fit into an Excel workbook."), _("Take it out as CSV."))
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 1)
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell)
    book.close()
    return file.getvalue()


def answer(readings: Sequence[Reading], name: str, kind: str) -> HttpResponse:
    """The table as a file that no cache keeps."""
    rows = table_of(readings)
    content = as_csv(rows) if kind == "csv" else as_xlsx(rows)
    return download(content, f"{name}.{kind}", KINDS[kind])
