"""By when something is due: rules that hold for every moment, and the days on which people count wrongly."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat import packs
from amanat.packs import Label
from amanat.packs.holidays import Holidays
from amanat.packs.tests import SHIPPED
from amanat.procedures import Calendar, Happened, Span, Step, due
from amanat.procedures.calendars import UNITS

# No daylight saving; with it; put forward over midnight; a day that never was (30 December 2011); half hours.
ZONES = [ZoneInfo(name) for name in ("Asia/Ashgabat", "Europe/Chisinau", "Asia/Beirut", "Pacific/Apia", "Asia/Kolkata")]
DAYS = st.dates(date(2009, 1, 1), date(2032, 12, 31))
MOMENTS = st.datetimes(datetime(2009, 1, 1), datetime(2032, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 (the zone is given)


@st.composite
def holidays(draw: st.DrawFn) -> Holidays:
    yearly = draw(st.frozensets(st.tuples(st.integers(1, 12), st.integers(1, 28)), max_size=20))
    moving = draw(st.lists(DAYS, max_size=20))
    by_year = {day.year: frozenset(other for other in moving if other.year == day.year) for day in moving}
    return Holidays(yearly, by_year, frozenset(draw(st.lists(DAYS, max_size=5))), "x", verified=draw(st.booleans()))


CALENDARS = st.builds(Calendar, st.sampled_from(ZONES), st.frozensets(st.integers(0, 6), max_size=6), holidays())
SPANS = st.builds(Span, st.integers(1, 60), st.sampled_from(UNITS))


@given(CALENDARS, MOMENTS, SPANS)
def test_nothing_is_due_before_it_began(calendar: Calendar, began: datetime, span: Span) -> None:
    deadline = calendar.deadline(began, span)
    assert deadline.at > began
    assert deadline.last_day >= began.astimezone(calendar.zone).date()


@given(CALENDARS, MOMENTS, MOMENTS, SPANS)
def test_what_began_later_is_not_due_earlier(calendar: Calendar, one: datetime, other: datetime, span: Span) -> None:
    first, second = sorted((one, other))
    assert calendar.deadline(first, span).at <= calendar.deadline(second, span).at


@given(CALENDARS, MOMENTS, SPANS)
def test_more_time_is_not_less(calendar: Calendar, began: datetime, span: Span) -> None:
    assert calendar.deadline(began, span).at <= calendar.deadline(began, Span(span.amount + 1, span.unit)).at


@given(CALENDARS, MOMENTS, st.integers(1, 30))
def test_working_days_end_on_a_working_day_and_count_each_of_them_once(
    calendar: Calendar, began: datetime, amount: int
) -> None:
    first, last = (
        began.astimezone(calendar.zone).date(),
        calendar.deadline(began, Span(amount, "working_days")).last_day,
    )
    between = [first + timedelta(days=place) for place in range(1, (last - first).days + 1)]
    assert sum(map(calendar.is_working, between)) == amount
    assert calendar.is_working(last)


@given(CALENDARS, MOMENTS, SPANS, st.sampled_from(ZONES), st.integers(-14 * 60, 14 * 60))
def test_a_moment_is_the_same_however_it_is_written(
    calendar: Calendar, began: datetime, span: Span, zone: ZoneInfo, minutes: int
) -> None:
    deadline = calendar.deadline(began, span)
    fixed = timezone(timedelta(minutes=minutes))
    assert (
        deadline == calendar.deadline(began.astimezone(zone), span) == calendar.deadline(began.astimezone(fixed), span)
    )


@given(CALENDARS, MOMENTS, SPANS)
def test_a_deadline_in_days_ends_with_a_day_of_the_country(calendar: Calendar, began: datetime, span: Span) -> None:
    deadline = calendar.deadline(began, span)
    if not deadline.to_the_hour:
        last_moment = deadline.at - timedelta(microseconds=1)
        assert (
            last_moment.astimezone(calendar.zone).date()
            <= deadline.last_day
            < deadline.at.astimezone(calendar.zone).date()
        )


CHISINAU = Calendar(
    ZoneInfo("Europe/Chisinau"),
    frozenset({5, 6}),
    Holidays(frozenset({(1, 1), (1, 7), (1, 8)}), {2026: frozenset({date(2026, 4, 13)})}, frozenset({date(2026, 4, 18)}), "x", True),
)  # fmt: skip


def last_day(began: str, amount: int, unit: str) -> str:
    return CHISINAU.deadline(datetime.fromisoformat(began), Span(amount, unit)).last_day.isoformat()


@pytest.mark.parametrize(
    ("began", "amount", "unit", "ends"),
    [
        ("2026-03-29T00:30+02:00", 1, "days", "2026-03-30"),  # clocks are put forward that night
        ("2026-10-25T00:30+03:00", 1, "days", "2026-10-26"),  # and back
        ("2026-01-31T12:00+02:00", 1, "months", "2026-02-28"),
        ("2024-01-31T12:00+02:00", 1, "months", "2024-02-29"),
        ("2026-11-30T23:30+02:00", 3, "months", "2027-02-28"),
        ("2026-01-05T09:00+02:00", 2, "working_days", "2026-01-09"),  # Christmas of the old calendar lies between
        ("2026-04-10T09:00+03:00", 1, "working_days", "2026-04-14"),  # the weekend, and a Monday that is free in 2026
        ("2026-04-17T09:00+03:00", 1, "working_days", "2026-04-18"),  # a Saturday on which people work
        ("2026-06-05T23:30+00:00", 1, "days", "2026-06-07"),  # there it is the sixth already
    ],
)
def test_days_on_which_people_count_wrongly(began: str, amount: int, unit: str, ends: str) -> None:
    assert last_day(began, amount, unit) == ends


def test_hours_pass_as_they_do_when_clocks_are_put_forward() -> None:
    began = datetime.fromisoformat("2026-03-28T12:00+02:00")
    deadline = CHISINAU.deadline(began, Span(24, "hours"))
    assert deadline.at.astimezone(CHISINAU.zone).hour == 13
    assert deadline.to_the_hour


def test_working_days_through_a_year_that_nobody_listed_are_not_sure() -> None:
    for began, sure in (("2026-06-01T09:00+03:00", True), ("2026-12-30T09:00+02:00", False)):
        assert CHISINAU.deadline(datetime.fromisoformat(began), Span(3, "working_days")).is_sure is sure
    assert CHISINAU.deadline(datetime.fromisoformat("2026-12-30T09:00+02:00"), Span(30, "days")).is_sure


def test_holidays_that_nobody_checked_are_not_sure() -> None:
    unchecked = Calendar(UTC, frozenset({5, 6}), Holidays(by_year={2026: frozenset()}, source="x", verified=False))
    assert not unchecked.deadline(datetime(2026, 6, 1, tzinfo=UTC), Span(1, "working_days")).is_sure


def test_a_step_is_counted_by_the_calendar_that_it_names_and_else_by_the_country_s() -> None:
    night_and_day = Calendar(CHISINAU.zone, holidays=None)
    country = replace(CHISINAU, others={"hotline": night_and_day})
    began = datetime.fromisoformat("2026-12-31T09:00+02:00")  # before a holiday, a Friday and a weekend
    steps = [
        Step(name or "usual", Label({}), ("opened",), Span(2, "working_days"), calendar=name)
        for name in ("", "hotline")
    ]
    found = {one.step.name: one.deadline for one in due(steps, [Happened("opened", began)], country, {}, began)}
    told = {name: (deadline.last_day.isoformat(), deadline.is_sure) for name, deadline in found.items() if deadline}
    assert told == {"usual": ("2027-01-05", False), "hotline": ("2027-01-02", True)}


def test_the_calendars_of_a_pack_count_where_its_country_does() -> None:
    country = Calendar.of(packs.load(SHIPPED / "moldova"))
    assert country.others["hotline"] == Calendar(ZoneInfo("Europe/Chisinau"), holidays=None)
    assert country.named("") is country


def test_a_moment_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        CHISINAU.deadline(datetime(2026, 6, 1), Span(1, "hours"))  # noqa: DTZ001


def test_a_quarter_of_an_hour_is_late_to_the_minute() -> None:
    deadline = CHISINAU.deadline(datetime.fromisoformat("2026-06-05T23:50+03:00"), Span(15, "minutes"))
    assert (deadline.at, deadline.to_the_hour) == (datetime.fromisoformat("2026-06-06T00:05+03:00"), True)
