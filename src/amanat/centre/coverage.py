"""How well a house is staffed over a time. Pure: shifts and the rule go in, spans with how many are on come out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import Generic, TypeVar

Worker = TypeVar("Worker")
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class On(Generic[Worker]):
    """Somebody is on from `starts` until `ends` (aware moments)."""

    worker: Worker
    starts: datetime
    ends: datetime


@dataclass(frozen=True, slots=True)
class Least:
    """How many have to be on. Night is by the clock of the place, also where it is set forward or back."""

    by_day: int
    by_night: int
    night_from: time
    night_until: time

    def at(self, moment: datetime, zone: tzinfo) -> int:
        return self.by_night if self.is_night(moment.astimezone(zone).time()) else self.by_day

    def is_night(self, clock: time) -> bool:
        if self.night_from < self.night_until:
            return self.night_from <= clock < self.night_until
        return clock >= self.night_from or clock < self.night_until


@dataclass(frozen=True, slots=True)
class Span:
    """From `starts` until `ends` so many are on; `least` should be."""

    starts: datetime
    ends: datetime
    on: int
    least: int

    @property
    def is_short(self) -> bool:
        return self.on < self.least

    @property
    def missing(self) -> int:
        return max(0, self.least - self.on)

    @property
    def is_empty(self) -> bool:
        return self.on == 0 and self.least > 0


def spans(shifts: Iterable[On[Worker]], least: Least, zone: tzinfo, begins: datetime, ends: datetime) -> list[Span]:
    """The whole time from `begins` to `ends` in spans that differ; one worker in two shifts counts once."""
    shifts = list(shifts)
    cuts = {begins, ends, *_nights(least, zone, begins, ends)}
    cuts |= {moment for shift in shifts for moment in (shift.starts, shift.ends) if begins < moment < ends}
    found: list[Span] = []
    for first, last in pairwise(sorted(cuts)):
        on = len({shift.worker for shift in shifts if shift.starts <= first and shift.ends >= last})
        span = Span(first, last, on, least.at(first, zone))
        if found and (found[-1].on, found[-1].least) == (span.on, span.least):
            found[-1] = Span(found[-1].starts, span.ends, span.on, span.least)
        else:
            found.append(span)
    return found


def _nights(least: Least, zone: tzinfo, begins: datetime, ends: datetime) -> Iterator[datetime]:
    """The moments at which night begins or ends, by the clock of the place."""
    day = begins.astimezone(zone).date() - DAY
    while day <= ends.astimezone(zone).date() + DAY:
        for clock in (least.night_from, least.night_until):
            moment = datetime.combine(day, clock, zone).astimezone(begins.tzinfo)
            if begins < moment < ends:
                yield moment
        day += DAY


def overlaps(shifts: Sequence[On[Worker]]) -> list[tuple[On[Worker], On[Worker]]]:
    """Pairs in which one worker is on twice at once."""
    return [
        (one, other)
        for number, one in enumerate(shifts)
        for other in shifts[number + 1 :]
        if one.worker == other.worker and one.starts < other.ends and other.starts < one.ends
    ]
