"""Looking a file through for its sheet, its rows of headers and what each column is: a proposal that a person can correct."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice, pairwise
from typing import Final

from amanat.exchange.assigning import Header, assigned
from amanat.exchange.cells import shown
from amanat.exchange.errors import NoHeaders, SurveyForm
from amanat.exchange.headings import Headings, names_in
from amanat.exchange.mapping import JOINS, REPEATS, ROW_NUMBER, Column, Mapping, also_header, also_named, unnamed
from amanat.exchange.notices import Notice
from amanat.exchange.rows import PLACES, Row, Sheet
from amanat.exchange.sampling import told_by_samples
from amanat.exchange.tables import Tables
from amanat.packs import Pack
from amanat.packs.spelling import plain

HEADER_ROWS: Final = 30
"""How far down a row of headers is looked for."""

SAMPLED: Final = 200
"""Rows with data that are looked at for what to tell about columns."""

SAMPLED_LETTERS: Final = 4_000_000
"""Letters of these rows, in all sheets together: a small workbook can say one text in every cell."""

_COUNTS: Final = frozenset(map(plain, "no nr nr.crt. n № №п/п п/п t/b № row id #".split())) | {
    "",
    "rownumber",
    "number",
}


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a file seems to be. `samples`: a few values of each column, by its title, to show beside it."""

    mapping: Mapping
    notices: list[Notice] = field(default_factory=list)
    samples: dict[str, list[str]] = field(default_factory=dict)


@dataclass(slots=True)
class _Found:
    """A sheet with its rows of headers: of names (or None), of labels (or None), and rows with data below.

    Without either all of it is data.
    """

    sheet: Sheet
    names: Row | None
    labels: Row | None
    data: list[Row]
    known: int

    @property
    def first(self) -> int:
        return 1 + max((row.number for row in (self.names, self.labels) if row), default=0)


def propose(tables: Tables, pack: Pack, sheet: str = "") -> Proposal:
    """Propose a mapping from the first rows of each sheet, for the one with most known headers or the one that is named.

    Raises:
        NoHeaders: no sheet has a row of words.
        UnreadableFile: the file breaks off within these rows.
    """
    if {"survey", "choices"} <= {sheet.name.casefold() for sheet in tables.sheets}:
        raise SurveyForm
    headings = Headings(pack)
    looked = [found for sheet in tables.sheets if (found := _look(sheet, tables, headings))]
    mains = [found for found in looked if not _goes_on(found) and (not sheet or found.sheet.name == sheet)]
    if not mains:
        raise NoHeaders(rows=HEADER_ROWS)
    main = max(mains, key=lambda found: found.known)
    further = next((found for found in looked if _goes_on(found)), None)
    parts = [main, further] if further else [main]
    columns, notices = assigned(_headers(parts), headings)
    if not (main.names or main.labels):
        notices = [Notice("no_names", {}, main.sheet.name)]
    columns = _with_counting(columns, parts)
    columns, samples, told = told_by_samples(columns, [part.data for part in parts], pack)
    others = [each.name for each in tables.sheets if each not in [part.sheet for part in parts]]
    if others and any(found.known for found in looked if found not in parts):
        notices.append(Notice("other_sheets", {"sheet": main.sheet.name, "others": ", ".join(others[:10])}))
    sheets = tuple((part.sheet.name, part.first) for part in parts)
    mapping = Mapping(sheets, tuple(columns), _fingerprint(columns), getattr(tables, "from_1904", False))
    return Proposal(mapping, [*tables.notices, *notices, *told], samples)


def _look(sheet: Sheet, tables: Tables, headings: Headings) -> _Found | None:
    rows = list(_first_rows(sheet, tables))
    heads = [row for row in rows if row.number <= HEADER_ROWS or row is rows[0]]
    if not heads:
        return None
    known = {row.number: sum(bool(headings.find(text)) for text in _texts(row).values()) for row in heads}
    best = max(known.values())
    if not best:
        return _look_without(sheet, rows, heads, headings)
    first = next(row for row in heads if 2 * known[row.number] >= best)
    second = next((row for row in heads if row.number == first.number + 1), None)
    if second and not _are_headers_too(first, second, headings):
        second = None
    names, labels = (first, second) if _are_names(first) else (second, first)
    last = second or first
    return _Found(sheet, names, labels, _below(rows, last), best)


