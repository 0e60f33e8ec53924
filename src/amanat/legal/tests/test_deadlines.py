"""Deadlines over holidays, weekends and time zones; what a decision names counts first; what ends one ends those before it only."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.legal.deadlines import Happened, Rule, running
from amanat.packs.holidays import Holidays
from amanat.packs.labels import Label
from amanat.procedures import Calendar, Span

ASHGABAT, CHISINAU = ZoneInfo("Asia/Ashgabat"), ZoneInfo("Europe/Chisinau")
WEEKEND = frozenset({5, 6})


def rule(**more):
    return Rule(
        "appeal", Label({"en": "Appeal"}), **{"after": ("judgment",), "finished_by": ("appeal", "no_appeal")} | more
    )


def calendar(zone=ASHGABAT, **more):
    return Calendar(zone, WEEKEND, **{"holidays": None} | more)


def only(found):
    [one] = found
    return one


def test_a_length_in_days_ends_with_its_last_day_where_the_country_is():
    one = only(running([rule(span=Span(15, "days"))], [Happened("judgment", date(2026, 11, 2))], calendar()))
    assert one.deadline.last_day == date(2026, 11, 17)
    assert one.deadline.at == datetime(2026, 11, 17, 19, 0, tzinfo=UTC)  # midnight in Ashgabat, five hours ahead


def test_working_days_step_over_weekends():
    one = only(running([rule(span=Span(5, "working_days"))], [Happened("judgment", date(2026, 11, 5))], calendar()))
    assert one.deadline.last_day == date(2026, 11, 12)  # Thursday; Friday is the first of five


def test_working_days_step_over_holidays_and_count_a_saturday_that_is_worked():
    holidays = Holidays(
        frozenset({(12, 25)}),
        {2026: frozenset({date(2026, 12, 28)})},
        frozenset({date(2026, 12, 26)}),
        "x",
        verified=True,
    )
    told = [Happened("judgment", date(2026, 12, 24))]
    one = only(running([rule(span=Span(2, "working_days"))], told, calendar(holidays=holidays)))
    assert one.deadline.last_day == date(2026, 12, 29)  # Saturday counts, the 25th and the moved Monday do not
    assert one.deadline.is_sure


def test_a_year_whose_holidays_nobody_checked_is_told():
    told = [Happened("judgment", date(2026, 12, 24))]
    one = only(running([rule(span=Span(2, "working_days"))], told, calendar(holidays=Holidays())))
    assert not one.deadline.is_sure


def test_a_deadline_across_the_hour_that_is_put_back_ends_at_midnight_there():
    one = only(running([rule(span=Span(3, "days"))], [Happened("judgment", date(2026, 10, 23))], calendar(CHISINAU)))
    assert one.deadline.at == datetime(2026, 10, 26, 22, 0, tzinfo=UTC)  # winter time by then: two hours ahead


def test_months_end_on_the_last_day_of_a_shorter_month():
    one = only(running([rule(span=Span(1, "months"))], [Happened("judgment", date(2026, 1, 31))], calendar()))
    assert one.deadline.last_day == date(2026, 2, 28)


def test_the_day_that_the_decision_names_counts_before_what_is_reckoned():
    told = Happened("judgment", date(2026, 11, 2), appeal_by=date(2026, 11, 20))
    one = only(running([rule(span=Span(15, "days"), named="appeal_by")], [told], calendar()))
    assert one.is_named
    assert one.deadline.last_day == date(2026, 11, 20)
    assert one.deadline.at == datetime(2026, 11, 20, 19, 0, tzinfo=UTC)


def test_without_a_length_and_without_a_named_day_it_runs_with_no_known_end():
    one = only(running([rule(named="appeal_by")], [Happened("judgment", date(2026, 11, 2))], calendar()))
    assert one.deadline is None
    assert not one.is_late(datetime(2030, 1, 1, tzinfo=UTC))


def test_what_ends_it_ends_those_that_began_before_and_no_later_one():
    told = [
        Happened("judgment", date(2026, 1, 10)),
        Happened("appeal", date(2026, 1, 20)),
        Happened("judgment", date(2026, 5, 5)),
    ]
    one = only(running([rule(span=Span(10, "days"))], told, calendar()))
    assert one.began.on == date(2026, 5, 5)


def test_an_order_ends_the_deadline_of_the_one_before_and_begins_its_own():
    order = rule(after=("protection_order",), finished_by=("protection_order",), named="until")
    told = [
        Happened("protection_order", date(2026, 1, 1), until=date(2026, 2, 1)),
        Happened("protection_order", date(2026, 1, 25), until=date(2026, 4, 1)),
    ]
    assert only(running([order], told, calendar())).deadline.last_day == date(2026, 4, 1)


def test_it_is_late_once_its_last_day_is_over_there_and_not_before():
    one = only(running([rule(span=Span(1, "days"))], [Happened("judgment", date(2026, 11, 2))], calendar()))
    midnight = datetime(2026, 11, 3, 19, 0, tzinfo=UTC)
    assert not one.is_late(midnight - timedelta(seconds=1))
    assert one.is_late(midnight)


def test_the_first_that_ends_stands_at_the_head_and_unknown_ones_last():
    rules = [
        rule(),
        Rule("b", Label({}), after=("judgment",), span=Span(20, "days")),
        Rule("c", Label({}), after=("judgment",), span=Span(5, "days")),
    ]
    found = running(rules, [Happened("judgment", date(2026, 11, 2))], calendar())
    assert [one.rule.name for one in found] == ["c", "b", "appeal"]


def test_a_retired_rule_runs_nowhere():
    assert (
        running([rule(span=Span(5, "days"), retired=True)], [Happened("judgment", date(2026, 1, 1))], calendar()) == []
    )


HOLIDAYS = st.builds(
    Holidays,
    st.frozensets(st.tuples(st.integers(1, 12), st.integers(1, 28)), max_size=12),
    st.just({}),
    st.frozensets(st.dates(date(2020, 1, 1), date(2035, 12, 31)), max_size=5),
    st.just("x"),
    verified=st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(
    day=st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    amount=st.integers(1, 40),
    zone=st.sampled_from([ASHGABAT, CHISINAU, ZoneInfo("America/Sao_Paulo"), ZoneInfo("Pacific/Apia")]),
    holidays=HOLIDAYS,
)
def test_a_working_day_ends_it_and_just_so_many_lie_between(day, amount, zone, holidays):
    by = calendar(zone, holidays=holidays)
    one = only(running([rule(span=Span(amount, "working_days"))], [Happened("judgment", day)], by))
    last = one.deadline.last_day
    between = [day + timedelta(days=step) for step in range(1, (last - day).days + 1)]
    assert by.is_working(last)
    assert last not in holidays or last in holidays.worked
    assert sum(map(by.is_working, between)) == amount
    assert one.deadline.at.astimezone(zone).date() in (last, last + timedelta(days=1))


@pytest.mark.parametrize("zone", [ASHGABAT, CHISINAU, UTC])
def test_a_named_day_is_its_own_last_day_in_every_zone(zone):
    told = Happened("judgment", date(2026, 3, 28), until=date(2026, 3, 29))  # the clocks of Chisinau go forward
    one = only(running([rule(named="until")], [told], calendar(zone)))
    assert one.deadline.last_day == date(2026, 3, 29)
    assert one.deadline.at.astimezone(zone).date() == date(2026, 3, 30)
