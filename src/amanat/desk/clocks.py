"""The clocks of the desk, as the pack says: by when a request is to be answered, and an authority to be told of a breach."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from amanat import packs
from amanat.packs import lasting, toml
from amanat.packs.lasting import Lasting
from amanat.packs.loaders import Source

UNITS: Final = ("hours", "days", "months")
MOST: Final = 1_000
NEEDED: Final = ("request", "request_longer", "breach")


@dataclass(frozen=True, slots=True)
class Clock(Lasting):
    """What it is for, and how long it runs."""

    def rings(self, start: datetime) -> datetime:
        """The moment at which it has run out."""
        if self.unit == "hours":
            return start + timedelta(hours=self.amount)
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


CLOCKS = packs.register("clocks.toml", _read)


def clock(name: str) -> Clock:
    """A clock of this workspace's packs. Those in `NEEDED` are in the pack `core`, on which every country's is laid."""
    return packs.current().part(CLOCKS)[name]
