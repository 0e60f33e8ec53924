"""A file is read as a stream: four times the rows take no more memory."""

from __future__ import annotations

import io
import tracemalloc
from collections.abc import Callable
from typing import Any

import pytest

from amanat import packs
from amanat.exchange import official
from amanat.exchange.cells import FlatRow, RowReader
from amanat.exchange.mapping import records
from amanat.exchange.separated import write_csv
from amanat.exchange.surveying import propose
from amanat.exchange.tables import open_tables
from amanat.exchange.tests.books import TODAY
from amanat.exchange.writing import write_workbook

ROWS = 4_000  # tracing makes reading ten times as slow
COLUMNS = [packs.current().field(field) for _name, _label, field in official.COLUMNS]


def something(field: packs.Field) -> Any:
    """A value of a field's type."""
    if field.type in ("choice", "choices"):
        code = packs.current().codes(field.codes).codes[0].code
        return code if field.type == "choice" else [code]
    told = {"date": "2012-04-05", "number": 3, "geolocation": 3, "checkbox": True, "country": "TM", "countries": ["TM"]}
    return told.get(field.type, "tk" if field.type == "language" else "Some words")


def written(write: Callable[..., int]) -> bytes:
    """So many rows of the official columns, every cell of each filled."""
    row: FlatRow = {field.name: something(field) for field in COLUMNS}
    out = io.BytesIO()
    write(out, (row for _row in range(ROWS)), packs.current())
    return out.getvalue()


@pytest.mark.parametrize("write", [write_csv, write_workbook])
def test_reading_four_times_the_rows_takes_no_more_memory(write):
    """Kept row by row, these would take twenty times what reading takes."""
    content, pack, peaks = written(write), packs.current(), []
    tracemalloc.start()
    try:
        with open_tables(io.BytesIO(content)) as tables:
            mapping = propose(tables, pack).mapping
            reader = RowReader(mapping, pack, TODAY)
            for number, record in enumerate(records(tables, mapping), 1):
                assert not reader.read(record).faults
                if number in (ROWS // 4, ROWS):
                    peaks.append(tracemalloc.get_traced_memory()[1])
    finally:
        tracemalloc.stop()
    assert len(COLUMNS) == 38
    assert peaks[1] < 1.1 * peaks[0], peaks
