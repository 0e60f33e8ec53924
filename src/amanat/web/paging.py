"""Pages of a long list by keyset: the cost of a page does not grow with its number, and rows that appear meanwhile shift nothing."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any, Generic, TypeVar

from django.core import signing
from django.db.models import F, Field, Model, OrderBy, Q, QuerySet
from django.utils.formats import number_format
from django.utils.translation import gettext

PAGE_SIZE = 25
COUNTED = 1000

Row = TypeVar("Row", bound=Model)


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a list.

    Args:
        rows: up to 25 rows in order.
        next_cursor: for the address of the next page; "" on the last one.
        previous_cursor: for the address of the page before; "" on the first one.
        count: how many rows the whole list has, at most 1,001.
        count_text: the count to read: exact to 1,000, then "more than 1,000".
    """

    rows: list[Row]
    next_cursor: str
    previous_cursor: str
    count: int
    count_text: str


@dataclass(frozen=True, slots=True)
class _Key:
    """One field of the order, as in `order_by`; rows without a value come last in both directions."""

    name: str
    descending: bool
    field: "Field[Any, Any]"

    @property
    def nullable(self) -> bool:
        return self.field.null

    def ordering(self, backwards: bool) -> OrderBy:
        nulls = {} if not self.nullable else {"nulls_first": True} if backwards else {"nulls_last": True}
        return OrderBy(F(self.name), descending=self.descending != backwards, **nulls)

    def beyond(self, value: Any, backwards: bool) -> Q | None:
        """Rows strictly beyond this value; None if there can be none."""
        if value is None:
            return Q(**{f"{self.name}__isnull": False}) if backwards else None
        step = "lt" if self.descending != backwards else "gt"
        found = Q(**{f"{self.name}__{step}": value})
        return found | Q(**{f"{self.name}__isnull": True}) if self.nullable and not backwards else found

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.name}__isnull": True}) if value is None else Q(**{self.name: value})

    def bound(self, value: Any, backwards: bool) -> Q:
        """A wider condition on the first field alone, which lets the database start in its index."""
        if self.nullable or value is None:
            return Q()
        return Q(**{f"{self.name}__{'lte' if self.descending != backwards else 'gte'}": value})


def keyset_page(
    rows: QuerySet[Row], order: Sequence[str], cursor: str = "", size: int = PAGE_SIZE, *, counted: bool = True
) -> Page[Row]:
    """The page at `cursor` of `rows` in this order.

    Args:
        rows: what the actor may see, already filtered; its own order is replaced.
        order: field names or annotations as in `order_by` ("-opened"); the last must be unique, such as "id".
        cursor: from the address; one that is not ours, or of another order, begins at the first page.
        size: rows a page.
        counted: whether the page says how many rows there are in all; without, one query less and `count_text` is "".
    """
    keys = [_key(rows, name) for name in order]
    place = _read(cursor, keys)
    backwards = place is not None and place[0] == "before"
    chosen = rows.order_by(*[key.ordering(backwards) for key in keys])
    if place is not None:
        chosen = chosen.filter(_beyond(keys, place[1], backwards))
    found = list(chosen[: size + 1])
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    count = rows.order_by()[: COUNTED + 1].count() if counted else 0
    return Page(
        rows=found,
        next_cursor=_write("after", keys, found[-1]) if found and (more or backwards) else "",
        previous_cursor=_write("before", keys, found[0]) if found and (more if backwards else place) else "",
        count=count,
        count_text=count_text(count) if counted else "",
    )


def count_text(count: int) -> str:
    """A count in the active language: exact to 1,000, then "more than 1,000"."""
    figure = number_format(min(count, COUNTED), force_grouping=True)
    return figure if count <= COUNTED else gettext("more than %(figure)s") % {"figure": figure}


def _key(rows: QuerySet[Any], name: str) -> _Key:
    bare = name.removeprefix("-")
    annotation = rows.query.annotations.get(bare)
    field = rows.model._meta.get_field(bare) if annotation is None else annotation.output_field
    return _Key(bare, name.startswith("-"), field)


def _beyond(keys: list[_Key], values: list[Any], backwards: bool) -> Q:
    """(a, b, c) > (x, y, z), written out, since not every field has the same direction."""
    ways = []
    same = Q()
    for key, value in zip(keys, values, strict=True):
        beyond = key.beyond(value, backwards)
        if beyond is not None:
            ways.append(same & beyond)
        same &= key.same(value)
    nothing = Q(pk__in=[])
    return keys[0].bound(values[0], backwards) & reduce(or_, ways, nothing)


def _salt(keys: list[_Key]) -> str:
    return "amanat.web.paging:" + ",".join(("-" if key.descending else "") + key.name for key in keys)


def _write(direction: str, keys: list[_Key], row: Model) -> str:
    return signing.dumps([direction, *[_plain(getattr(row, key.name)) for key in keys]], salt=_salt(keys))


def _plain(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | str):
        return value
    return value.isoformat() if isinstance(value, datetime.date | datetime.time) else str(value)


def _read(cursor: str, keys: list[_Key]) -> tuple[str, list[Any]] | None:
    try:
        direction, *values = signing.loads(cursor, salt=_salt(keys))
    except signing.BadSignature:
        return None
    return direction, [key.field.to_python(value) for key, value in zip(keys, values, strict=True)]
