"""What taking a package in would do: which rows are new, which change and how, which are their agency's own and stay as they are.

What tells where a confidential place is goes aside, into what will be sealed, before anything is compared or shown.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any, Final

from django.db.models import Q

from amanat.directory.models import Row, Service
from amanat.directory.packages.cells import MODELS, NEEDS, ORDER, fields_of, given_id, text_of
from amanat.directory.packages.content import Content, Tables
from amanat.directory.packages.naming import in_parts, row_id
from amanat.directory.packages.places import Hiding, links_of
from amanat.packs.hsds import TABLES
from amanat.packs.hsds_rows import Entry

_ENTRIES: Final = ("organizations", "services", "locations")
"""Rows that people know by name; the others are counted with the table."""


@dataclass
class Change:
    """One row. `columns`: which change, from what to what; none of a new one."""

    table: str
    pk: uuid.UUID
    name: str
    is_new: bool
    columns: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def is_named(self) -> bool:
        return self.table in _ENTRIES


@dataclass
class Plan:
    """`rows`: by table and key the fields to write, and whether the row is new. `needs`: of services. `hiding`: what will be sealed.
    `own`: names of what an agency of this workspace keeps itself."""

    hiding: Hiding
    rows: dict[str, dict[uuid.UUID, tuple[bool, dict[str, Any]]]] = field(default_factory=lambda: defaultdict(dict))
    needs: dict[uuid.UUID, list[str]] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)
    own: list[str] = field(default_factory=list)
    same: int = 0

    def counts(self) -> list[tuple[str, int, int]]:
        """Of each table that is touched: how many rows are new, how many change."""
        found: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for change in self.changes:
            found[change.table][not change.is_new] += 1
        return [(table, *map(int, found[table])) for table in ORDER if table in found]  # type: ignore[misc]


class Planning:
    """Goes through the tables in such an order that what is left out is known before it is named."""

    def __init__(self, content: Content, publisher: str) -> None:
        self.publisher = publisher
        self.hiding = Hiding(content.tables, publisher)
        self.tables: Tables = self.hiding.clear
        self.plan = Plan(self.hiding)
        self.kept = _kept_by_agencies()
        self.names = {
            row_id(publisher, table, entry.id): _name(entry)
            for table in _ENTRIES
            for entry in self.tables.get(table, {}).values()
        }
        self.columns = {table: _columns(rows.values()) for table, rows in self.tables.items()}

    def made(self) -> Plan:
        for table in ORDER:
            rows = {row_id(self.publisher, table, entry.id): entry for entry in self.tables.get(table, {}).values()}
            here = _existing(table, rows)
            for pk, entry in rows.items():
                self._take(table, pk, entry, here.get(pk))
        for location in self.kept["locations"] & self.hiding.sealed.keys():
            self.hiding.leave(location)
        return self.plan

    def _take(self, table: str, pk: uuid.UUID, entry: Entry, row: Row | None) -> None:
        fields = fields_of(table, entry.values, self.publisher, self.columns[table] if row else ())
        if self._is_kept(table, pk, entry, row):
            self.kept[table].add(pk)
            if table in _ENTRIES:
                self.plan.own.append(_name(entry))
            return
        needs = entry[NEEDS].split()
        if row is None:
            is_told = not fields.get("is_confidential")  # under which name a place came may tell where it is
            fields |= {"given_id": given_id(entry.values) if is_told else ""} | (
                {} if "source" in fields else {"source": self.publisher}
            )
            self._note(Change(table, pk, _name(entry), is_new=True), fields, needs)
            return
        changed = {name: value for name, value in fields.items() if getattr(row, name) != value}
        told = [(name, self._shown(getattr(row, name)), self._shown(value)) for name, value in changed.items()]
        before = sorted(need.code for need in row.needs.all()) if needs and isinstance(row, Service) else []
        if needs and before != sorted(needs):
            told.append(("needs", " ".join(before), " ".join(sorted(needs))))
        if told:
            self._note(Change(table, pk, _name(entry), is_new=False, columns=told), changed, needs)
        else:
            self.plan.same += 1

    def _shown(self, value: Any) -> str:
        """As a person reads it: of another row its name, where the package has it."""
        if isinstance(value, uuid.UUID):
            return self.names.get(value, str(value))
        if isinstance(value, dict):
            return " · ".join(f"{language}: {text}" for texts in value.values() for language, text in texts.items())
        return text_of(value)

    def _note(self, change: Change, fields: dict[str, Any], needs: list[str]) -> None:
        self.plan.changes.append(change)
        self.plan.rows[change.table][change.pk] = (change.is_new, fields)
        if needs:
            self.plan.needs[change.pk] = needs

    def _is_kept(self, table: str, pk: uuid.UUID, entry: Entry, row: Row | None) -> bool:
        """Whether it is an agency's own, or would stand under one that is."""
        if pk in self.kept[table]:
            return True
        if table == "organizations":  # who stands under an agency is not the agency
            return False
        named = [(to, target) for _column, to, target in links_of(table, entry.values, self.publisher)]
        if row:
            named += [(column.link, getattr(row, name)) for name, column in TABLES[table].items() if column.link]
        return any(target in self.kept[to] for to, target in named)


def _kept_by_agencies() -> dict[str, set[uuid.UUID]]:
    """By table the rows that agencies of this workspace keep themselves, as far as others can name them."""
    of_organization, of_service, of_location = (
        Q(**{f"{way}__isnull": False})
        for way in ("organization__agency", "service__organization__agency", "location__organization__agency")
    )
    any_of_them = of_organization | of_service | of_location
    own: dict[str, Q] = {
        "organizations": Q(agency__isnull=False),
        "programs": of_organization,
        "services": of_organization,
        "locations": of_organization,
        "service_at_location": of_service | of_location,
        "contacts": any_of_them,
        "phones": any_of_them,
    }
    found: dict[str, set[uuid.UUID]] = defaultdict(set)
    for table, which in own.items():
        found[table] = set(MODELS[table]._default_manager.filter(which).values_list("pk", flat=True))
    return found


def _existing(table: str, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Row]:
    rows = MODELS[table]._default_manager.all()
    if table == "services":
        rows = rows.prefetch_related("needs")
    found: dict[uuid.UUID, Row] = {}
    for part in in_parts(ids):
        found |= rows.in_bulk(part)
    return found


def _columns(rows: Iterable[Entry]) -> Collection[str]:
    """What a table of the package tells at all: an empty cell there says that there is nothing."""
    return frozenset({name for entry in rows for name in entry.values})


def _name(entry: Entry) -> str:
    return entry.label.text() or entry.id
