"""Seed services of a country: a `directory/` folder of HSDS 3.0 CSV files, in which rows name each other by their `id`.

Beside the columns of the standard, each file may have `amanat::source` and `amanat::verified` (yes or no), and texts in
another language than English, such as `name::ru` or `description::tk`.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from amanat.packs.hsds import TABLES, Column
from amanat.packs.labels import FALLBACK, Label
from amanat.packs.loaders import Source, register

MOST_ROWS: Final = 20_000
MOST_BYTES: Final = 5 * 1024 * 1024
"""Of one file; both numbers are ours."""
SOURCE, VERIFIED = "amanat::source", "amanat::verified"
_FACTS: Final = ("organizations", "services", "phones")
"""Files whose rows name their source."""
_YES_NO: Final = {"yes": True, "no": False}
_PHONE: Final = re.compile(r"[+(]?\d[\d ()./-]{1,30}")
_TRANSLATED: Final = re.compile(r"(?P<column>name|alternate_name|description|amanat::source)::(?P<language>[a-z]{2,3})")


@dataclass(frozen=True)
class Entry:
    """One row: what stands in the columns that say something."""

    id: str
    values: Mapping[str, str]
    file_row: int = field(compare=False)

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")

    def text(self, column: str) -> Label:
        """Give a text in the languages in which it stands here."""
        found = {FALLBACK: self[column]} if self[column] else {}
        for name, value in self.values.items():
            if name.startswith(f"{column}::"):
                found[name.removeprefix(f"{column}::")] = value
        return Label(found)

    @property
    def label(self) -> Label:
        return self.text("name") if self["name"] else Label({FALLBACK: self["number"] or self["city"]})

    @property
    def source(self) -> Label:
        return self.text(SOURCE)

    @property
    def verified(self) -> bool:
        """Who says nothing of it has not checked it."""
        return _YES_NO.get(self[VERIFIED], False)


Rows = Mapping[str, Entry]


class Services:
    """The directory as a whole."""

    def __init__(self, tables: Mapping[str, Rows]) -> None:
        self._tables = tables
        self._held: dict[tuple[str, ...], Mapping[tuple[str, ...], list[Entry]]] = {}

    def rows(self, table: str, **named: str) -> list[Entry]:
        """Give the rows of a table, or those of them that name another by a column (`organization_id="…"`)."""
        if (held := self._held.get((table, *named))) is None:
            found: dict[tuple[str, ...], list[Entry]] = defaultdict(list)
            for row in self._tables.get(table, {}).values():
                found[tuple(row[column] for column in named)].append(row)
            held = self._held[(table, *named)] = dict(found)
        return list(held.get(tuple(named.values()), ()))


def read_directory(source: Source) -> dict[str, Rows]:
    """Read the folder; each file is a part of it."""
    if not source.path.is_dir():
        source.fault("", _("This should be a folder."), _("Make a folder of this name and put the files into it."))
        return {}
    tables = {}
    for path in sorted(source.path.iterdir()):
        if path.is_file() and path.suffix == ".csv" and path.stem in TABLES:
            tables[path.stem] = _Reading(source, path).rows()
        elif not path.name.startswith("."):
            names = ", ".join(f"{name}.csv" for name in TABLES)
            source.fault(
                "", _("This file is not expected here."), _("Name it like one of: %(names)s.") % {"names": names}, path
            )
    return tables


class _Reading:
    """One file, and where its faults are."""

    def __init__(self, source: Source, path: Path) -> None:
        self.source, self.path = source, path
        self.columns = TABLES[path.stem]
        self._has_facts = path.stem in _FACTS

    def rows(self) -> Rows:
        found: dict[str, Entry] = {}
        reader = csv.DictReader(io.StringIO(self._text()), restkey="", strict=True)
        try:
            self._check_headings(list(reader.fieldnames or ()))
            for number, row in enumerate(reader, start=2):
                if number > MOST_ROWS:
                    self._tell(
                        number, "", _("These are too many rows."), _("Write %(most)d at most.") % {"most": MOST_ROWS}
                    )
                    break
                self._take(number, row, found)
        except csv.Error as error:
            self._tell(
                reader.reader.line_num, "", _("This is not CSV: %(error)s.") % {"error": error}, _("Mend the line.")
            )
        return found

    def _text(self) -> str:
        if self.path.stat().st_size > MOST_BYTES:
            size = {"size": MOST_BYTES // 1024 // 1024}
            self._tell(
                0, "", _("The file is larger than %(size)d MB.") % size, _("Take out what is no data of a pack.")
            )
            return ""
        try:
            return self.path.read_bytes().decode("utf-8-sig")
        except UnicodeDecodeError:
            self._tell(0, "", _("The file is not UTF-8."), _("Save it as UTF-8."))
            return ""

    def _check_headings(self, headings: list[str]) -> None:
        for heading, times in Counter(headings).items():
            if not self._is_known(heading):
                names = ", ".join(self.columns)
                self._tell(
                    1, heading, _("This column is unknown."), _("Name it like one of: %(names)s.") % {"names": names}
                )
            if times > 1:
                self._tell(1, heading, _("This column stands here twice."), _("Take one of them out."))
        for name in [column.name for column in self.columns.values() if column.needed] + [SOURCE] * self._has_facts:
            if headings and name not in headings:
                self._tell(1, name, _("This column is missing."), _("Add it, and fill it in each row."))

    def _is_known(self, heading: str) -> bool:
        if heading in self.columns or heading in (SOURCE, VERIFIED):
            return True
        found = _TRANSLATED.fullmatch(heading)
        return bool(found and found["column"] in (*self.columns, SOURCE) and found["language"] in self.source.languages)

    def _take(self, number: int, row: Mapping[str, Any], found: dict[str, Entry]) -> None:
        if "" in row:
            self._tell(
                number,
                "",
                _("The row has more cells than there are columns."),
                _("Put quotes around texts with commas."),
            )
        values = {name: value.strip() for name, value in row.items() if name and value and value.strip()}
        if not values:
            return
        for fault in self._wrong(values):
            self._tell(number, *fault)
        if (name := values.get("id", "")) in found:
            self._tell(
                number, "id", _("The code %(code)s stands here twice.") % {"code": name}, _("Take one of them out.")
            )
        if name:
            found[name] = Entry(name, values, number)

    def _wrong(self, values: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
        """(column, what, how to mend it)."""
        for column in self.columns.values():
            value = values.get(column.name, "")
            if column.needed and not value:
                yield column.name, _("The value is empty."), _("Write it out.")
            elif value and not _fits(column, value):
                yield column.name, _("%(word)s is no value of this column.") % {"word": value}, _wanted(column)
        if values.get(VERIFIED, "no") not in _YES_NO:
            yield (
                VERIFIED,
                _("%(word)s is no value of this column.") % {"word": values[VERIFIED]},
                _("Write yes or no."),
            )
        if self._has_facts and not values.get(SOURCE):
            yield SOURCE, _("This row names no source."), _("Say where it comes from.")

    def _tell(self, row: int, column: str, what: str, mend: str) -> None:
        self.source.fault(_place(row, column), what, mend, self.path)


def _fits(column: Column, value: str) -> bool:
    return column.takes(value) and (column.name != "number" or _PHONE.fullmatch(value) is not None)


def _wanted(column: Column) -> str:
    wanted = "+993 12 000000" if column.name == "number" else column.wanted
    return (
        _("Write one of: %(names)s.") % {"names": wanted}
        if column.one_of
        else _("Write it like %(text)s.") % {"text": wanted}
    )


def _place(row: int, column: str) -> str:
    if row and column:
        return _("row %(row)d, column %(column)s") % {"row": row, "column": column}
    return _("row %(row)d") % {"row": row} if row else ""


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
                        _place(row.file_row, column.name),
                        _("%(file)s has no row %(id)s.") % {"file": f"{column.link}.csv", "id": row[column.name]},
                        _("Write the id of one that is there, or add it."),
                        source.path / f"{name}.csv",
                    )


def _rows(rows: Rows) -> Rows:
    return rows


DIRECTORY = register("directory", read_directory, _joined, check_links, _rows)
