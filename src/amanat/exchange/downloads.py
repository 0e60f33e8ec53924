"""Files that leave: made in memory or while they are sent, never on a disk, and kept by no cache."""

from __future__ import annotations

import csv as tables
import io
from collections.abc import Iterable, Iterator

from django.db import transaction
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.http import content_disposition_header
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.access.verbs import log_line
from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.exchange import findings
from amanat.exchange.actions.exporting import Exported
from amanat.exchange.models import Import
from amanat.exchange.separated import FOR_PROGRAMS, Way, write_csv
from amanat.exchange.writing import write_workbook
from amanat.web.guarding import guarded

CSV = "text/csv; charset=utf-8"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

WORKBOOK = "xlsx"
KINDS = {WORKBOOK: "", "semicolons": ";", "commas": ",", "csv": ""}
"""What an export may be; of a table for a person's Excel, what parts its columns."""


def csv(rows: Iterable[Iterable[str]], name: str) -> HttpResponseBase:
    """A table as CSV, row by row."""
    return _as_file(StreamingHttpResponse(_csv(rows), content_type=CSV), name)


def export(exported: Exported) -> HttpResponseBase:
    """Children's files as the worker asked for them, in the language of the page where a table has words."""
    file, pack = io.BytesIO(), packs.current()
    separator = KINDS[exported.kind]
    if exported.kind == WORKBOOK:
        write_workbook(file, exported.rows, pack)
        return _as_file(HttpResponse(file.getvalue(), content_type=XLSX), "children.xlsx")
    write_csv(file, exported.rows, pack, Way(separator, get_language() or "en") if separator else FOR_PROGRAMS)
    return _as_file(HttpResponse(file.getvalue(), content_type=CSV), "children.csv")


def wrong_cells(held: Import, actor: Actor) -> HttpResponseBase:
    """The wrong cells of an import as CSV, made while it leaves; what stood in them leaves the house, so that is in the log."""
    told = f"import {held.pk}: its {findings.counts(held)['wrong']} wrong cells were downloaded"
    with transaction.atomic():
        recording.record(**log_line(actor, Verb.EXCHANGE_IMPORT, Outcome.READ, about=told))
    return csv(wrong_rows(held, actor), "wrong cells.csv")


def wrong_rows(held: Import, actor: Actor) -> Iterator[list[str]]:
    """The wrong cells of an import as rows of a table, with a header."""
    yield [_("Sheet"), _("Row"), _("Column"), _("What was read"), _("Why it is wrong"), _("How to mend it")]
    for cell in findings.every_wrong_cell(held, actor):
        yield [
            cell.sheet,
            str(cell.row),
            f"{cell.header} ({cell.column})",
            cell.read,
            cell.why,
            f"{cell.mend} {'; '.join(cell.answers)}".rstrip(),
        ]


def _csv(rows: Iterable[Iterable[str]]) -> Iterator[bytes]:
    line = io.StringIO()
    writer = tables.writer(line)
    yield b"\xef\xbb\xbf"  # Excel reads it as UTF-8 only with this
    for row in rows:
        writer.writerow([guarded(text) for text in row])
        yield line.getvalue().encode()
        line.seek(0)
        line.truncate()


def _as_file(answer: HttpResponseBase, name: str) -> HttpResponseBase:
    answer["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cache-Control"] = "no-store"
    answer.delete_cookie("awaited", samesite="Strict")  # the script looks for this (`tellWhenMade`)
    return answer
