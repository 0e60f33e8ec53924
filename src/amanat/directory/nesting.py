"""Rows of the directory with all that belongs to them, nested as the compiled schemas of HSDS 3.0 say; each table is asked once.

A `Fetch` gives the rows of a table that the reader may have: what it does not give stands nowhere in the answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import reduce
from operator import or_
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from amanat.directory.rows import Row
from amanat.directory.serializing import MODELS, plain
from amanat.packs.hsds import TABLES

Fetch = Callable[[str, Q], Iterable[Row]]
Edges = frozenset[str]
"""Ways from a row to others that are followed: `services.phones`."""

MANY: Final[Mapping[str, tuple[str, ...]]] = {
    "organizations": (
        *("funding", "contacts", "phones", "locations", "programs", "organization_identifiers", "services"),
    ),
    "services": (
        *("phones", "schedules", "service_areas", "service_at_location", "languages", "funding", "cost_options"),
        *("required_documents", "contacts"),
    ),
    "service_at_location": ("contacts", "phones", "schedules"),
    "locations": ("languages", "addresses", "contacts", "accessibility", "phones", "schedules"),
    "contacts": ("phones",),
    "phones": ("languages",),
}
"""Of a row of a table the tables whose rows name it and stand in it as a list."""

ONE: Final[Mapping[str, Mapping[str, tuple[str, str]]]] = {
    "services": {"organization": ("organizations", "organization_id"), "program": ("programs", "program_id")},
    "service_at_location": {"location": ("locations", "location_id"), "service": ("services", "service_id")},
    "attributes": {"taxonomy_term": ("taxonomy_terms", "taxonomy_term_id")},
    "taxonomy_terms": {"taxonomy_detail": ("taxonomies", "taxonomy_id")},
}
"""Of a row of a table the rows that it names and that stand in it: under which name, of which table, by which column."""

# A table stands behind those that lead to it, whatever the answer begins with.
_IN_TURN: Final = (
    *("services", "organizations", "service_at_location", "locations", "programs", "contacts", "phones", "schedules"),
    *("service_areas", "languages", "addresses", "accessibility", "funding", "cost_options", "required_documents"),
    *("organization_identifiers", "attributes", "taxonomy_terms", "taxonomies"),
)
_WITHOUT_ATTRIBUTES: Final = frozenset({"attributes", "taxonomy_terms", "taxonomies"})
LISTED_AS: Final = {"service_at_location": "service_at_locations"}
"""Of a list that is not called like its table, what it is called."""
_AT_ONCE: Final = 10_000  # ids in one question; SQLite takes three times as many


def edges_of(table: str) -> Edges:
    """All ways from a row of this table."""
    own = () if table in _WITHOUT_ATTRIBUTES else ("attributes",)
    return frozenset(f"{table}.{name}" for name in (*MANY.get(table, ()), *ONE.get(table, ()), *own))


EVERY: Final = frozenset().union(*map(edges_of, MODELS))
FULL: Final[Mapping[str, Edges]] = {
    "services": EVERY - {"organizations.services", "service_at_location.service"},
    "organizations": EVERY - {"services.organization", "service_at_location.service"},
    "service_at_location": EVERY - {"organizations.services", "services.service_at_location"},
    "taxonomy_terms": edges_of("taxonomy_terms"),
    "taxonomies": frozenset(),
}
"""By the table that an answer begins with; never in a circle."""


class Nesting:
    """Rows gathered by `load`, to be written by `whole`."""

    def __init__(self, fetch: Fetch, follow: Edges, language: str | None = None) -> None:
        self._fetch, self._follow, self._language = fetch, follow, language
        self._rows: dict[str, dict[UUID, Row]] = defaultdict(dict)
        self._of: dict[tuple[str, str], dict[UUID, list[Row]]] = defaultdict(lambda: defaultdict(list))
        self._written: dict[tuple[str, UUID], dict[str, Any]] = {}

    def load(self, table: str, rows: Iterable[Row]) -> None:
        """Gather all that belongs to these."""
        self._rows[table] |= {row.pk: row for row in rows}
        for other in _IN_TURN:
            if other != table:
                self._gather(other)

    def whole(self, table: str, pk: UUID) -> dict[str, Any]:
        """One that was gathered, with all that stands in it."""
        if (table, pk) not in self._written:
            self._written[table, pk] = self._write(table, self._rows[table][pk])
        return self._written[table, pk]

    def _write(self, table: str, row: Row) -> dict[str, Any]:
        found = plain(table, row, self._language)
        for name, (other, column) in ONE.get(table, {}).items():
            pk = getattr(row, column)
            if f"{table}.{name}" in self._follow and pk in self._rows[other]:
                found[name] = self.whole(other, pk)
        for other, column in self._lists(table):
            if rows := self._of[other, column].get(row.pk):
                found[LISTED_AS.get(other, other)] = [self.whole(other, one.pk) for one in rows]
        return found

    def _lists(self, table: str) -> Iterator[tuple[str, str]]:
        for other in MANY.get(table, ()):
            if f"{table}.{other}" in self._follow:
                yield other, _column_to(other, table)
        if f"{table}.attributes" in self._follow:
            yield "attributes", "link_id"

    def _gather(self, table: str) -> None:
        for question in _questions(self._wanted(table)):
            for row in self._fetch(table, question):
                self._hold(table, row)

    def _wanted(self, table: str) -> Iterator[tuple[str, list[UUID]]]:
        """By which column, and which ids: rows of this table that belong to those which are there."""
        for other, named in ONE.items():
            for name, (target, column) in named.items():
                if target == table and f"{other}.{name}" in self._follow:
                    yield "pk", [pk for row in self._rows[other].values() if (pk := getattr(row, column))]
        for other in MODELS:
            for child, column in self._lists(other):
                if child == table:
                    yield column, list(self._rows[other])

    def _hold(self, table: str, row: Row) -> None:
        if row.pk in self._rows[table]:
            return
        self._rows[table][row.pk] = row
        for column in (*_links(table), *(["link_id"] if table == "attributes" else [])):
            if (parent := getattr(row, column)) is not None:
                self._of[table, column][parent].append(row)


def _questions(wanted: Iterable[tuple[str, list[UUID]]]) -> Iterator[Q]:
    held = [(column, list(dict.fromkeys(ids))) for column, ids in wanted if ids]
    if sum(len(ids) for _column, ids in held) <= _AT_ONCE:
        yield from [reduce(or_, (Q(**{f"{column}__in": ids}) for column, ids in held))] if held else []
        return
    for column, ids in held:
        for start in range(0, len(ids), _AT_ONCE):
            yield Q(**{f"{column}__in": ids[start : start + _AT_ONCE]})


def _links(table: str) -> list[str]:
    return [name for name, column in TABLES[table].items() if column.link]


def _column_to(table: str, other: str) -> str:
    return next(name for name, column in TABLES[table].items() if column.link == other)
