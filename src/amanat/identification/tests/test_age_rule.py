"""In doubt a child: how somebody stands by what is known of their age, whatever was found in which order."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.identification import age
from amanat.identification.age import Because, Known, Standing

pytestmark = pytest.mark.sqlcipher_only  # no database
TODAY = date(2026, 11, 24)
DAYS = st.dates(date(1980, 1, 1), TODAY)


@st.composite
def findings(draw: st.DrawFn) -> Known:
    on = TODAY - timedelta(days=draw(st.integers(0, 2000)))
    least = draw(st.integers(8, 30))
    born = age.born_between(least, least + draw(st.integers(0, 6)), on)
    settles = draw(st.booleans())
    return Known(on, draw(st.sampled_from([born, None])), draw(st.booleans()), settles)


HISTORIES = st.lists(findings(), max_size=6).map(lambda known: sorted(known, key=lambda one: one.on))


def is_adult_in(one: Known, day: date) -> bool:
    """Written a second time: on their eighteenth birthday at the latest, by the latest day on which they can have been born."""
    assert one.born is not None
    latest = one.born[1]
    return day >= (
        date(latest.year + 18, 3, 1) if (latest.month, latest.day) == (2, 29) else latest.replace(year=latest.year + 18)
    )


@given(HISTORIES)
def test_in_doubt_nobody_stands_as_an_adult(known: list[Known]) -> None:
    doubted = [*known, Known(TODAY, None, doubt=True)]
    assert age.standing(doubted, TODAY).standing is Standing.TREATED_AS_CHILD


@given(HISTORIES)
def test_an_adult_is_only_whom_something_settled_as_one(known: list[Known]) -> None:
    if age.standing(known, TODAY).standing is Standing.ADULT:
        settling = [one for one in known if one.settles and one.born]
        assert settling
        assert is_adult_in(settling[-1], TODAY)
        assert not known[-1].doubt


@given(HISTORIES, st.integers(18, 25), st.integers(1, 8))
def test_a_margin_that_reaches_under_18_leaves_somebody_treated_as_a_child(
    known: list[Known], found: int, under: int
) -> None:
    born = age.born_between(18 - under, found, TODAY)
    assert age.standing([*known, Known(TODAY, born, settles=True)], TODAY).standing is Standing.TREATED_AS_CHILD


@given(HISTORIES, findings())
def test_a_later_finding_changes_nothing_of_how_somebody_stood_before(known: list[Known], later: Known) -> None:
    later = Known(TODAY + timedelta(days=1), later.born, later.doubt, later.settles)
    before = list(age.periods(known, TODAY))
    after = list(age.periods([*known, later], later.on))
    assert after[: len(before)] == before


@given(HISTORIES)
def test_the_periods_end_with_how_somebody_stands_today(known: list[Known]) -> None:
    if known:
        periods = list(age.periods(known, TODAY))
        assert periods[-1][1] == age.standing(known, TODAY)
        assert [day for day, _found in periods] == sorted(day for day, _found in periods)


@given(DAYS, DAYS)
def test_somebody_comes_of_age_on_the_first_day_on_which_they_are_18(born: date, day: date) -> None:
    assert (age.years(born, day) >= 18) == (day >= age.coming_of_age(born))


@given(st.integers(0, 60), st.integers(0, 5), DAYS)
def test_between_which_days_somebody_was_born_follows_from_their_age(least: int, more: int, day: date) -> None:
    earliest, latest = age.born_between(least, least + more, day)
    assert age.years(earliest, day) == least + more
    assert age.years(latest, day) == least
    assert age.years(earliest - timedelta(days=1), day) == least + more + 1


def test_who_is_only_said_to_be_an_adult_is_treated_as_a_child() -> None:
    said = Known(TODAY, age.born_between(22, 22, TODAY))
    assert age.standing([said], TODAY) == age.Found(Standing.TREATED_AS_CHILD, Because.UNSETTLED)


def test_what_is_said_later_and_differs_from_the_document_brings_the_child_back() -> None:
    shown = Known(TODAY, (date(2001, 2, 3),) * 2, settles=True)  # type: ignore[arg-type]
    said = Known(TODAY, age.born_between(16, 16, TODAY))
    assert age.standing([shown], TODAY).standing is Standing.ADULT
    assert age.standing([shown, said], TODAY) == age.Found(Standing.TREATED_AS_CHILD, Because.DIFFERS)


def test_who_was_a_child_by_the_document_stood_so_until_their_birthday() -> None:
    shown = Known(date(2026, 1, 5), (date(2008, 6, 1),) * 2, settles=True)  # type: ignore[arg-type]
    found = [(day, one.standing) for day, one in age.periods([shown], TODAY)]
    assert found == [(date(2026, 1, 5), Standing.CHILD), (date(2026, 6, 1), Standing.ADULT)]
