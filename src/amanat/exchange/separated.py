"""Rows of fields as CSV: for programs in names and codes of HTCDS, or for a person's Excel in the words of their language.

Excel parts the columns of a CSV file, and the decimals of a number, as the settings of the country say; a line that names the
separator would make it forget that the file is UTF-8. So both follow from what the worker chose. Both come back as the same values.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, BinaryIO, Final

from django.utils.translation import gettext, override

from amanat.access.policy import Part
from amanat.exchange import official
from amanat.exchange.cells import FlatRow
from amanat.exchange.headings import Headings
from amanat.exchange.mapping import also_heading, also_name, also_named
from amanat.exchange.outgoing import (
    Column,
    Held,
    also_column,
    field_column,
    further_keys,
)
from amanat.packs import Field, Pack
from amanat.packs.coding import Cell, Writing, as_text, coded, one_or_several
from amanat.packs.records import parted
from amanat.web.guarding import guarded


@dataclass(frozen=True, slots=True)
class Way:
    """How a table is written. `language`: that of headings and answers; without one they are names and codes of HTCDS."""

    separator: str = ","
    language: str = ""

    @property
    def decimal(self) -> str:
        """What stands before decimals; a point would be the end of a day where semicolons part columns."""
        return "," if self.separator == ";" else "."


FOR_PROGRAMS: Final = Way()


def write_csv(out: BinaryIO, rows: Iterable[FlatRow], pack: Pack, way: Way = FOR_PROGRAMS) -> int:
    """Write CSV with a column for every field, in UTF-8 with the mark by which Excel knows it, and give the number of rows.

    Raises:
        UnknownField: a row has a key that is no field of the pack.
    """
    held = Held(rows)
    columns = _in_words(held, pack, way.language) if way.language else _in_codes(held, pack)
    text = io.TextIOWrapper(out, "utf-8-sig", errors="replace", newline="")
    writer = csv.writer(text, delimiter=way.separator)
    writer.writerow([guarded(column.name) for column in columns])
    for row in held:
        writer.writerow([_cell(column.write(column.take(row)), way.decimal) for column in columns])
    text.flush()
    text.detach()
    return held.count


def _keys(held: Held, pack: Pack) -> list[str]:
    return [*(field for _name, _label, field in official.COLUMNS), *further_keys(held, pack)]


def _in_codes(held: Held, pack: Pack) -> list[Column]:
    also = (also_column(also_name(part, header), header, part, header) for part, header in held.also)
    return [*(field_column(key, key, key, pack, coded) for key in _keys(held, pack)), *also]


def _in_words(held: Held, pack: Pack, language: str) -> list[Column]:
    words, headings = _Words(language), Headings(pack)
    titles = {field.name: section.title for section in pack.sections() for field in section.fields}

    def heading(key: str) -> str:
        """The label; with the section where other fields are called so too, and the name where not even that tells."""
        name, record = parted(key)
        label = pack.field(name).label.text(language)
        offered = (label, f"{label} ({titles[name].text(language)})")
        called = next((text for text in offered if headings.find(text).field == name), "")
        return key if not called else f"{called} ({record})" if record > 1 else called

    def called_also(part: str, header: str) -> str:
        """The header as it was, if it would be kept in the same part and taken for no field when it comes back."""
        taken = part != Part.NARRATIVE or headings.find(header) or headings.like(header) or also_named(header)
        return also_heading(part, header, language) if taken else header

    also = (also_column(called_also(part, header), header, part, header) for part, header in held.also)
    return [*(field_column(heading(key), key, key, pack, words.of) for key in _keys(held, pack)), *also]


class _Words:
    """How a person reads values: the labels of one language."""

    def __init__(self, language: str) -> None:
        self._language = language
        with override(language):
            self._said = {True: gettext("Yes"), False: gettext("No")}

    def of(self, field: Field, pack: Pack) -> Writing:
        """How values of a field are written."""
        match field.type:
            case "choice" | "choices":
                codes = pack.codes(field.codes)
                return one_or_several(lambda code: codes.label(code, self._language) if code in codes else code)
            case "country" | "countries":
                return one_or_several(lambda code: pack.countries.name(code, self._language))
            case "language":
                listed = pack.languages.listed
                return one_or_several(lambda code: listed.label(code, self._language) if code in listed else code)
            case "checkbox":
                return self._yes_or_no
        return lambda value: value

    def _yes_or_no(self, value: Any) -> Cell:
        return self._said.get(value)


def _cell(value: Cell, decimal: str) -> str:
    return guarded(value) if isinstance(value, str) else as_text(value, decimal)
