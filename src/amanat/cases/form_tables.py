"""The records of a form of one child as a table: a row a record, a column a question, answers of parts that the actor sees.

Nothing clear comes onto a disk, and no cell is a formula to a spreadsheet.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.forms.records import Reading
from amanat.web.guarding import guarded

LONGEST: Final = 32_767  # letters that Excel takes in a cell
KINDS: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def table_of(readings: Iterable[Reading]) -> list[list[str]]:
    """Headings, then the rows. A question is named by its place in the form, so that two versions stand in one column."""
    records = [(_about(reading), _answers(reading)) for reading in readings]
    columns = list(dict.fromkeys(path for _told, answers in records for path in answers))
    head = [_("Record"), _("Form version"), _("Filled in"), _("By"), *columns]
    return [head, *([*told, *(answers.get(path, "") for path in columns)] for told, answers in records)]


def _about(reading: Reading) -> list[str]:
    record = reading.record
    at = timezone.localtime(record.recorded_at).strftime("%Y-%m-%d %H:%M")
    return [str(record.number), record.form_version.version, at, record.recorded_by.user.display_name]


def _answers(reading: Reading) -> dict[str, str]:
    return {answer.path: answer.value for answer in reading.answers}


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([guarded(cell) for cell in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(rows: Sequence[Sequence[str]]) -> bytes:
    file = io.BytesIO()
    book = xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 1)
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            sheet.write_string(number, column, cell[:LONGEST])
    book.close()
    return file.getvalue()
