"""Rows of a table of HSDS as they come in a CSV file, and what is wrong with them.

Beside the columns of the standard and those of `hsds.OWN`, each table may have `amanat::source` and `amanat::verified` (yes or no),
and texts in another language than English, such as `name::ru` or `description::tk`.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from amanat.packs.hsds import OWN, TABLES, Column
from amanat.packs.labels import FALLBACK, Label

MOST_ROWS: Final = 20_000
MOST_BYTES: Final = 5 * 1024 * 1024
"""Of one file; both numbers are ours."""
SOURCE, VERIFIED = "amanat::source", "amanat::verified"
_CORE: Final = ("id", "name", "number")
"""Columns without which a row says nothing. Of a pack each is asked for that the standard asks for."""
_FACTS: Final = ("organizations", "services", "phones")
"""Files whose rows name their source."""
_YES_NO: Final = {"yes": True, "no": False}
_PHONE: Final = re.compile(r"[+(]?\d[\d ()./-]{1,30}")
_TRANSLATED: Final = re.compile(r"(?P<column>name|alternate_name|description|amanat::source)::(?P<language>[a-z]{2,3})")

Tell = Callable[[int, str, str, str], None]
"""Row, column, what is wrong, how to mend it."""


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


@dataclass(frozen=True)
class Table:
    """What may stand in a table. Of a pack is asked more than of what others made: facts name a source, numbers can be called.

    `languages`: of the texts; None takes any.
    """

    name: str
    languages: Collection[str] | None = None
    of_a_pack: bool = False

    @property
    def columns(self) -> Mapping[str, Column]:
        return TABLES[self.name]

    @property
    def own(self) -> Mapping[str, Column]:
        return OWN.get(self.name, {})

    @property
    def has_facts(self) -> bool:
        return self.of_a_pack and self.name in _FACTS

    @property
    def needed(self) -> list[str]:
        return [column.name for column in self.columns.values() if self.asks(column)] + [SOURCE] * self.has_facts

    def asks(self, column: Column) -> bool:
        """Whether a row without this can't be taken."""
        return column.needed and bool(self.of_a_pack or column.name in _CORE or column.link or column.one_of)

    def knows(self, heading: str) -> bool:
        if heading in self.columns or heading in self.own or heading in (SOURCE, VERIFIED):
            return True
        found = _TRANSLATED.fullmatch(heading)
        if not found or found["column"] not in (*self.columns, SOURCE):
            return False
        return self.languages is None or found["language"] in self.languages

    def wrong(self, values: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
        """(column, what, how to mend it)."""
        for column in (*self.columns.values(), *self.own.values()):
            value = values.get(column.name, "")
            if self.asks(column) and not value:
                yield column.name, _("The value is empty."), _("Write it out.")
            elif value and not self._fits(column, value):
                yield column.name, _is_no_value(value), _wanted(column)
        if values.get(VERIFIED, "no") not in _YES_NO:
            yield VERIFIED, _is_no_value(values[VERIFIED]), _("Write yes or no.")
        if self.has_facts and not values.get(SOURCE):
            yield SOURCE, _("This row names no source."), _("Say where it comes from.")

    def _fits(self, column: Column, value: str) -> bool:
        is_dialled = self.of_a_pack and column.name == "number"
        return column.takes(value) and (not is_dialled or _PHONE.fullmatch(value) is not None)


def read_csv(table: Table, content: bytes, tell: Tell, *, tell_unknown: Tell) -> dict[str, Entry]:
    """The rows of a file by their ids. `tell_unknown` is told of columns that nobody knows."""
    return _Reading(table, tell, tell_unknown).rows(content)


class _Reading:
    """One file, and where its faults are."""

    def __init__(self, table: Table, tell: Tell, tell_unknown: Tell) -> None:
        self.table, self.tell, self.tell_unknown = table, tell, tell_unknown

    def rows(self, content: bytes) -> dict[str, Entry]:
        found: dict[str, Entry] = {}
        reader = csv.DictReader(io.StringIO(self._text(content)), restkey="", strict=True)
        try:
            self._check_headings(list(reader.fieldnames or ()))
            for number, row in enumerate(reader, start=2):
                if number > MOST_ROWS:
                    self.tell(
                        number, "", _("These are too many rows."), _("Write %(most)d at most.") % {"most": MOST_ROWS}
                    )
                    break
                self._take(number, row, found)
        except csv.Error as error:
            self.tell(
                reader.reader.line_num, "", _("This is not CSV: %(error)s.") % {"error": error}, _("Mend the line.")
            )
        return found

    def _text(self, content: bytes) -> str:
        if len(content) > MOST_BYTES:
            size = {"size": MOST_BYTES // 1024 // 1024}
            self.tell(0, "", _("The file is larger than %(size)d MB.") % size, _("Take out what is no data of a pack."))
            return ""
        try:
            return content.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.tell(0, "", _("The file is not UTF-8."), _("Save it as UTF-8."))
            return ""

    def _check_headings(self, headings: list[str]) -> None:
        for heading, times in Counter(headings).items():
            if not self.table.knows(heading):
                names = {"names": ", ".join(self.table.columns)}
                self.tell_unknown(
                    1, heading, _("This column is unknown."), _("Name it like one of: %(names)s.") % names
                )
            if times > 1:
                self.tell(1, heading, _("This column stands here twice."), _("Take one of them out."))
        for name in self.table.needed:
            if headings and name not in headings:
                self.tell(1, name, _("This column is missing."), _("Add it, and fill it in each row."))

    def _take(self, number: int, row: Mapping[str, Any], found: dict[str, Entry]) -> None:
        if "" in row:
            self.tell(
                number,
                "",
                _("The row has more cells than there are columns."),
                _("Put quotes around texts with commas."),
            )
        values = {name: value.strip() for name, value in row.items() if name and value and value.strip()}
        if not values:
            return
        for column, what, mend in self.table.wrong(values):
            self.tell(number, column, what, mend)
        if (name := values.get("id", "")) in found:
            self.tell(
                number, "id", _("The code %(code)s stands here twice.") % {"code": name}, _("Take one of them out.")
            )
        if name:
            found[name] = Entry(name, values, number)


def _is_no_value(value: str) -> str:
    return _("%(word)s is no value of this column.") % {"word": value}


def _wanted(column: Column) -> str:
    if column.one_of:
        return _("Write one of: %(names)s.") % {"names": column.wanted}
    return _("Write it like %(text)s.") % {"text": "+993 12 000000" if column.name == "number" else column.wanted}


def told_place(row: int, column: str) -> str:
    if row and column:
        return _("row %(row)d, column %(column)s") % {"row": row, "column": column}
    return _("row %(row)d") % {"row": row} if row else ""
