"""Which rows of the directory may leave the house: never what tells where a confidential place is, nor what belongs to one.

A place at which nothing is given but what is withheld is withheld with it, as in `openness`: it tells where that is.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from amanat.directory.models import ServiceAtLocation
from amanat.directory.packages.cells import MODELS, NAMES_ANY
from amanat.packs.hsds import TABLES

_HIDDEN_BY: Final = {"organizations": "is_withheld", "services": "is_withheld", "locations": "is_confidential"}


def leaving(table: str, *, withheld: bool = False) -> QuerySet[Any]:
    """The rows of a table that may leave. `withheld`: also what is for workers only, to those who are workers elsewhere."""
    rows: QuerySet[Any] = MODELS[table]._default_manager.all()
    if (conditions := _conditions(table, withheld)) is not None:
        rows = rows.exclude(conditions)
    if table in NAMES_ANY:
        column, _said_in = NAMES_ANY[table]
        for other in _that_may_hide(withheld):
            rows = rows.exclude(**{f"{column}__in": hidden(other, withheld=withheld).values("pk")})
    return rows


def hidden(table: str, *, withheld: bool = False) -> QuerySet[Any]:
    """The rows of a table that may not."""
    rows: QuerySet[Any] = MODELS[table]._default_manager.filter(_conditions(table, withheld) or Q(pk__in=[]))
    return rows


@lru_cache(maxsize=64)
def _conditions(table: str, withheld: bool) -> Q | None:
    """What keeps a row here: itself, or anything that it belongs to."""
    found: Q | None = None
    for way in _ways(table):
        if withheld and way.endswith("is_withheld"):
            continue
        keeps = Q(**{way: True})
        if not withheld and way.endswith("is_confidential"):
            keeps |= _only_withheld(way.removesuffix("is_confidential"))
        found = keeps if found is None else found | keeps
    return found


def _only_withheld(at: str) -> Q:
    """Of the location to which the way `at` leads (`location__`)."""
    there = ServiceAtLocation.objects.filter(location=OuterRef(f"{at}pk"))
    return Q(Exists(there)) & ~Q(Exists(there.filter(service__in=leaving("services").values("pk"))))


def _ways(table: str) -> Iterator[str]:
    if table in _HIDDEN_BY:
        yield _HIDDEN_BY[table]
    for column in TABLES[table].values():
        if column.link and column.link != table:
            yield from (f"{column.name.removesuffix('_id')}__{way}" for way in _ways(column.link))


def _that_may_hide(withheld: bool) -> list[str]:
    return [table for table in MODELS if table not in NAMES_ANY and _conditions(table, withheld) is not None]
