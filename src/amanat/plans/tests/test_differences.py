"""A difference applied to the older text gives the newer one; words that stayed and came make the newer words.

And the days of coming of age, the road."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.plans import adulthood, differences, road, texts
from amanat.plans.differences import GONE, NEW, SAME
from amanat.plans.texts import FIELDS, Row, Text

WORDS = st.text(alphabet="abä жň ,.\n", max_size=12)


@st.composite
def rows(draw: st.DrawFn) -> Text:
    found: dict[str, Row] = {}
    for place in range(draw(st.integers(0, 5))):
        kind = draw(st.sampled_from(["need", "objective", "activity"]))
        ref = f"{draw(st.integers(0, 7)):032x}"
        fields = draw(st.dictionaries(st.sampled_from(FIELDS[kind]), WORDS, max_size=4))
        found[ref] = Row(ref, kind, draw(st.sampled_from(["", *found])), place, fields)
    return found


@given(rows(), rows())
@settings(max_examples=60, deadline=None)
def test_a_difference_makes_the_newer_text_of_the_older(before: Text, after: Text) -> None:
    changes = differences.between(before, after)
    assert differences.applied(before, changes) == after
    assert not changes or before != after
    assert differences.between(after, after) == []


@given(rows(), rows())
@settings(max_examples=20, deadline=None)
def test_a_difference_of_another_text_is_refused(before: Text, after: Text) -> None:
    changes = differences.between(before, after)
    if changes:
        with pytest.raises(ValueError, match="otherwise"):
            differences.applied(after, changes)


@given(WORDS, WORDS)
@settings(max_examples=60, deadline=None)
def test_words_that_stayed_and_came_are_the_newer_ones(before: str, after: str) -> None:
    told = differences.pieces(before, after)
    assert "".join(text for what, text in told if what in (SAME, NEW)) == after
    assert "".join(text for what, text in told if what in (SAME, GONE)) == before


@given(rows())
@settings(max_examples=40, deadline=None)
def test_a_text_comes_back_from_what_is_kept_with_the_same_digest(text: Text) -> None:
    kept = texts.from_json(texts.as_json(text))
    assert kept == text
    assert texts.digest(dict(reversed(list(kept.items())))) == texts.digest(text)


@given(st.dates(date(2000, 1, 1), date(2020, 12, 31)), st.dates(date(2018, 1, 1), date(2040, 1, 1)))
@settings(max_examples=80, deadline=None)
def test_the_days_before_coming_of_age_stand_in_order(born: date, today: date) -> None:
    found = adulthood.milestones(born, 18, [3, 12, 6])
    days = [day for _months, day in found]
    assert [months for months, _day in found] == [12, 6, 3, 0]
    assert days == sorted(days)
    last, months = adulthood.passed(found, today), adulthood.months_until(days[-1], today)
    assert last is None or last[1] <= today
    assert adulthood.months_before(days[-1], months) <= today
    assert months == 0 or adulthood.months_before(days[-1], months - 1) > today


def test_who_was_born_on_the_29th_of_february_is_of_age_on_the_first_of_march() -> None:
    assert adulthood.comes_of_age(date(2008, 2, 29), 18) == date(2026, 3, 1)
    assert adulthood.months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)


@given(st.lists(st.booleans(), max_size=12))
@settings(max_examples=40, deadline=None)
def test_the_road_has_a_station_for_each_and_one_of_now(done: list[bool]) -> None:
    drawn = road.drawn(done)
    assert [one.number for one in drawn.stations] == [*range(1, len(done) + 1), 0]
    assert sum(one.state == road.NOW for one in drawn.stations) == (0 if all(done) else 1)
    assert all(0 < one.x < road.WIDTH and 0 < one.y < drawn.height for one in drawn.stations)
