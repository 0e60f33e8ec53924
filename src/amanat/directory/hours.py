"""When a service is open: schedules of HSDS (a part of RFC 5545) in the time zone of its place. Pure: rows and a moment go in.

Weekly and monthly rules with days of the week, days of the month, an interval and an end are understood. Any other rule, and one
without hours, counts as not told. Holidays are nobody's column in HSDS: pages say that hours are as they were told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final

from dateutil.rrule import MO, MONTHLY, WEEKLY, rrule, weekday, weekdays

AHEAD: Final = 62
"""Days in which the next opening is looked for; ours."""
LONGEST: Final = 120
"""Weeks or months between two turns of a rule; ours."""
_LAST_MINUTE: Final = time(23, 59)  # so many a system writes the end of the day
_FREQUENCIES: Final = {"WEEKLY": WEEKLY, "MONTHLY": MONTHLY}
_DAYS: Final = dict(zip(("MO", "TU", "WE", "TH", "FR", "SA", "SU"), weekdays, strict=True))
_DAY: Final = re.compile(r"(?P<nth>[+-]?\d{1,2})?(?P<day>MO|TU|WE|TH|FR|SA|SU)")
_TIME: Final = re.compile(r"\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)?")


@dataclass(frozen=True, slots=True)
class Told:
    """The columns of a schedule that say when, as HSDS names them; texts as they were told."""

    freq: str = ""
    byday: str = ""
    bymonthday: str = ""
    interval: int | None = None
    dtstart: date | None = None
    wkst: str = ""
    until: date | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    opens_at: str = ""
    closes_at: str = ""
    timezone: str = ""
    count: int | None = None
    byweekno: str = ""
    byyearday: str = ""

    @classmethod
    def of(cls, row: Any) -> Told:
        return cls(*(getattr(row, name) for name in COLUMNS))


COLUMNS: Final = tuple(one.name for one in fields(Told))


class State(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    NOT_TOLD = "not_told"


@dataclass(frozen=True, slots=True)
class Hours:
    """How it stands at a moment. `until`: when an open one closes, None where it stays open beyond what is looked at;
    `opens`: when a closed one opens next, None where it does not within `AHEAD` days. Both in UTC.
    """

    state: State
    until: datetime | None = None
    opens: datetime | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """Which days. `start` is told only where the interval counts from it."""

    freq: int
    interval: int
    byday: tuple[weekday, ...]
    bymonthday: tuple[int, ...]
    start: date | None
    wkst: weekday


@dataclass(frozen=True, slots=True)
class Opening:
    """A schedule that is understood: from when to when, on the days of its rule that lie between `first` and `last`."""

    rule: Rule
    opens: time
    closes: time
    opens_in: tzinfo
    closes_in: tzinfo
    first: date
    last: date

    def is_open(self, at: datetime) -> bool:
        local = at.astimezone(self.opens_in)
        day = local.date()
        for began in (day, day - timedelta(days=1)):
            if self.first <= began <= self.last and began in _in_month(self.rule, began.replace(day=1)):
                begins, ends = self._span(began)
                if begins <= at < ends:
                    return True
        return False

    def spans(self, first: date, last: date) -> Iterator[tuple[datetime, datetime]]:
        """Begin and end (UTC) of what begins on these days; what ends before it begins goes over midnight."""
        for day in days_of(self.rule, max(first, self.first), min(last, self.last)):
            yield self._span(day)

    def _span(self, day: date) -> tuple[datetime, datetime]:
        begins = datetime.combine(day, self.opens, self.opens_in).astimezone(UTC)
        ends = datetime.combine(day, self.closes, self.closes_in).astimezone(UTC)
        if ends <= begins:
            ends = datetime.combine(day + timedelta(days=1), self.closes, self.closes_in).astimezone(UTC)
        return begins, ends


def hours_at(schedules: Iterable[Told], at: datetime, zone: tzinfo) -> Hours:
    """How a place with these schedules stands at a moment; `zone` counts where neither times nor schedule name one.

    The next opening, and the end of this one, are looked for within `AHEAD` days.
    """
    told = [understood(one, zone) for one in schedules]
    openings = [one for one in told if one is not None]
    around, all_told = at.astimezone(UTC), bool(told) and len(openings) == len(told)
    first, last = around.date() - timedelta(days=2), around.date() + timedelta(days=AHEAD)
    for begins, ends in _joined(span for one in openings for span in one.spans(first, last)):
        if begins <= around < ends:
            return Hours(State.OPEN, until=ends if ends.date() < last else None)
        if begins > around:
            return Hours(State.CLOSED if all_told else State.NOT_TOLD, opens=begins)
    return Hours(State.CLOSED if all_told else State.NOT_TOLD)


def state_at(schedules: Iterable[Told], at: datetime, zone: tzinfo) -> State:
    """What `hours_at` says of the moment itself, for who asks it of thousands."""
    is_told, all_told = False, True
    for one in schedules:
        opening = understood(one, zone)
        is_told, all_told = True, all_told and opening is not None
        if opening is not None and opening.is_open(at):
            return State.OPEN
    return State.CLOSED if is_told and all_told else State.NOT_TOLD


def days_of(rule: Rule, first: date, last: date) -> Iterator[date]:
    """The days of a rule from `first` to `last`, in order."""
    month = first.replace(day=1)
    while month <= last:
        yield from sorted(day for day in _in_month(rule, month) if first <= day <= last)
        month = (month + timedelta(days=31)).replace(day=1)


@lru_cache(maxsize=8192)
def _in_month(rule: Rule, month: date) -> frozenset[date]:
    """Agencies open at few different times, so most answers are there already."""
    start = _start(rule, month)
    end = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    found = rrule(
        rule.freq,
        dtstart=datetime.combine(start, time.min),
        interval=rule.interval,
        wkst=rule.wkst,
        byweekday=rule.byday or None,
        bymonthday=rule.bymonthday or None,
        until=datetime.combine(end, time.min),
    )
    return frozenset(moment.date() for moment in found if moment.date() >= month)


def _start(rule: Rule, month: date) -> date:
    """Where to begin counting: not years before, where that changes nothing."""
    if rule.start is None or (rule.interval == 1 and rule.start < month):
        return month
    if rule.freq == WEEKLY and rule.start < month:
        step = 7 * rule.interval
        return rule.start + timedelta(days=(month - rule.start).days // step * step)
    return rule.start


@lru_cache(maxsize=4096)
def understood(schedule: Told, zone: tzinfo) -> Opening | None:
    """None for what is not understood, which is better than hours that are wrong."""
    opens, closes = _clock(schedule.opens_at), _clock(schedule.closes_at)
    rule = _rule(schedule)
    if opens is None or closes is None or rule is None:
        return None
    own = _offset(schedule.timezone) or zone
    begins = [day for day in (schedule.valid_from, schedule.dtstart) if day]
    ends = [day for day in (schedule.valid_to, schedule.until) if day]
    until = time.min if closes[0] == _LAST_MINUTE else closes[0]
    return Opening(
        rule,
        *(opens[0], until, opens[1] or own, closes[1] or opens[1] or own),
        first=max(begins, default=date.min),
        last=min(ends, default=date.max),
    )


def _rule(schedule: Told) -> Rule | None:
    if schedule.count or schedule.byweekno or schedule.byyearday or (schedule.interval or 1) > LONGEST:
        return None
    start, interval = schedule.dtstart, schedule.interval or 1
    byday, bymonthday = _weekdays(schedule.byday), _monthdays(schedule.bymonthday)
    freq = _FREQUENCIES.get(schedule.freq)
    if freq is None or byday is None or bymonthday is None or (interval > 1 and start is None):
        return None
    if not byday and not bymonthday:
        if start is None:
            return None
        byday, bymonthday = ((weekdays[start.weekday()],), ()) if freq == WEEKLY else ((), (start.day,))
    return Rule(freq, interval, byday, bymonthday, start if interval > 1 else None, _DAYS.get(schedule.wkst, MO))


def _weekdays(told: str) -> tuple[weekday, ...] | None:
    found = [_DAY.fullmatch(one.strip()) for one in told.upper().split(",") if one.strip()]
    if not all(found):
        return None
    return tuple(
        _DAYS[one["day"]](int(one["nth"])) if int(one["nth"] or 0) else _DAYS[one["day"]] for one in found if one
    )


def _monthdays(told: str) -> tuple[int, ...] | None:
    days = [one.strip() for one in told.split(",") if one.strip()]
    if not all(re.fullmatch(r"[+-]?\d{1,2}", one) and 1 <= abs(int(one)) <= 31 for one in days):
        return None
    return tuple(int(one) for one in days)


def _clock(told: str) -> tuple[time, tzinfo | None] | None:
    """A time of the day, and the zone that it names."""
    try:
        found = time.fromisoformat(told) if _TIME.fullmatch(told) else None
    except ValueError:
        return None
    return None if found is None else (found.replace(tzinfo=None), found.tzinfo)


def _offset(told: str) -> tzinfo | None:
    """HSDS names a zone by its hours from UTC."""
    try:
        return timezone(timedelta(hours=float(told))) if told else None
    except (ValueError, OverflowError):
        return None


def _joined(spans: Iterable[tuple[datetime, datetime]]) -> Sequence[tuple[datetime, datetime]]:
    """In order, those that meet as one."""
    found: list[tuple[datetime, datetime]] = []
    for begins, ends in sorted(spans):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return found
