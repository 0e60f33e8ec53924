"""Clocks that are no steps of a case, as the pack says: by when a request is to be answered, an authority to be told of a breach, and
after how long what waits goes on to the next person.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from amanat.packs import lasting, toml
from amanat.packs.lasting import Lasting
from amanat.packs.loaders import Source, register
from amanat.packs.pack import current

UNITS: Final = ("minutes", "hours", "days", "months")
MOST: Final = 1_000
NEEDED: Final = ("request", "request_longer", "breach", "alert_next", "late_to_deputy", "late_to_supervisor")


@dataclass(frozen=True, slots=True)
class Clock(Lasting):
    """What it is for, and how long it runs."""

    def rings(self, start: datetime) -> datetime:
        """The moment at which it has run out."""
        if self.unit in ("minutes", "hours"):
            return start + timedelta(**{self.unit: self.amount})
        return datetime.combine(self.last_day(start.date()), start.timetz())


def _read_clock(table: toml.Table) -> Clock:
    name = table.need("name", str, "")
    table = table.named(name)
    table.allow("name", "label", "source", "verified", *UNITS)
    return Clock(**lasting.read(table, name, UNITS, MOST, _("A clock needs one length.")))


def _read(source: Source) -> dict[str, Clock]:
    """Read `clocks.toml`."""
    table = toml.read_table(source, source.path)
    if table is None:
        return {}
    table.allow("clock")
    return {clock.name: clock for clock in map(_read_clock, table.tables("clock"))}


CLOCKS = register("clocks.toml", _read)


def clock(name: str) -> Clock:
    """A clock of this workspace's packs. Those in `NEEDED` are in the pack `core`, on which every country's is laid."""
    return current().part(CLOCKS)[name]
