"""What lasts for some time, as a pack says: a period of keeping, a clock. How long, and who says so."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from amanat.packs import toml
from amanat.packs.labels import Label

IN_A_DAY = {"minutes": 24 * 60, "hours": 24, "days": 1}


@dataclass(frozen=True, slots=True)
class Lasting:
    """An amount of one unit: minutes, hours, days, months or years."""

    name: str
    label: Label
    amount: int
    unit: str
    source: Label
    verified: bool

    def last_day(self, start: date) -> date:
        """The last day of it, of hours and minutes in whole days."""
        if self.unit in IN_A_DAY:
            return start + timedelta(days=self.amount // IN_A_DAY[self.unit])
        return months_later(start, self.amount * (12 if self.unit == "years" else 1))


def months_later(day: date, months: int) -> date:
    """The same day of a later month; a month that is too short ends it on its last day (31 January → 28 February)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def read(table: toml.Table, name: str, units: Sequence[str], most: int, otherwise: str) -> dict[str, Any]:
    """The fields of a `Lasting`, of a table that has one of these units; `otherwise` is what is told there."""
    named = [unit for unit in units if unit in table.content]
    if len(named) != 1:
        table.fault(otherwise, _("Write one of: %(names)s.") % {"names": ", ".join(units)})
    unit = named[0] if named else "days"
    amount = table.get(unit, int, 1)
    if not 1 <= amount <= most:
        table.fault(
            _("This length makes no sense."), _("Write a number between 1 and %(most)s.") % {"most": most}, unit
        )
    return {
        "name": name,
        "label": table.label("label") or Label({}),
        "amount": amount,
        "unit": unit,
        "source": table.citation(),
        "verified": table.need("verified", bool, False),
    }
