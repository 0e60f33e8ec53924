"""The feed as RFC 5545 writes it: ends of lines, folding, escaping, UTC; and nothing of a child in it."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.legal import icalendar

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
AT = datetime(2026, 12, 1, 14, 30, tzinfo=ZoneInfo("Asia/Ashgabat"))


def test_an_event_says_when_in_utc_and_the_one_word():
    told = icalendar.calendar([("abc", AT)], summary="Appointment", name="Appointments", now=NOW)
    assert told.endswith("END:VCALENDAR\r\n")
    assert "\n" not in told.replace("\r\n", "")
    event = told[told.index("BEGIN:VEVENT") : told.index("END:VEVENT")].split("\r\n")
    assert event == [
        "BEGIN:VEVENT",
        "UID:abc",
        "DTSTAMP:20261124T090000Z",
        "DTSTART:20261201T093000Z",
        "DURATION:PT1H",
        "SUMMARY:Appointment",
        "CLASS:PRIVATE",
        "",
    ]


def test_clocks_that_are_put_back_do_not_move_an_event():
    bucharest = ZoneInfo("Europe/Bucharest")
    twice = [datetime(2026, 10, 25, 3, 30, tzinfo=bucharest, fold=fold) for fold in (0, 1)]
    assert [icalendar.moment(at) for at in twice] == ["20261025T003000Z", "20261025T013000Z"]


def test_a_moment_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        icalendar.moment(datetime(2026, 1, 1))  # noqa: DTZ001


def test_a_uid_is_the_same_in_one_feed_and_another_in_the_next():
    one, again, other = icalendar.uid("a", b"1"), icalendar.uid("a", b"1"), icalendar.uid("b", b"1")
    assert one == again
    assert one != other
    assert len(one) == 32


def test_marks_are_escaped():
    assert icalendar.escaped("a,b;c\\d\r\ne") == "a\\,b\\;c\\\\d\\ne"


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=300))
def test_no_line_is_longer_than_75_octets_and_unfolding_gives_the_text_back(text):
    folded = icalendar.folded(text)
    assert all(len(line.encode()) <= icalendar.LONGEST for line in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == text
