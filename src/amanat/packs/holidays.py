"""Holidays of a country, as `pack.toml` says them: the same day each year, and those that move, listed year by year."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from django.utils.translation import gettext as _

from amanat.packs import toml

MOST_YEARLY: Final = 60
"""More free days than any country has: whoever writes more has mistaken the key, and nothing would ever be due."""

_DAY: Final = re.compile(r"(?P<month>\d\d)-(?P<day>\d\d)")


@dataclass(frozen=True, slots=True)
class Holidays:
    """`yearly` holds (month, day); `by_year` the years that are listed, each with its other free days.

    `worked`: days of a weekend on which people work.
    """

    yearly: frozenset[tuple[int, int]] = frozenset()
    by_year: Mapping[int, frozenset[date]] = field(default_factory=dict)
    worked: frozenset[date] = frozenset()
    source: str = ""
    verified: bool = False

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and (
            (day.month, day.day) in self.yearly or day in self.by_year.get(day.year, frozenset())
        )

    def are_known(self, year: int) -> bool:
        """Whether somebody listed this year, and somebody checked the list."""
        return self.verified and year in self.by_year


def read_holidays(table: toml.Table) -> Holidays:
    """Read `[holidays]` of the manifest's table; without it no day is a holiday, and no year is known."""
    if "holidays" not in table.content:
        return Holidays()
    where = f"{table.where}.holidays".strip(".")
    table = toml.Table(table.source, table.file, where, table.need("holidays", dict, {}))
    table.allow("yearly", "year", "source", "verified")
    years = table.tables("year") if "year" in table.content else []
    for year in years:
        year.allow("year", "days", "worked")
    listed = {year.need("year", int, 0): year for year in years}
    if len(listed) < len(years):
        table.fault(_("A year stands here twice."), _("Put its days into one table."), "year")
    return Holidays(
        yearly=_yearly(table),
        by_year={number: _days(year, number, "days") for number, year in listed.items()},
        worked=frozenset().union(*(_days(year, number, "worked") for number, year in listed.items())),
        source=table.need("source", str, ""),
        verified=table.need("verified", bool, False),
    )


def _yearly(table: toml.Table) -> frozenset[tuple[int, int]]:
    written = table.words("yearly")
    days = {(int(found["month"]), int(found["day"])) for found in map(_DAY.fullmatch, written) if found}
    real = {day for day in days if _is_a_day(*day)}
    if len(real) < len(written):
        table.fault(
            _("A yearly holiday is a month and a day, once."), _('Write them like ["01-01", "03-08"].'), "yearly"
        )
    if len(real) > MOST_YEARLY:
        table.fault(
            _("These are too many yearly holidays."), _("Write %(most)d at most.") % {"most": MOST_YEARLY}, "yearly"
        )
    return frozenset(real)


def _is_a_day(month: int, day: int) -> bool:
    try:
        date(2024, month, day)  # a leap year: 29 February may be a holiday, too
    except ValueError:
        return False
    return True


def _days(table: toml.Table, year: int, key: str) -> frozenset[date]:
    written = table.get(key, list, [])
    days = [day for day in written if isinstance(day, date) and not isinstance(day, datetime) and day.year == year]
    if len(days) < len(written):
        table.fault(
            _("Here stand days of this year, without quotes."),
            _("Write them like [%(year)d-04-13].") % {"year": year},
            key,
        )
    return frozenset(days)
