"""How long each kind of record is kept, as a pack says. Erasing is the work of other rooms."""

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from amanat.packs import toml
from amanat.packs.labels import Label
from amanat.packs.loaders import Source, register

UNITS = ("days", "months", "years")


@dataclass(frozen=True, slots=True)
class Period:
    """One period: what is kept, from which moment it counts (`starts`, in words), how long, and who says so."""

    name: str
    label: Label
    starts: Label
    amount: int
    unit: str
    source: str
    verified: bool

    def ends(self, start: date) -> date:
        """Give the last day of keeping. A month that is too short ends on its last day (31 January → 28 February)."""
        if self.unit == "days":
            return start + timedelta(days=self.amount)
        months = start.year * 12 + start.month - 1 + self.amount * (12 if self.unit == "years" else 1)
        year, month = divmod(months, 12)
        return date(year, month + 1, min(start.day, calendar.monthrange(year, month + 1)[1]))


def _read_period(table: toml.Table) -> Period:
    name = table.need("name", str, "")
    table = table.named(name)
    table.allow("name", "label", "starts", "source", "verified", *UNITS)
    units = [unit for unit in UNITS if unit in table.content]
    if len(units) != 1:
        table.fault(_("A period needs one length."), _("Write one of days, months or years."))
    unit = units[0] if units else "days"
    amount = table.get(unit, int, 1)
    if not 1 <= amount <= 36_500:
        table.fault(_("This length makes no sense."), _("Write a number between 1 and 36500."), unit)
    return Period(
        name=name,
        label=table.label("label") or Label({}),
        starts=table.label("starts") or Label({}),
        amount=amount,
        unit=unit,
        source=table.need("source", str, ""),
        verified=table.need("verified", bool, False),
    )


def read_periods(source: Source) -> dict[str, Period]:
    """Read `retention.toml`."""
    table = toml.read_table(source, source.path)
    if table is None:
        return {}
    table.allow("period")
    periods: dict[str, Period] = {}
    for period in (_read_period(found) for found in table.tables("period")):
        if period.name in periods:
            table.fault(
                _("The period %(name)s stands here twice.") % {"name": period.name}, _("Take one out."), "period"
            )
        periods[period.name] = period
    return periods


RETENTION = register("retention.toml", read_periods)
