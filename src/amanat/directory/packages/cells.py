"""Cells of a table and fields of a row: one from the other, both ways. Texts that a table shows are not guarded against spreadsheet
programs: a package is read by programs, and has to come back as it went."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final
from uuid import UUID

from amanat.directory import models
from amanat.directory.packages.naming import as_uuid, row_id
from amanat.directory.packages.trees import ENTITIES
from amanat.directory.serializing import MODELS as READ_MODELS
from amanat.directory.serializing import field_of
from amanat.packs.hsds import OWN, TABLES, Column
from amanat.packs.hsds_rows import SOURCE, VERIFIED

MODELS: Final[Mapping[str, type[Any]]] = {
    **READ_MODELS,
    "metadata": models.Metadata,
    "meta_table_descriptions": models.MetaTableDescription,
}
"""By the name of the table, all that a package may hold."""
ORDER: Final = (
    "organizations",
    "programs",
    "services",
    "locations",
    "service_at_location",
    "contacts",
    "phones",
    "addresses",
    "schedules",
    "funding",
    "service_areas",
    "required_documents",
    "languages",
    "accessibility",
    "cost_options",
    "organization_identifiers",
    "taxonomies",
    "taxonomy_terms",
    "attributes",
    "metadata",
    "meta_table_descriptions",
)
"""Whoever is named before who names."""
NAMES_ANY: Final = {"attributes": ("link_id", "link_entity"), "metadata": ("resource_id", "resource_type")}
"""By table the column that names a row of whatever table, and the column that says of which."""
_OF_OURS: Final = {
    "amanat::withheld": "is_withheld",
    "amanat::sex": "sex",
    "amanat::places": "places",
    "amanat::free_places": "free_places",
    "amanat::free_places_at": "free_places_at",
    "amanat::region": "region",
    "amanat::confidential": "is_confidential",
}
NEEDS: Final = "amanat::needs"  # rows of their own
CONFIDENTIAL: Final = "amanat::confidential"

Cells = Mapping[str, str]


def names_any(table: str, column: str, cells: Cells) -> str | None:
    """Of a column that names a row of whatever table: which one; "" where nobody knows it. None for other columns."""
    named, said_in = NAMES_ANY.get(table, ("", ""))
    return ENTITIES.get(cells.get(said_in, ""), "") if column == named else None


def fields_of(table: str, cells: Cells, publisher: str = "", columns: Collection[str] = ()) -> dict[str, Any]:
    """The fields of a row, as its table says them. Of `columns` also those that are empty; without any, of all.

    Args:
        publisher: whose ids they are, where they are no UUIDs.
    """
    asked = columns or TABLES[table].keys()
    found = {
        field_of(table, name): _read(table, column, cells, publisher)
        for name, column in TABLES[table].items()
        if name != "id" and (name in asked or name in cells)
    }
    for name, column in OWN.get(table, {}).items():
        if name in _OF_OURS and name in cells:
            found[_OF_OURS[name]] = _read_text(column, cells[name])
    if any("::" in name and not name.startswith("amanat::") for name in (*asked, *cells)) or not columns:
        found["texts"] = _translations(cells)
    if VERIFIED in cells:
        found["verified"] = cells[VERIFIED] == "yes"
    if SOURCE in cells:
        found["source"] = cells[SOURCE]
    return found


def _translations(cells: Cells) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for name, text in cells.items():
        column, _colons, language = name.removeprefix("amanat::").partition("::")
        if language and name != VERIFIED:
            found.setdefault(column, {})[language] = text
    return found


def _read(table: str, column: Column, cells: Cells, publisher: str) -> Any:
    text = cells.get(column.name, "")
    if column.link:
        return row_id(publisher, column.link, text) if text else None
    if (named := names_any(table, column.name, cells)) is not None:
        return row_id(publisher, named, text)
    return _read_text(column, text)


def _read_text(column: Column, text: str) -> Any:
    if column.one_of == ("yes", "no"):
        return text == "yes"
    if not column.kind or column.kind in ("time", "codes"):
        return text
    return _KINDS[column.kind](text) if text else None


def _moment(text: str) -> datetime:
    """What names no zone is told in UTC."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


_KINDS: Final[Mapping[str, Callable[[str], Any]]] = {
    "number": float,
    "whole": lambda text: int(float(text)),
    "date": date.fromisoformat,
    "datetime": _moment,
}


def cells_of(table: str, row: models.Row) -> dict[str, str]:
    """The columns of a row that say something, of the standard and of ours; the needs of a service are asked for by `needs`."""
    found = {name: text_of(getattr(row, field_of(table, name))) for name in TABLES[table]}
    for name in OWN.get(table, {}):
        if name in _OF_OURS:
            found[name] = text_of(getattr(row, _OF_OURS[name]))
        elif name == NEEDS:
            found[name] = " ".join(sorted(need.code for need in row.needs.all()))  # type: ignore[attr-defined]
    found |= {SOURCE: row.source, VERIFIED: "yes" if row.verified else ""}
    for column, texts in row.texts.items():
        held = SOURCE if column == "source" else column
        found |= {f"{held}::{language}": text for language, text in texts.items()}
    return {name: text for name, text in found.items() if text}


def text_of(held: Any) -> str:
    match held:
        case None | False:
            return ""
        case True:
            return "yes"
        case float():
            return str(int(held)) if held.is_integer() else repr(held)
        case datetime():
            spec = "milliseconds" if held.microsecond else "seconds"
            return held.astimezone(UTC).isoformat(timespec=spec).replace("+00:00", "Z")
        case UUID():
            return str(held)
        case _:
            return str(held)


def csv_of(columns: Collection[str], rows: Iterable[Cells]) -> str:
    """A whole table."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def given_id(cells: Cells) -> str:
    """Under which id the row came, where that is no UUID."""
    return "" if as_uuid(cells["id"]) else cells["id"]
