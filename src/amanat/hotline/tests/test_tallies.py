"""Counts of calls, and the supervisor's numbers that come from them alone."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from io import StringIO
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from amanat.hotline import bars, marks, numbers, tallies
from amanat.hotline.beginning import begin_call, begin_matter
from amanat.hotline.models import Call, CallState, Matter, MatterCase, Tally
from amanat.hotline.numbers import HourRow
from amanat.hotline.tallies import Measure
from amanat.people.models import Agency
from tests.cast import NOW, Cast

HOUR = tallies.hour_of(NOW).hour
AT_THE_SITE = NOW.astimezone(ZoneInfo("Asia/Ashgabat")).hour


@pytest.fixture
def north(cast: Cast) -> Agency:
    return cast["nurana"].agency


@pytest.fixture
def call(north: Agency) -> Call:
    return ended(north)


def ended(agency: Agency, outcome: str = "advised", number: str = "", at: datetime = NOW, **more: Any) -> Call:
    """A call that rang for 20 seconds and took 5 minutes."""
    times = {"answered_at": at + timedelta(seconds=20), "ended_at": at + timedelta(seconds=320)}
    matter = begin_matter(agency, at)
    held = begin_call(matter, "phone", at, state=CallState.ENDED, outcome=outcome, **(times | more))
    marks.mark_caller(held, number)
    return held


def counted(**only: Any) -> dict[str, int]:
    return {row.measure: row.count for row in Tally.objects.filter(**({"by": ""} | only)) if row.count}


@pytest.mark.django_db
def test_a_call_is_counted_at_its_hour_and_by_language_and_region(call: Call) -> None:
    content = {"language": "ru", "region": "abroad"}
    call.line_id = uuid4()
    tallies.count_offered(call)
    tallies.count_answered(call)
    tallies.count_ended(call, content)
    assert counted(hour=HOUR) == {"offered": 1, "answered": 1, "answered_ring": 1, "ended": 1, "substantive": 1}
    assert counted(by="language", value="ru") == counted(by="region", value="abroad") == {"ended": 1, "substantive": 1}
    assert {row.measure: row.seconds for row in Tally.objects.filter(by="", seconds__gt=0)} == {
        "answered_ring": 20,
        "ended": 300,
    }


@pytest.mark.django_db
def test_what_is_counted_twice_adds_up_in_one_row(call: Call) -> None:
    call.line_id = uuid4()
    tallies.count_answered(call)
    tallies.count_answered(call)
    row = Tally.objects.get(measure=Measure.ANSWERED_RING)
    assert (row.count, row.seconds) == (2, 40)


@pytest.mark.django_db
@pytest.mark.sqlcipher_only
def test_a_call_that_was_begun_by_hand_was_answered_and_says_nothing_of_the_speed(call: Call) -> None:
    tallies.count_answered(call)
    assert counted() == {"answered": 1}


@pytest.mark.django_db
@pytest.mark.sqlcipher_only
def test_what_is_written_on_of_a_call_that_ended_changes_only_what_counts_otherwise(north: Agency) -> None:
    call = ended(north)
    tallies.count_ended(call, {"language": "ru"})
    was = tallies.of_ended(call, {"language": "ru"})
    with CaptureQueriesContext(connection) as asked:
        tallies.count_anew(call, was, tallies.of_ended(call, {"language": "ru"}))
    assert not [one for one in asked if "tally" in one["sql"].lower()]
    tallies.count_anew(call, was, tallies.of_ended(call, {"language": "tk"}))
    assert counted(by="language", value="ru") == {}
    assert counted(by="language", value="tk") == counted() == {"ended": 1, "substantive": 1}


@pytest.mark.django_db
def test_an_end_that_is_taken_back_leaves_no_trace_in_the_numbers(call: Call) -> None:
    content = {"language": "tk", "region": ""}
    tallies.count_ended(call, content)
    tallies.take_back_ended(call, content)
    tallies.take_back_ended(call, content)
    assert not Tally.objects.exclude(count=0, seconds=0).exists()


@pytest.mark.django_db
@pytest.mark.sqlcipher_only
@pytest.mark.parametrize("outcome", ["silent", "abusive", "test", "wrong_number"])
def test_calls_without_substance_are_calls_but_not_of_substance(north: Agency, outcome: str) -> None:
    tallies.count_ended(ended(north, outcome), None)
    assert counted() == {"ended": 1}


@pytest.mark.django_db
@pytest.mark.sqlcipher_only
def test_a_number_that_called_before_is_counted_among_those_with_a_number(north: Agency, cast: Cast) -> None:
    elsewhere = ended(cast["dowlet"].agency, number="+99365123456", at=NOW - timedelta(days=2))
    first = ended(north, number="+99365123456", at=NOW - timedelta(days=1))
    again, unknown = ended(north, number="+993 65 123456"), ended(north)
    for one in (elsewhere, first, again, unknown):
        tallies.count_ended(one, None)
    assert counted(agency=north, day=NOW.date()) == {"ended": 2, "substantive": 2, "with_number": 1, "repeated": 1}


@pytest.mark.django_db
@pytest.mark.sqlcipher_only
def test_a_call_from_which_a_case_was_opened_counts_as_a_potential_victim(call: Call, case: Any, cast: Cast) -> None:
    MatterCase.objects.create(matter=call.matter, case=case, call=call, opened_by=cast["nurana"], opened_at=NOW)
    tallies.count_ended(call, None)
    assert counted()["potential_victim"] == 1


@pytest.mark.django_db
@pytest.mark.sqlcipher_only
@pytest.mark.parametrize(("seconds", "quick"), [(10, True), (11, False)])
def test_who_hangs_up_at_once_is_told_apart(north: Agency, seconds: int, quick: bool) -> None:
    call = ended(north, "abandoned", answered_at=None, ended_at=NOW + timedelta(seconds=seconds))
    tallies.count_abandoned(call)
    assert ("abandoned_quickly" in counted()) is quick


@pytest.mark.django_db
@pytest.mark.sqlcipher_only
def test_a_call_of_the_hotline_is_neither_offered_nor_answered(north: Agency) -> None:
    call = ended(north, outgoing=True)
    for count in (tallies.count_offered, tallies.count_answered):
        count(call)
    tallies.count_ended(call, {"language": "ru"})
    assert counted() == {"outgoing": 1}


@pytest.mark.django_db
def test_a_call_back_is_on_time_until_the_moment_that_was_promised(north: Agency) -> None:
    for late in (timedelta(), timedelta(seconds=1)):
        matter = begin_matter(north, NOW, call_back_at=NOW)
        tallies.count_call_back(matter)
        tallies.count_call_back_done(matter, NOW + late)
    assert counted() == {"call_back": 2, "call_back_on_time": 1}
    tallies.take_back_call_back(matter)
    assert counted()["call_back"] == 1


def add(agency: Agency, measure: Measure, count: int, seconds: int = 0, at: datetime = NOW, **by: str) -> None:
    hour = tallies.hour_of(at)
    Tally.objects.create(
        agency=agency, day=hour.date(), hour=hour.hour, measure=measure, count=count, seconds=seconds, **by
    )


@pytest.fixture
def month(north: Agency, cast: Cast) -> None:
    add(north, Measure.OFFERED, 40)
    add(north, Measure.ANSWERED, 30)
    add(north, Measure.ANSWERED_RING, 30, 600)
    add(north, Measure.ABANDONED, 10, 100)
    add(north, Measure.ABANDONED_QUICKLY, 4)
    add(north, Measure.ENDED, 30, 9000)
    add(north, Measure.WITH_NUMBER, 20)
    add(north, Measure.REPEATED, 5)
    add(north, Measure.SUBSTANTIVE, 24)
    add(north, Measure.POTENTIAL_VICTIM, 3)
    add(north, Measure.CALL_BACK, 8, at=NOW - timedelta(hours=2))
    add(north, Measure.CALL_BACK_ON_TIME, 6, at=NOW - timedelta(hours=2))
    add(north, Measure.CALL_BACK, 50, at=NOW + timedelta(hours=2))
    add(north, Measure.OFFERED, 500, at=NOW - timedelta(days=7))
    add(cast["dowlet"].agency, Measure.OFFERED, 9000)
    for value, count in (("ru", 20), ("", 10)):
        add(north, Measure.ENDED, count, 60 * count, by="language", value=value)


@pytest.mark.django_db
@pytest.mark.sqlcipher_only
@pytest.mark.usefixtures("month")
def test_each_share_says_of_how_many_it_is_one(north: Agency) -> None:
    found = {one.label: (one.text, one.of) for one in numbers.numbers(north, 7, NOW).figures}
    assert found == {
        "Calls offered": ("40", ""),
        "Answered": ("75%", "30 of 40"),
        "Hung up before an answer": ("25%", "10 of 40"),
        "Hung up after waiting": ("17%", "6 of 36"),
        "Speed of answer": ("0:20", "on average of 30 calls"),
        "Handling time": ("5:00", "on average of 30 calls"),
        "Called before": ("25%", "5 of 20"),
        "Calls of substance": ("80%", "24 of 30"),
        "Potential victims": ("10%", "3 of 30"),
        "Called back on time": ("75%", "6 of 8"),
        "Calls made by the hotline": ("0", ""),
        "Of them, nobody answered": ("–", "of none"),
        "Asked on the public page": ("0", ""),
    }


@pytest.mark.django_db
@pytest.mark.sqlcipher_only
@pytest.mark.parametrize(
    ("zone", "is_whole"), [("Asia/Ashgabat", True), ("America/Lima", True), ("Asia/Kolkata", False)]
)
def test_hours_are_those_of_who_asks_where_clocks_are_whole_hours_apart(
    north: Agency, zone: str, is_whole: bool
) -> None:
    add(north, Measure.ANSWERED, 1)
    own = NOW.astimezone(ZoneInfo(zone))
    found = numbers.numbers(north, 7, NOW, own.tzinfo)
    country = tallies.hour_of(NOW)
    assert found.by_own_clock is is_whole
    expected = own.hour if is_whole else country.hour
    assert [row.hour for row in found.hours if row.answered] == [expected]


@pytest.mark.django_db
@pytest.mark.sqlcipher_only
def test_of_nothing_there_is_no_share(north: Agency) -> None:
    found = numbers.numbers(north, 30, NOW)
    assert found.is_empty
    assert {one.of for one in found.figures} == {"", "of none"}


@pytest.mark.django_db
@pytest.mark.sqlcipher_only
@pytest.mark.usefixtures("month")
def test_the_page_shows_hours_and_languages_by_few_queries(
    browse: Callable[..., Client], django_assert_max_num_queries: Any
) -> None:
    supervisor = browse("aman")
    supervisor.get("/hotline/numbers")
    with django_assert_max_num_queries(12):
        page = supervisor.get("/hotline/numbers?days=7").content.decode()
    assert re.search(r"<title id=\"hours-title\">[^<]+</title>\s*<desc", page)
    assert f"came in the hour from {AT_THE_SITE}:00" in page
    assert '<th scope="row"><span>Russian' in page
    assert "not written down" in page
    assert "9,000" not in page
    assert "540" in supervisor.get("/hotline/numbers?days=30").content.decode()
    assert "540" in supervisor.get("/hotline/numbers?days=31").content.decode(), "an unknown period is the usual one"


@pytest.mark.django_db
@pytest.mark.sqlcipher_only
@pytest.mark.usefixtures("month")
def test_a_drawing_has_its_points_in_every_language(browse: Callable[..., Client]) -> None:
    client = browse("aman")
    client.cookies["language"] = "ru"
    page = client.get("/hotline/numbers?days=7").content.decode()
    assert re.search(r'<rect class="calls" x="\d+\.\d" y="0.0" width="9.5" height="100.0"', page)


@pytest.mark.django_db
@pytest.mark.sqlcipher_only
@pytest.mark.usefixtures("month")
def test_the_table_to_take_along_says_the_same(browse: Callable[..., Client]) -> None:
    answer = browse("aman").get("/hotline/numbers.csv?days=7")
    rows = list(csv.reader(StringIO(answer.content.decode("utf-8-sig"))))
    assert answer["Content-Type"].startswith("text/csv")
    assert ["Answered", "Last 7 days", "75%", "30 of 40"] in rows
    assert ["Calls offered", f"{AT_THE_SITE:02}:00", "40", ""] in rows
    assert ["Calls that ended", "Language: Russian", "20", ""] in rows
    assert {row[0] for row in rows if row[1] == "Language: Russian"} == {
        "Calls that ended",
        "Called before",
        "Calls of substance",
        "Potential victims",
        "Handling time",
    }


@pytest.mark.django_db
@pytest.mark.sqlcipher_only
@pytest.mark.parametrize("who", ["nurana", "viktor", "kerim"])
def test_whoever_is_no_supervisor_finds_no_such_page(browse: Callable[..., Client], who: str) -> None:
    assert browse(who).get("/hotline/numbers").status_code == 404


@pytest.mark.sqlcipher_only
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)), min_size=24, max_size=24))
def test_no_bar_leaves_the_drawing(counts: list[tuple[int, int]]) -> None:
    for bar in bars.bars([HourRow(hour, all_, 0, lost) for hour, (all_, lost) in enumerate(counts)]):
        assert 0 <= bar.x <= bars.WIDTH - bars.BAR
        assert bar.top >= 0
        assert bar.rest <= bar.height <= bars.HEIGHT


@pytest.mark.sqlcipher_only
@pytest.mark.parametrize(("seconds", "text"), [(None, "–"), (0, "0:00"), (65, "1:05"), (7200, "120:00")])
def test_a_duration_is_read_in_minutes_and_seconds(seconds: int | None, text: str) -> None:
    with translation.override("ru"):
        assert numbers.duration(seconds) == text


@pytest.mark.django_db
@pytest.mark.sqlcipher_only
def test_counting_opens_nothing_of_a_matter(call: Call, django_assert_max_num_queries: Any) -> None:
    held = Call.objects.select_related("matter").defer("content", "number").get()
    with django_assert_max_num_queries(4):
        tallies.count_ended(held, {"language": "tk"})
    assert "content" in held.get_deferred_fields()
    assert Matter.objects.count() == 1
