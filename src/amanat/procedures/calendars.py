"""By when something is due where people work: minutes and hours as they pass, days, working days and months of the country's calendar."""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from amanat.packs.holidays import Holidays
from amanat.packs.lasting import months_later
from amanat.packs.pack import Pack

UNITS: Final = ("minutes", "hours", "days", "working_days", "months")


@dataclass(frozen=True, slots=True)
class Span:
    """How long something may take: an amount, at least 1, of one of `UNITS`."""

    amount: int
    unit: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """`at`: the moment (UTC) from which it is late. `last_day`: the last day of the country on which it is in time.

    `to_the_hour`: it was counted in hours or minutes; otherwise the whole last day is in time. `is_sure` is False where working days
    were counted through a year whose holidays nobody listed or checked: it may then be a day or more too early.
    """

    at: datetime
    last_day: date
    to_the_hour: bool = False
    is_sure: bool = True


@dataclass(frozen=True)
class Calendar:
    """The time zone, weekend (as `date.weekday()` counts) and holidays by which a country counts.

    `holidays` is None where every year is known to have none. `others`: calendars of somebody in it, by name.
    """

    zone: tzinfo
    weekend: Set[int] = frozenset()
    holidays: Holidays | None = field(default_factory=Holidays)
    others: Mapping[str, Calendar] = field(default_factory=dict)

    @classmethod
    def of(cls, pack: Pack) -> Calendar:
        """That of a country, with those that its pack names."""
        country = pack.manifest
        others = {
            name: cls(country.time_zone, one.weekend(country), one.holidays(country))
            for name, one in pack.calendars.items()
        }
        return cls(country.time_zone, country.weekend, country.holidays, others)

    def named(self, name: str) -> Calendar:
        """The calendar of this name; "" is this one."""
        return self.others[name] if name else self

    def is_working(self, day: date) -> bool:
        if self.holidays is None:
            return day.weekday() not in self.weekend
        return day in self.holidays.worked or (day.weekday() not in self.weekend and day not in self.holidays)

    def deadline(self, began: datetime, span: Span) -> Deadline:
        """By when what began at this moment is due. The day on which it began is not counted.

        Raises:
            ValueError: the moment names no time zone.
        """
        if began.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        if span.unit in ("minutes", "hours"):
            at = began.astimezone(UTC) + timedelta(**{span.unit: span.amount})
            return Deadline(at, at.astimezone(self.zone).date(), to_the_hour=True)
        first = began.astimezone(self.zone).date()
        last = self._last_day(first, span)
        is_sure = span.unit != "working_days" or self._is_known(first.year, last.year)
        return Deadline(self._end_of(last), last, is_sure=is_sure)

    def _is_known(self, first: int, last: int) -> bool:
        return self.holidays is None or all(map(self.holidays.are_known, range(first, last + 1)))

    def _last_day(self, first: date, span: Span) -> date:
        if span.unit == "days":
            return first + timedelta(days=span.amount)
        return months_later(first, span.amount) if span.unit == "months" else self._working_day(first, span.amount)

    def _working_day(self, first: date, amount: int) -> date:
        day = first
        while amount:
            day += timedelta(days=1)
            amount -= self.is_working(day)
        return day

    def _end_of(self, day: date) -> datetime:
        """Midnight at its end; where clocks are put forward over midnight, the moment at which they are."""
        return datetime.combine(day + timedelta(days=1), time.min, tzinfo=self.zone).astimezone(UTC)
