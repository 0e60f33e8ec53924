"""*Find a service for this child*: what fits first, the nearest first, and of each why it fits or not. A pure question to the directory.

The database narrows by need, region and what is active; the rest is compared in memory, up to `candidates.MOST` services.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.core import signing
from django.db.models import QuerySet
from django.utils import timezone

from amanat.directory.candidates import (
    MOST,
    Facts,
    Place,
    facts_of,
    narrowed,
    read_hours,
    read_places,
    read_words,
    told,
)
from amanat.directory.judging import Reason, Verdict, Wanted, reasons, verdicts
from amanat.directory.models import Service
from amanat.directory.nearness import Point, distance_km
from amanat.web.paging import PAGE_SIZE, count_text

CONFIRMED_FOR: Final = timedelta(days=90)
"""An entry that nobody confirmed for so long is marked, and asked for."""
_SALT: Final = "amanat.directory.finding"
_FAR: Final = 99_999.0  # behind every distance on earth

Key = tuple[int, float, int, str, str]


@dataclass(frozen=True, slots=True)
class Fit:
    """A service and why it fits. `distance_km` is None where it is not known; `said`: what is told and was not asked for."""

    service: Service
    places: Sequence[Place]
    distance_km: float | None
    fits: list[Reason]
    misfits: list[Reason]
    asks: list[Reason]
    said: list[Reason]
    is_old: bool

    @property
    def is_fitting(self) -> bool:
        return not self.misfits


@dataclass(frozen=True, slots=True)
class Found:
    """One page, as `web.paging.Page`. `fitting`: how many fit of all; `too_many`: there are more than are compared."""

    rows: list[Fit]
    next_cursor: str = ""
    previous_cursor: str = ""
    count: int = 0
    fitting: int = 0
    too_many: bool = False

    @property
    def count_text(self) -> str:
        return count_text(self.count)


def find(wanted: Wanted, *, now: datetime, cursor: str = "", services: QuerySet[Service] | None = None) -> Found:
    """The page at `cursor` of all services that are for this need and region, or of which that is not told. `services`: how they are
    read, with what the page says of each besides.
    """
    rows = narrowed(wanted.need, wanted.region)
    facts = facts_of(told(rows, wanted.need, wanted.region, wanted.languages))
    too_many, facts = len(facts) > MOST, facts[:MOST]
    compares_places = wanted.near or wanted.open_at
    if compares_places:
        read_places(facts, rows.order_by("name", "id").values("pk")[:MOST])
    likely = _by_their_hours(wanted, facts, now)
    others = sorted((_key(wanted, one, now), number) for number, one in enumerate(facts) if number not in likely)
    first, last = _window(others, cursor)
    in_sight = [facts[number] for _key_of, number in others[first:last]]
    if not compares_places:
        read_places(in_sight, [one.id for one in in_sight])
    in_sight += [facts[number] for number in likely]
    read_hours(in_sight, [one.id for one in in_sight])
    ordered = sorted([*others, *((_key(wanted, facts[number], now), number) for number in likely)])
    first, last = _window(ordered, cursor)
    shown = [facts[number] for _key_of, number in ordered[first:last]]
    read_words(shown, [one.id for one in shown])
    return Found(
        rows=_fits(wanted, shown, now, Service.objects.all() if services is None else services),
        next_cursor=_write("after", ordered[last - 1][0]) if shown and last < len(ordered) else "",
        previous_cursor=_write("before", ordered[first][0]) if shown and first else "",
        count=len(ordered),
        fitting=bisect_left(ordered, ((1, -1.0, 0, "", ""), 0)),
        too_many=too_many,
    )


def _by_their_hours(wanted: Wanted, facts: list[Facts], now: datetime) -> set[int]:
    """Which have their place in the order by their hours: those alone that fit in all else, for hours are many rows. All others stand
    where they stand, so that hours of those of them are read that this page can show."""
    if not wanted.open_at:
        return set()
    else_wanted = replace(wanted, open_at=None)
    return {number for number, one in enumerate(facts) if Verdict.MISFIT not in verdicts(else_wanted, one, now)}


def needs_confirming(confirmed_on: date | None, now: datetime) -> bool:
    """Whether nobody confirmed it for 90 days."""
    return confirmed_on is None or confirmed_on < timezone.localdate(now) - CONFIRMED_FOR


def _key(wanted: Wanted, facts: Facts, now: datetime) -> Key:
    """By how much does not fit, how far it is, how much has to be asked, and the name."""
    judged = verdicts(wanted, facts, now)
    far = _distance(wanted.near, facts)
    return (
        judged.count(Verdict.MISFIT),
        _FAR if far is None else far,
        judged.count(Verdict.ASK),
        facts.name.casefold(),
        facts.id.hex,
    )


def _distance(near: Point | None, facts: Facts) -> float | None:
    """To the nearest place of a service, in km, to a tenth."""
    if near is None:
        return None
    known = [distance_km(near, point) for point in facts.points]
    return round(min(known), 1) if known else None


def _fits(wanted: Wanted, shown: Sequence[Facts], now: datetime, services: QuerySet[Service]) -> list[Fit]:
    found = services.select_related("organization").in_bulk([one.id for one in shown])
    return [_fit(found[one.id], wanted, one, now) for one in shown if one.id in found]


def _fit(service: Service, wanted: Wanted, facts: Facts, now: datetime) -> Fit:
    given = reasons(wanted, facts, now)
    of = {verdict: [reason for reason in given if reason.verdict is verdict] for verdict in Verdict}
    return Fit(
        service,
        facts.places,
        _distance(wanted.near, facts),
        *(of[Verdict.FITS], of[Verdict.MISFIT], of[Verdict.ASK], of[Verdict.SAID]),
        is_old=needs_confirming(service.confirmed_on, now),
    )


def _window(ordered: Sequence[tuple[Key, int]], cursor: str) -> tuple[int, int]:
    """From where to where the page goes; a cursor that is not ours begins at the first page."""
    try:
        direction, *key = signing.loads(cursor, salt=_SALT)
    except signing.BadSignature:
        return 0, min(PAGE_SIZE, len(ordered))
    at: Any = tuple(key)
    if direction == "before":
        last = bisect_left(ordered, (at, -1))
        return max(0, last - PAGE_SIZE), last
    first = bisect_right(ordered, (at, len(ordered)))
    return first, min(first + PAGE_SIZE, len(ordered))


def _write(direction: str, key: Key) -> str:
    return signing.dumps([direction, *key], salt=_SALT)
