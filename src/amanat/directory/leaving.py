"""Which rows of the directory may leave the house: never what tells where a confidential place is, nor what belongs to one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from django.db.models import Q, QuerySet

from amanat.directory.packages.cells import MODELS
from amanat.packs.hsds import TABLES

_HIDDEN_BY: Final = {"organizations": "is_withheld", "services": "is_withheld", "locations": "is_confidential"}
_NAMES_ANY: Final = {"attributes": "link_id", "metadata": "resource_id"}


def leaving(table: str, *, withheld: bool = False) -> QuerySet[Any]:
    """The rows of a table that may leave. `withheld`: also what is for workers only, to those who are workers elsewhere."""
    rows: QuerySet[Any] = MODELS[table]._default_manager.all()
    if (conditions := _conditions(table, withheld)) is not None:
        rows = rows.exclude(conditions)
    if column := _NAMES_ANY.get(table):
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
        if not (withheld and way.endswith("is_withheld")):
            found = Q(**{way: True}) if found is None else found | Q(**{way: True})
    return found


def _ways(table: str) -> Iterator[str]:
    if table in _HIDDEN_BY:
        yield _HIDDEN_BY[table]
    for column in TABLES[table].values():
        if column.link and column.link != table:
            yield from (f"{column.name.removesuffix('_id')}__{way}" for way in _ways(column.link))


def _that_may_hide(withheld: bool) -> list[str]:
    return [table for table in MODELS if table not in _NAMES_ANY and _conditions(table, withheld) is not None]
