"""When something is open: what a schedule of HSDS says at a moment, in the time of the place."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.directory.hours import AHEAD, Hours, State, Told, hours_at, state_at

ASHGABAT, CHISINAU = ZoneInfo("Asia/Ashgabat"), ZoneInfo("Europe/Chisinau")
WEEK = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WORKDAYS = Told(freq="WEEKLY", byday="MO,TU,WE,TH,FR", opens_at="09:00", closes_at="18:00")


def local(text: str, zone: ZoneInfo = ASHGABAT) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def test_on_a_working_day_it_is_open_until_the_evening_of_the_place() -> None:
    assert hours_at([WORKDAYS], local("2026-11-24T17:59"), ASHGABAT) == Hours(
        State.OPEN, until=local("2026-11-24T18:00").astimezone(UTC)
    )


def test_in_the_evening_the_next_opening_is_told_over_the_weekend() -> None:
    found = hours_at([WORKDAYS], local("2026-11-27T18:00"), ASHGABAT)
    assert (found.state, found.opens) == (State.CLOSED, local("2026-11-30T09:00"))


def test_hours_over_midnight_belong_to_the_day_on_which_they_begin() -> None:
    night = Told(freq="WEEKLY", byday="FR", opens_at="20:00", closes_at="08:00")
    assert hours_at([night], local("2026-11-28T07:59"), ASHGABAT).state is State.OPEN
    assert hours_at([night], local("2026-11-27T07:59"), ASHGABAT).state is State.CLOSED


@pytest.mark.parametrize(("opens", "closes"), [("00:00", "00:00"), ("00:00", "23:59"), ("08:00", "08:00")])
def test_day_and_night_has_no_end(opens: str, closes: str) -> None:
    always = Told(freq="WEEKLY", byday=",".join(WEEK), opens_at=opens, closes_at=closes)
    at = local("2026-11-24T23:59:30")
    assert hours_at([always], at, ASHGABAT) == Hours(State.OPEN)
    assert state_at([always], at, ASHGABAT) is State.OPEN


def test_two_schedules_that_meet_are_one_opening() -> None:
    morning, rest = (
        Told(freq="WEEKLY", byday="TU", opens_at=opens, closes_at=closes)
        for opens, closes in (("09:00", "13:00"), ("13:00", "17:00"))
    )
    assert hours_at([rest, morning], local("2026-11-24T10:00"), ASHGABAT).until == local("2026-11-24T17:00")


@pytest.mark.parametrize(
    ("byday", "bymonthday", "day"),
    [("1MO", "", "2026-12-07"), ("-1FR", "", "2026-12-25"), ("", "15", "2026-12-15"), ("", "-1", "2026-12-31")],
)
def test_monthly_days_are_counted_as_the_standard_says(byday: str, bymonthday: str, day: str) -> None:
    monthly = Told(freq="MONTHLY", byday=byday, bymonthday=bymonthday, opens_at="10:00", closes_at="12:00")
    assert hours_at([monthly], local("2026-12-02T00:00"), ASHGABAT).opens == local(f"{day}T10:00")


def test_every_second_week_counts_from_its_first_day_however_long_ago() -> None:
    told = {"freq": "WEEKLY", "interval": 2, "dtstart": date(1995, 1, 3), "opens_at": "10:00", "closes_at": "12:00"}
    days = [local("2026-11-24T11:00") + timedelta(days=7 * weeks) for weeks in range(4)]
    states = [hours_at([Told(**told)], day, ASHGABAT).state for day in days]
    assert states == [State.OPEN if (day.date() - told["dtstart"]).days % 14 == 0 else State.CLOSED for day in days]
    assert states.count(State.OPEN) == 2


@pytest.mark.parametrize(
    "told",
    [
        Told(),
        Told(freq="WEEKLY", byday="MO"),
        Told(freq="WEEKLY", byday="MONDAY", opens_at="09:00", closes_at="18:00"),
        Told(freq="WEEKLY", byday="MO", opens_at="9 o'clock", closes_at="18:00"),
        Told(freq="WEEKLY", byday="MO", interval=2, opens_at="09:00", closes_at="18:00"),
        Told(freq="WEEKLY", byday="MO", interval=10**9, dtstart=date(2026, 1, 5), opens_at="09:00", closes_at="18:00"),
        Told(freq="WEEKLY", byday="MO", count=3, opens_at="09:00", closes_at="18:00"),
        Told(freq="WEEKLY", opens_at="09:00", closes_at="18:00"),
        Told(freq="MONTHLY", bymonthday="40", opens_at="09:00", closes_at="18:00"),
        Told(freq="WEEKLY", byday="MO", opens_at="29:00", closes_at="18:00"),
    ],
)
def test_what_is_not_understood_is_not_told_and_never_closed(told: Told) -> None:
    at = local("2026-11-23T20:00")
    assert hours_at([told], at, ASHGABAT) == Hours(State.NOT_TOLD)
    assert hours_at([told, WORKDAYS], at, ASHGABAT).state is State.NOT_TOLD
    assert hours_at([told, WORKDAYS], local("2026-11-23T10:00"), ASHGABAT).state is State.OPEN
    assert hours_at([], at, ASHGABAT) == Hours(State.NOT_TOLD)


def test_what_holds_no_more_and_not_yet_is_closed() -> None:
    past = Told(freq="WEEKLY", byday="TU", opens_at="09:00", closes_at="18:00", valid_to=date(2026, 11, 23))
    later = Told(freq="WEEKLY", byday="TU", opens_at="09:00", closes_at="18:00", valid_from=date(2026, 12, 1))
    assert hours_at([past], local("2026-11-24T10:00"), ASHGABAT) == Hours(State.CLOSED)
    assert hours_at([later], local("2026-11-24T10:00"), ASHGABAT).opens == local("2026-12-01T09:00")


def test_a_zone_in_the_time_or_the_schedule_counts_for_more_than_that_of_the_place() -> None:
    by_time = Told(freq="WEEKLY", byday="TU", opens_at="09:00+03:00", closes_at="18:00+03:00")
    by_schedule = Told(freq="WEEKLY", byday="TU", opens_at="09:00", closes_at="18:00", timezone="3")
    for told in (by_time, by_schedule):
        assert hours_at([told], datetime(2026, 11, 24, 5, 59, tzinfo=UTC), ASHGABAT).opens == datetime(
            2026, 11, 24, 6, tzinfo=UTC
        )


def test_where_clocks_change_it_opens_at_the_same_time_of_the_clock() -> None:
    daily = Told(freq="WEEKLY", byday=",".join(WEEK), opens_at="09:00", closes_at="17:00")
    before, after = (hours_at([daily], local(day, CHISINAU), CHISINAU).opens for day in ("2026-10-24", "2026-10-25"))
    assert before
    assert after == before + timedelta(hours=25)


clock = st.times().map(lambda at: at.replace(second=0, microsecond=0))
openings = st.builds(
    lambda days, opens, closes, first, length: Told(
        freq="WEEKLY",
        byday=",".join(sorted(days)),
        opens_at=f"{opens:%H:%M}",
        closes_at=f"{closes:%H:%M}",
        valid_from=first,
        valid_to=first + timedelta(days=length) if first else None,
    ),
    st.sets(st.sampled_from(WEEK), min_size=1),
    clock,
    clock,
    st.none() | st.dates(date(2026, 10, 1), date(2026, 12, 31)),
    st.integers(0, 60),
)
moments = st.integers(0, 30 * 24 * 60).map(lambda minute: datetime(2026, 11, 1, tzinfo=UTC) + timedelta(minutes=minute))


def naive(told: Told, at: datetime) -> bool:
    """The same by hand, where clocks never change: is a day before whose hours reach until here?"""
    zone = timezone(timedelta(hours=5))
    for back in (0, 1):
        day = at.astimezone(zone).date() - timedelta(days=back)
        opens, closes = (datetime.combine(day, time.fromisoformat(t), zone) for t in (told.opens_at, told.closes_at))
        closes += timedelta(minutes=told.closes_at == "23:59")
        closes += timedelta(days=closes <= opens)
        in_time = (told.valid_from or day) <= day <= (told.valid_to or day)
        if in_time and WEEK[day.weekday()] in told.byday.split(",") and opens <= at < closes:
            return True
    return False


@settings(max_examples=120, deadline=None)
@given(st.lists(openings, min_size=1, max_size=3), moments)
def test_open_is_what_one_would_work_out_by_hand(told: list[Told], at: datetime) -> None:
    found = hours_at(told, at, ASHGABAT)
    assert (found.state is State.OPEN) == any(naive(one, at) for one in told)
    assert state_at(told, at, ASHGABAT) is found.state


@settings(max_examples=80, deadline=None)
@given(st.lists(openings, min_size=1, max_size=3), moments)
def test_it_opens_when_it_says_so_and_stays_open_as_long_as_it_says(told: list[Told], at: datetime) -> None:
    found = hours_at(told, at, ASHGABAT)
    if found.state is State.OPEN and found.until:
        assert hours_at(told, found.until - timedelta(seconds=1), ASHGABAT).state is State.OPEN
        assert state_at(told, found.until, ASHGABAT) is State.CLOSED
    if found.opens:
        assert at < found.opens <= at + timedelta(days=AHEAD + 1)
        assert hours_at(told, found.opens, ASHGABAT).state is State.OPEN
        assert state_at(told, found.opens - timedelta(seconds=1), ASHGABAT) is State.CLOSED
