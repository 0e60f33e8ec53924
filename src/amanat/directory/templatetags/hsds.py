"""Tables and columns of HSDS in words."""

from __future__ import annotations

from django import template

from amanat.directory.wording import COLUMNS, TABLE_NAMES

register = template.Library()


@register.filter
def table_name(table: str) -> str:
    return str(TABLE_NAMES.get(table, table))


@register.filter
def column_name(column: str) -> str:
    """In words, where a person may have to read it; else as the standard calls it."""
    return str(COLUMNS.get(column, column))
