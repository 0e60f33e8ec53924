"""Free places as HSDS 3.1-dev writes them: two tables beside those of 3.0, for whoever reads them. Here they stand in columns of ours."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from typing import Final

from amanat.directory.leaving import leaving
from amanat.directory.packages.cells import csv_of, text_of
from amanat.directory.packages.naming import row_id

_UNIT: Final = str(row_id("amanat", "units", "place"))
_COLUMNS: Final = ("id", "service_id", "unit_id", "available", "maximum", "description", "updated")
FILES: Final = ("units.csv", "service_capacity.csv")


def tables(*, withheld: bool) -> Iterator[tuple[str, str]]:
    """The name and the text of each file; none where no free places are told."""
    rows = leaving("services", withheld=withheld).exclude(free_places=None).exclude(free_places_at=None).order_by("pk")
    told = [_row(*row) for row in rows.values_list("pk", "free_places", "places", "free_places_at").iterator()]
    if told:
        yield FILES[0], csv_of(("id", "name"), [{"id": _UNIT, "name": "Place"}])
        yield FILES[1], csv_of(_COLUMNS, told)


def _row(service: uuid.UUID, free: int, places: int | None, at: object) -> dict[str, str]:
    cells = {"available": text_of(free), "maximum": text_of(places), "updated": text_of(at)}
    return {
        "id": str(row_id("amanat", "service_capacity", str(service.int))),
        "service_id": str(service),
        "unit_id": _UNIT,
        "description": "",
        **cells,
    }
