"""What of the directory everybody may read: the public part and the HSDS API show this, and nothing else.

Active services that are not withheld, of organisations that are not either; never a confidential location. A row that names
several others is open where all of them are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from amanat.directory.models import Organization, Service, ServiceAtLocation, Status
from amanat.directory.rows import Row
from amanat.directory.serializing import MODELS
from amanat.packs.hsds import TABLES

# Words by which entries are sorted are open, and a row is not closed because its parent or programme is: it does not name them then.
_NEVER_ASKED: Final = frozenset({"taxonomies", "taxonomy_terms"})
_NOT_NAMED: Final = {("organizations", "parent_organization_id"), ("services", "program_id")}
_JOINED: Final = {"organizations": ("parent_organization",), "services": ("organization", "program__organization")}


def open_rows(table: str) -> QuerySet[Any]:
    """The open rows of a table of HSDS. Before they are shown they go through `as_shown`."""
    return _rows(table).all()


@cache
def _rows(table: str) -> QuerySet[Any]:
    """Made once: the rule asks many tables, and to write it down takes longer than to ask it."""
    return MODELS[table]._default_manager.filter(_is_open(table, "")).select_related(*_JOINED.get(table, ()))


def fetch(table: str, condition: Q) -> Iterator[Row]:
    """For `nesting`: those that are open, in one order."""
    return as_shown(open_rows(table).filter(condition).order_by("pk"))


def as_shown(rows: Iterable[Any]) -> Iterator[Row]:
    """The same rows in memory: they name none that is not open, and a service was assured when it was last confirmed here."""
    for row in rows:
        match row:
            case Organization() if row.parent_organization and row.parent_organization.is_withheld:
                row.parent_organization = None
            case Service():
                if row.program and row.program.organization.is_withheld:
                    row.program = None
                row.assured_date = max(filter(None, (row.assured_date, row.confirmed_on)), default=None)
        yield row


def _is_open(table: str, at: str) -> Q:
    """Of the row to which the way `at` leads (`service__`)."""
    found = _of_itself(table, at)
    for column in TABLES[table].values():
        if not column.link or column.link in _NEVER_ASKED or (table, column.name) in _NOT_NAMED:
            continue
        name = f"{at}{column.name.removesuffix('_id')}"
        found &= Q(**{f"{name}__isnull": True}) | _is_open(column.link, f"{name}__")
    return found


def _of_itself(table: str, at: str) -> Q:
    match table:
        case "organizations":
            return Q(**{f"{at}is_withheld": False})
        case "services":
            return Q(**{f"{at}is_withheld": False, f"{at}status": Status.ACTIVE})
        case "locations":
            # One that only serves what is withheld tells where that is.
            there = ServiceAtLocation.objects.filter(location=OuterRef(f"{at}pk"))
            return Q(**{f"{at}is_confidential": False}) & (
                ~Q(Exists(there)) | Q(Exists(there.filter(_is_open("services", "service__"))))
            )
        case _:
            return Q()
