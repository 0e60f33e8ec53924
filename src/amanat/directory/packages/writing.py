"""The directory as a package of HSDS 3.0: its tables as CSV in a .zip with a `datapackage.json`, or organisations with all that
belongs to them as JSON. Both are made while they leave, page by page; a confidential place is in neither."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from django.db.models import QuerySet

from amanat.directory.leaving import hidden, leaving
from amanat.directory.nesting import FULL, Nesting
from amanat.directory.packages import capacity
from amanat.directory.packages.cells import ORDER, cells_of
from amanat.packs.bundles import OLD
from amanat.packs.hsds import OWN, TABLES, Column
from amanat.packs.hsds_rows import SOURCE, VERIFIED

AT_ONCE: Final = 500  # rows that are held in memory
_TYPES: Final = {"number": "number", "whole": "number", "date": "date", "datetime": "datetime"}


class _Sink(io.RawIOBase):
    """Takes what the archive writes, until somebody asks for it."""

    def __init__(self) -> None:
        self._held: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, some: Any) -> int:
        self._held.append(bytes(some))
        return len(some)

    def taken(self) -> bytes:
        some, self._held = b"".join(self._held), []
        return some


def tabular(*, withheld: bool) -> Iterator[bytes]:
    """The .zip, piece by piece."""
    sink, told = _Sink(), []
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in ORDER:
            columns = _columns(table, withheld)
            if not columns:
                continue
            told.append(_resource(table, columns))
            with archive.open(zipfile.ZipInfo(f"{table}.csv", OLD), "w") as file:
                for lines in _lines(table, columns, withheld):
                    file.write(lines)
                    yield sink.taken()
        for name, text in capacity.tables(withheld=withheld):
            archive.writestr(zipfile.ZipInfo(name, OLD), text)
        archive.writestr(zipfile.ZipInfo("datapackage.json", OLD), json.dumps(_about(told), indent=1))
    yield sink.taken()


def _lines(table: str, columns: list[str], withheld: bool) -> Iterator[bytes]:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    above = _not_leaving(table, withheld)
    for row in _rows(table, withheld):
        cells = cells_of(table, row)
        writer.writerow({name: text for name, text in cells.items() if not (name in above and text in above[name])})
        if out.tell() > 1 << 16:
            yield out.getvalue().encode()
            out.seek(0)
            out.truncate()
    yield out.getvalue().encode()


def _not_leaving(table: str, withheld: bool) -> dict[str, set[str]]:
    """Of columns that name a row of the same table: whom none may name, for it stays here."""
    own = [column.name for column in TABLES[table].values() if column.link == table]
    kept = {str(pk) for pk in hidden(table, withheld=withheld).values_list("pk", flat=True)} if own else set()
    return dict.fromkeys(own, kept)


def _rows(table: str, withheld: bool) -> Iterator[Any]:
    """All, in the order of their keys, a page at a time."""
    rows = leaving(table, withheld=withheld)
    if table == "services":
        rows = rows.prefetch_related("needs")
    for page in _pages(rows, AT_ONCE):
        yield from page


def _pages(rows: QuerySet[Any], size: int) -> Iterator[list[Any]]:
    rows, last = rows.order_by("pk"), None
    while page := list((rows.filter(pk__gt=last) if last else rows)[:size]):
        yield page
        if len(page) < size:
            return
        last = page[-1].pk


def _columns(table: str, withheld: bool) -> list[str]:
    """Those of the standard, ours, and each text in each language in which any row has it; none where no row leaves."""
    languages: set[tuple[str, str]] = set()
    texts = None
    for texts in leaving(table, withheld=withheld).values_list("texts", flat=True).iterator(chunk_size=AT_ONCE):
        languages |= {(column, language) for column, told in texts.items() for language in told}
    if texts is None:
        return []
    named = [f"{SOURCE if column == 'source' else column}::{language}" for column, language in sorted(languages)]
    return [*TABLES[table], *OWN.get(table, {}), SOURCE, VERIFIED, *named]


def _about(resources: list[dict[str, Any]]) -> dict[str, Any]:
    """As the standard's own `datapackage.json` says it, with the columns that are not of the standard told as ours."""
    return {
        "name": "human_services_data",
        "profile": "tabular-data-package",
        "version": "3.0.0",
        "homepage": "https://docs.openreferral.org",
        "description": "HSDS 3.0. Columns with :: are not of the standard: translations, and what Amanat adds (amanat::).",
        "resources": resources,
    }


def _resource(table: str, columns: list[str]) -> dict[str, Any]:
    known = TABLES[table]
    links = [
        {"fields": one.name, "reference": {"resource": one.link, "fields": "id"}} for one in known.values() if one.link
    ]
    schema: dict[str, Any] = {"fields": [_field(name, known.get(name)) for name in columns], "primaryKey": "id"}
    if links:
        schema["foreignKeys"] = links
    return {
        "name": table,
        "path": f"{table}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(name: str, column: Column | None) -> dict[str, Any]:
    told: dict[str, Any] = {"name": name, "type": _TYPES.get(column.kind, "string") if column else "string"}
    if column and column.needed:
        told["constraints"] = {"required": True}
    return told


def nested(*, withheld: bool) -> Iterator[bytes]:
    """A list of organisations, each with its services; in the columns of the standard only."""
    yield b"["
    comma = ""
    kept = set(hidden("organizations", withheld=withheld).values_list("pk", flat=True))
    for page in _pages(leaving("organizations", withheld=withheld), 50):
        nesting = Nesting(lambda table, which: leaving(table, withheld=withheld).filter(which), FULL["organizations"])
        nesting.load("organizations", page)
        for row in page:
            told = nesting.whole("organizations", row.pk)
            if row.parent_organization_id in kept:
                told.pop("parent_organization_id", None)
            yield f"{comma}\n{json.dumps(told, ensure_ascii=False)}".encode()
            comma = ","
    yield b"\n]\n"


WAYS: Final[Mapping[str, Callable[..., Iterator[bytes]]]] = {"zip": tabular, "json": nested}
"""What an export may be."""
