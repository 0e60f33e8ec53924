"""Calendars beside that of the country, by name: `[calendars.courts]` in `pack.toml`. Steps of a procedure may name one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from amanat.packs import toml
from amanat.packs.holidays import Holidays, read_holidays
from amanat.packs.labels import Label
from amanat.packs.loaders import Source, register
from amanat.packs.manifest import FILE, Manifest, read_weekend


@dataclass(frozen=True, slots=True)
class NamedCalendar:
    """Working days of somebody. What it does not say (None) is as in the country; `every_day`: no weekend and no holidays."""

    name: str
    title: Label
    every_day: bool = False
    own_weekend: frozenset[int] | None = None
    own_holidays: Holidays | None = None

    def weekend(self, country: Manifest) -> frozenset[int]:
        if self.every_day:
            return frozenset()
        return country.weekend if self.own_weekend is None else self.own_weekend

    def holidays(self, country: Manifest) -> Holidays | None:
        """None where there is none, in whatever year."""
        if self.every_day:
            return None
        return country.holidays if self.own_holidays is None else self.own_holidays


def read_calendars(source: Source) -> dict[str, NamedCalendar]:
    """Read `[calendars]` of the manifest; what else stands there is the manifest's own."""
    table = toml.read_table(Source(source.path, source.pack, source.languages, []), source.path)
    if table is None or "calendars" not in table.content:  # a manifest that can't be read was told
        return {}
    told: Mapping[str, object] = toml.Table(source, source.path, "", table.content).get("calendars", dict, {})
    found = {}
    for name, content in told.items():
        if isinstance(content, dict) and toml.NAME.fullmatch(name):
            found[name] = _read(toml.Table(source, source.path, f"calendars.{name}", content), name)
        else:
            source.fault(
                f"calendars.{name}",
                _("A calendar is a table with a plain name."),
                _("Write it like [calendars.courts]."),
            )
    return found


def _read(table: toml.Table, name: str) -> NamedCalendar:
    table.allow("title", "every_day", "weekend", "holidays")
    every_day = table.get("every_day", bool, False)
    if every_day and {"weekend", "holidays"} & table.content.keys():
        table.fault(_("A calendar of every day has no weekend and no holidays."), _("Take one out."), "every_day")
    return NamedCalendar(
        name=name,
        title=table.label("title") or Label({}),
        every_day=every_day,
        own_weekend=read_weekend(table) if "weekend" in table.content else None,
        own_holidays=read_holidays(table) if "holidays" in table.content else None,
    )


CALENDARS = register(FILE, read_calendars)