def _first_rows(sheet: Sheet, tables: Tables) -> Iterator[Row]:
    left = SAMPLED_LETTERS // len(tables.sheets)
    for row in islice(tables.rows(sheet), HEADER_ROWS + SAMPLED):
        left -= row.length
        if left < 0:
            return
        yield row


def _look_without(sheet: Sheet, rows: list[Row], heads: list[Row], headings: Headings) -> _Found | None:
    """A sheet on which no heading is known. A row of words may be a child; it is headers only if one is almost a known one."""
    words = [row for row in heads if _could_name(row)]
    first = next((row for row in words if any(headings.like(text) for text in _texts(row).values())), None)
    if first:
        return _Found(sheet, None, first, _below(rows, first), 0)
    return _Found(sheet, None, None, rows[:SAMPLED], 0) if words else None


def _texts(row: Row) -> dict[str, str]:
    texts = {letters: shown(value) for letters, value in row.cells.items() if isinstance(value, str)}
    return {letters: text for letters, text in texts.items() if text}


def _are_names(row: Row) -> bool:
    texts = list(_texts(row).values())
    return 2 * names_in(texts) >= len(texts)


def _are_headers_too(first: Row, second: Row, headings: Headings) -> bool:
    """A second row of headers says in most columns what the first one does, in names or in another language; data does not."""
    above, below = _texts(first), _texts(second)
    alike = [
        letters
        for letters, text in below.items()
        if {*headings.find(text).fields} & {*headings.find(above.get(letters, "")).fields}
    ]
    return len(alike) >= 2 and 2 * len(alike) >= len(second.cells)


def _could_name(row: Row) -> bool:
    texts = list(_texts(row).values())
    words = [text for text in texts if any(map(str.isalpha, text))]
    return len(words) >= 2 and len(words) == len(row.cells) and len(set(words)) == len(words)


def _below(rows: Sequence[Row], last: Row) -> list[Row]:
    return [row for row in rows if row.number > last.number][:SAMPLED]


def _goes_on(found: _Found) -> bool:
    return bool(found.names and found.names.cells.get("A") == JOINS)


def _headers(parts: Sequence[_Found]) -> list[Header]:
    """The columns with a header or with data, in order; no two of one title."""
    headers, titles = [], set()
    for at, part in enumerate(parts):
        names, labels = (_texts(row) if row else {} for row in (part.names, part.labels))
        for letters in sorted({*names, *labels, *_letters(part.data)}, key=PLACES.__getitem__):
            name, label = names.get(letters, ""), labels.get(letters, "")
            if not name and (also := also_named(label)):  # in our tables for a person's Excel, beside labels of fields
                name, label = also, ""
            title = label or also_header(name) or unnamed(letters)
            while title in titles:
                title = f"{title} ({letters})"
            titles.add(title)
            headers.append(Header(at, part.sheet.name, letters, name, label, title, has_names=part.names is not None))
    return headers


def _letters(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        yield from row.cells


def _with_counting(columns: Sequence[Column], parts: Sequence[_Found]) -> list[Column]:
    """The first column, if it only counts the rows. A number in any other, or beginning elsewhere, may be somebody's."""
    first = columns[0].letters if columns else ""

    def known(column: Column) -> Column:
        if column.name == REPEATS:
            return replace(column, field=ROW_NUMBER, how="name")
        if column.name == JOINS or (column.letters == first and column.part == 0 and _counts(column, parts[0])):
            return replace(column, field=ROW_NUMBER, how="counts")
        return column

    return [known(column) for column in columns]


def _counts(column: Column, part: _Found) -> bool:
    """Under no header or one that says so: whole numbers from 1, or from anywhere in the official layout, each larger than before."""
    if plain(column.header) not in _COUNTS or column.name or column.field:
        return False
    texts = [shown(row.cells[column.letters]) for row in part.data if column.letters in row.cells]
    if not texts or not all(text.isdecimal() and len(text) < 10 for text in texts):
        return False
    numbers = list(map(int, texts))
    return (numbers[0] == 1 or part.names is not None) and all(before < after for before, after in pairwise(numbers))


def _fingerprint(columns: Sequence[Column]) -> str:
    """Of the headers; "" where there are none."""
    shape = [
        [column.part, column.letters, plain(column.name), plain(column.header)]
        for column in columns
        if column.header or column.name
    ]
    return hashlib.sha256(json.dumps(shape).encode()).hexdigest() if shape else ""
