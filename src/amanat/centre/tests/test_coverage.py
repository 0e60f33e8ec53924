"""How well a house is staffed, worked out of shifts and a rule: every moment once, also where the clock is set forward or back."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.centre.coverage import Least, On, overlaps, spans

LEAST = Least(by_day=1, by_night=2, night_from=time(22), night_until=time(7))
CHISINAU, ASHGABAT = ZoneInfo("Europe/Chisinau"), ZoneInfo("Asia/Ashgabat")
START = datetime(2026, 10, 20, tzinfo=UTC)
# The clock of Chisinau goes back in the night to 25 October 2026, and forward in the night to 29 March 2026.
BACK, FORWARD = datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 3, 28, 12, tzinfo=UTC)


def test_a_night_with_one_on_is_short_and_the_day_is_not():
    begins = datetime(2026, 11, 24, 2, tzinfo=UTC)  # seven in the morning in Ashgabat
    found = spans(
        [On("bahar", begins, begins + timedelta(hours=24))], LEAST, ASHGABAT, begins, begins + timedelta(hours=24)
    )
    assert [(span.on, span.least, span.is_short, span.missing) for span in found] == [(1, 1, False, 0), (1, 2, True, 1)]
    assert found[1].starts == datetime(2026, 11, 24, 17, tzinfo=UTC)


def test_where_nobody_is_on_it_is_said():
    found = spans([], LEAST, ASHGABAT, START, START + timedelta(hours=3))
    assert all(span.is_empty for span in found)


def test_one_worker_in_two_shifts_counts_once_and_is_shown():
    twice = [
        On("bahar", START, START + timedelta(hours=8)),
        On("bahar", START + timedelta(hours=4), START + timedelta(hours=9)),
    ]
    found = spans(twice, LEAST, ASHGABAT, START, START + timedelta(hours=8))
    assert {span.on for span in found} == {1}
    assert overlaps(twice) == [(twice[0], twice[1])]
    assert overlaps([twice[0], On("ayna", START, START + timedelta(hours=8))]) == []


@pytest.mark.parametrize(("noon", "hours"), [(BACK, 10), (FORWARD, 8)])
def test_a_night_is_longer_or_shorter_where_the_clock_is_set(noon, hours):
    found = spans([], LEAST, CHISINAU, noon, noon + timedelta(hours=24))
    night = next(span for span in found if span.least == 2)
    assert night.ends - night.starts == timedelta(hours=hours)


SHIFTS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(-10, 200), st.integers(1, 24)).map(
        lambda told: On(told[0], BACK + timedelta(hours=told[1]), BACK + timedelta(hours=told[1] + told[2]))
    ),
    max_size=8,
)


@given(SHIFTS, st.sampled_from([CHISINAU, ASHGABAT, UTC]), st.integers(1, 100))
def test_the_spans_are_the_whole_time_without_a_hole_and_each_counts_who_is_on(shifts, zone, hours):
    ends = BACK + timedelta(hours=hours)
    found = spans(shifts, LEAST, zone, BACK, ends)
    assert (found[0].starts, found[-1].ends) == (BACK, ends)
    assert all(one.ends == other.starts for one, other in itertools.pairwise(found))
    for span in found:
        middle = span.starts + (span.ends - span.starts) / 2
        assert span.on == len({shift.worker for shift in shifts if shift.starts <= middle < shift.ends})
        assert span.least == LEAST.at(middle, zone)
