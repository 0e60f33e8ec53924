"""The clocks of the desk, as the pack says: by when a request is to be answered, and an authority to be told of a breach."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from amanat import packs
from amanat.packs import toml
from amanat.packs.labels import Label
from amanat.packs.loaders import Source

UNITS: Final = ("hours", "days", "months")
NEEDED: Final = ("request", "request_longer", "breach")


@dataclass(frozen=True, slots=True)
class Clock:
    """One clock: what it is for, how long it runs, and who says so."""

    name: str
    label: Label
    amount: int
    unit: str
    source: str
    verified: bool

    def rings(self, start: datetime) -> datetime:
        """The moment at which it has run out; of months, the same day of a later month (31 January → 28 February)."""
        if self.unit == "hours":
            return start + timedelta(hours=self.amount)
        return datetime.combine(self.last_day(start.date()), start.timetz())

    def last_day(self, start: date) -> date:
        """The last day on which it has not run out yet."""
        if self.unit == "months":
            year, month = divmod(start.year * 12 + start.month - 1 + self.amount, 12)
            return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))
        return start + timedelta(days=self.amount if self.unit == "days" else self.amount // 24)


def _read_clock(table: toml.Table) -> Clock:
    name = table.need("name", str, "")
    table = table.named(name)
    table.allow("name", "label", "source", "verified", *UNITS)
    units = [unit for unit in UNITS if unit in table.content]
    if len(units) != 1:
        table.fault(_("A clock needs one length."), _("Write one of hours, days or months."))
    unit = units[0] if units else "days"
    amount = table.get(unit, int, 1)
    if not 1 <= amount <= 1_000:
        table.fault(_("This length makes no sense."), _("Write a number between 1 and 1000."), unit)
    return Clock(
        name=name,
        label=table.label("label") or Label({}),
        amount=amount,
        unit=unit,
        source=table.need("source", str, ""),
        verified=table.need("verified", bool, False),
    )


def _read(source: Source) -> dict[str, Clock]:
    """Read `clocks.toml`."""
    table = toml.read_table(source, source.path)
    if table is None:
        return {}
    table.allow("clock")
    return {clock.name: clock for clock in map(_read_clock, table.tables("clock"))}


CLOCKS = packs.register("clocks.toml", _read)


def clock(name: str) -> Clock:
    """A clock of this workspace's packs. Those in `NEEDED` are in the pack `core`, on which every country's is laid."""
    return packs.current().part(CLOCKS)[name]
