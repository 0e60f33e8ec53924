"""What a verb changed in an entry, for the log: each field, what stood there before, and what stands there now."""

from __future__ import annotations

from typing import Any, NamedTuple

from amanat.access.actor import Actor
from amanat.directory.models import Service
from amanat.directory.rows import Named


class Changed(NamedTuple):
    """An entry as it is now, with (field, before, now) as text."""

    row: Named
    differences: list[tuple[str, str, str]]

    def __str__(self) -> str:
        told = (f"{name.replace('_', ' ')}: {before or '-'} → {now or '-'}" for name, before, now in self.differences)
        return f"{self.row} ({'; '.join(told)})" if self.differences else str(self.row)


def hold(row: Named) -> None:
    """Read anew under a lock, so that the log tells what was replaced and not what a page showed."""
    row.refresh_from_db(from_queryset=type(row)._default_manager.select_for_update(no_key=True))


def change(row: Named, fields: dict[str, Any], actor: Actor) -> Changed:
    """Write the fields. What stood in other languages beside a text that is another one now is dropped with it."""
    hold(row)
    before = {name: getattr(row, name) for name in fields}
    differences = [(name, _told(before[name]), _told(now)) for name, now in fields.items() if before[name] != now]
    for name, now in fields.items():
        setattr(row, name, now)
    row.texts = {column: told for column, told in row.texts.items() if column not in {name for name, *_ in differences}}
    touch(row, actor, *fields, "texts")
    return Changed(row, differences)


def touch(row: Named, actor: Actor, *fields: str) -> None:
    """Save, with when it was."""
    if isinstance(row, Service):
        row.last_modified = actor.now
        fields = (*fields, "last_modified")
    row.save(update_fields=fields)


def _told(value: Any) -> str:
    return ", ".join(value) if isinstance(value, list) else "" if value is None else str(value)
