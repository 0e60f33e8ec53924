"""Questions about shifts: who is on, a week of a house with its gaps, and the shifts of one worker. Verbs: `actions.shifts`."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from django.db.models import Q, QuerySet

from amanat.access.actor import Actor
from amanat.access.policy import Verb, may_do
from amanat.centre import coverage
from amanat.centre.models import House, Shift, ShiftRule
from amanat.centre.opening import open_house
from amanat.centre.places import zone_of
from amanat.centre.shift_terms import shift_terms
from amanat.people.models import Membership, Role

SOONEST: Final = timedelta(hours=1)
"""So long before it begins a shift can be taken over (ours)."""
LATE: Final = timedelta(hours=1)
"""So long after it began whoever arranges the houses hears that a shift was not taken over (ours)."""
LONGEST: Final = timedelta(hours=24)
WEEK: Final = timedelta(days=7)
MOST: Final = 400  # shifts of a week
AHEAD: Final = 25  # of one worker


@dataclass(frozen=True)
class Day:
    """A day of the week with its shifts and the times at which too few are on."""

    day: date
    shifts: list[Shift]
    short: list[coverage.Span]


@dataclass(frozen=True)
class Week:
    house: House
    first: date
    days: list[Day]
    twice: list[tuple[coverage.On[uuid.UUID], coverage.On[uuid.UUID]]]
    least: coverage.Least
    is_set: bool  # by the supervisor of the house; else the numbers are the pack's

    @property
    def before(self) -> date:
        return self.first - WEEK

    @property
    def after(self) -> date:
        return self.first + WEEK

    @property
    def is_short(self) -> bool:
        return any(day.short for day in self.days)

    @property
    def is_empty(self) -> bool:
        return not any(day.shifts for day in self.days)


def roles_on_shift() -> list[Role]:
    """Who can be on: whoever the policy lets take over a shift."""
    return [role for role in Role if may_do(Verb.SHIFT_TAKE_OVER, role=role, relations=frozenset())]


def who_could(house: House, now: datetime) -> QuerySet[Membership]:
    rows = Membership.objects.current(now).filter(agency=house.agency_id, role__in=roles_on_shift())
    return rows.filter(user__is_active=True).select_related("user").order_by("user__display_name", "pk")


def on_now(house: House, now: datetime) -> list[Membership]:
    """Who is on in a house now, also where nobody has taken over yet."""
    return [shift.worker for shift in _on(house, now).select_related("worker__user", "worker__agency")]


def until_of(house: House, worker: Membership, now: datetime) -> datetime | None:
    """When the shift of a worker who is on ends; None for who is not."""
    return max(_on(house, now).filter(worker=worker).values_list("ends", flat=True), default=None)


def _on(house: House, now: datetime) -> QuerySet[Shift]:
    return Shift.objects.filter(house=house, cancelled_at=None, starts__lte=now, ends__gt=now).order_by("starts", "id")


def was_there(house: House, actor: Actor, at: datetime) -> bool:
    """Whether the actor can have been in a house at a moment, as far as its shifts say: they were on, or had taken over early. Of those
    whose role has no shifts, and of a house that arranges none, they say nothing."""
    rows = Shift.objects.filter(house=house, cancelled_at=None)
    if not actor.may(Verb.SHIFT_TAKE_OVER) or not rows.exists():
        return True
    there = Q(starts__lte=at) | Q(begun_at__lte=at)
    return rows.filter(there, worker__user=actor.user, ends__gt=at).exists()


def least_of(house: House) -> tuple[coverage.Least, bool]:
    """How many have to be on, and whether the house's supervisor set it."""
    terms, rule = shift_terms(), ShiftRule.objects.filter(house=house).first()
    by_day, by_night = (rule.by_day, rule.by_night) if rule else (terms.by_day, terms.by_night)
    return coverage.Least(by_day, by_night, terms.night_from, terms.night_until), rule is not None


def monday(text: str, today: date) -> date:
    """The first day of the week that an address asks for; of this week where it asks for none."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = today
    return day - timedelta(days=day.weekday())


def week(house: House, first: date) -> Week:
    """Two queries, however many shifts there are."""
    zone, (least, is_set) = zone_of(house), least_of(house)
    begins, ends = _begins(first, zone), _begins(first + WEEK, zone)
    rows = Shift.objects.filter(house=house, cancelled_at=None, starts__lt=ends, ends__gt=begins)
    found = list(rows.select_related("worker__user").order_by("starts", "ends", "id")[:MOST])
    on = [coverage.On(shift.worker_id, shift.starts, shift.ends) for shift in found]
    short = [span for span in coverage.spans(on, least, zone, begins, ends) if span.is_short]
    days = [_day(found, short, first + timedelta(days=number), zone) for number in range(7)]
    return Week(house, first, days, coverage.overlaps(on), least, is_set)


def _day(shifts: Iterable[Shift], short: Iterable[coverage.Span], day: date, zone: tzinfo) -> Day:
    """A shift stands on the day on which it begins; a gap on each day that it touches."""
    begins, ends = _begins(day, zone), _begins(day + timedelta(days=1), zone)
    begun = [shift for shift in shifts if begins <= shift.starts < ends]
    gaps = [
        coverage.Span(max(span.starts, begins), min(span.ends, ends), span.on, span.least)
        for span in short
        if span.starts < ends and span.ends > begins
    ]
    return Day(day, begun, gaps)


def _begins(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)


def shift_of(actor: Actor, ref: uuid.UUID) -> Shift | None:
    """A shift of the actor's agency that was not cancelled."""
    rows = Shift.objects.select_related("house__site", "house__subject", "house__agency", "worker__user")
    return rows.filter(pk=ref, house__agency=actor.membership.agency_id, cancelled_at=None).first()


def mine_to_take_over(actor: Actor) -> QuerySet[Shift]:
    """The shifts of the actor that run, or begin soon, and were not taken over."""
    rows = Shift.objects.filter(worker=actor.membership, cancelled_at=None, taken_over_at=None)
    return rows.filter(starts__lte=actor.now + SOONEST, ends__gt=actor.now)


def left_open(actor: Actor) -> QuerySet[Shift]:
    """Shifts of the agency's houses that have run for a while, and nobody has read the notes to the end."""
    rows = Shift.objects.filter(house__agency=actor.membership.agency_id, cancelled_at=None, taken_over_at=None)
    return rows.filter(starts__lte=actor.now - LATE, ends__gt=actor.now)


def running(actor: Actor) -> list[Shift]:
    """For the head of a page: what the actor can take over, the next one first."""
    return list(mine_to_take_over(actor).select_related("house").order_by("starts", "id")[:5])


def mine(actor: Actor) -> list[tuple[Shift, str]]:
    """The actor's shifts that run or lie ahead, each with what its house is called."""
    rows = Shift.objects.filter(worker=actor.membership, cancelled_at=None, ends__gt=actor.now)
    found = rows.select_related("house__subject").order_by("starts", "id")[:AHEAD]
    return [(shift, open_house(actor, shift.house, shift.house, "name") or "") for shift in found]


def can_take_over(actor: Actor, shift: Shift) -> bool:
    return shift.taken_over_at is None and shift.starts - SOONEST <= actor.now < shift.ends
