"""Seed services of a country: a `directory/` folder of HSDS 3.0 CSV files, in which rows name each other by their `id`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from amanat.packs.hsds import TABLES
from amanat.packs.hsds_rows import Entry, Rows, Table, read_csv, told_place
from amanat.packs.loaders import Source, register


class Services:
    """The directory as a whole."""

    def __init__(self, tables: Mapping[str, Rows]) -> None:
        self.tables = tables
        self._held: dict[tuple[str, ...], Mapping[tuple[str, ...], list[Entry]]] = {}

    def rows(self, table: str, **named: str) -> list[Entry]:
        """Give the rows of a table, or those of them that name another by a column (`organization_id="…"`)."""
        if (held := self._held.get((table, *named))) is None:
            found: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
            for row in self.tables.get(table, {}).values():
                found[tuple(row[column] for column in named)].append(row)
            held = self._held[(table, *named)] = dict(found)
        return list(held.get(tuple(named.values()), ()))


def read_directory(source: Source) -> dict[str, Rows]:
    """Read the folder; each file is a part of it."""
    if not source.path.is_dir():
        source.fault("", _("This should be a folder."), _("Make a folder of this name and put the files into it."))
        return {}
    tables: dict[str, Rows] = {}
    for path in sorted(source.path.iterdir()):
        if path.is_file() and path.suffix == ".csv" and path.stem in TABLES:
            tell = partial(_tell, source, path)
            table = Table(path.stem, source.languages, of_a_pack=True)
            tables[path.stem] = read_csv(table, path.read_bytes(), tell, tell_unknown=tell)
        elif not path.name.startswith("."):
            names = ", ".join(f"{name}.csv" for name in TABLES)
            source.fault(
                "", _("This file is not expected here."), _("Name it like one of: %(names)s.") % {"names": names}, path
            )
    return tables


def _tell(source: Source, path: Path, row: int, column: str, what: str, mend: str) -> None:
    source.fault(told_place(row, column), what, mend, path)


def _joined(base: Rows, own: Rows) -> Rows:
    return {**base, **own}


def check_links(source: Source, own: Mapping[str, Rows], parts: Mapping[str, Mapping[str, Any]]) -> None:
    """Whether each row that another names is there, in this pack or in one that it extends."""
    tables: Mapping[str, Rows] = parts[DIRECTORY.name]
    for name, rows in own.items():
        links = [column for column in TABLES[name].values() if column.link]
        for row in rows.values():
            for column in links:
                if row[column.name] and row[column.name] not in tables.get(column.link, {}):
                    source.fault(
                        told_place(row.file_row, column.name),
                        _("%(file)s has no row %(id)s.") % {"file": f"{column.link}.csv", "id": row[column.name]},
                        _("Write the id of one that is there, or add it."),
                        source.path / f"{name}.csv",
                    )


def _rows(rows: Rows) -> Rows:
    return rows


DIRECTORY = register("directory", read_directory, _joined, check_links, _rows)
