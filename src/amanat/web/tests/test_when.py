"""Moments are kept in UTC and read in the site's zone, as each language writes a date."""

import datetime

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from amanat.web.formats import written

MOMENT = datetime.datetime(2026, 11, 24, 21, 2, tzinfo=datetime.UTC)
DAY = datetime.date(2026, 3, 1)


def drawn(value: object, style: str = "full") -> str:
    return Template("{% load web %}{% when value style %}").render(Context({"value": value, "style": style}))


@pytest.mark.parametrize(
    ("language", "moment", "day", "short"),
    [
        ("tk", "25 noýabr 2026, 02:02", "1 mart 2026", "25.11.2026, 02:02"),
        ("ru", "25 ноября 2026 г. 2:02", "1 марта 2026 г.", "25.11.2026 02:02"),
        ("en", "25 November 2026, 02:02", "1 March 2026", "25.11.2026, 02:02"),
        ("ro", "25 noiembrie 2026, 02:02", "1 martie 2026", "25.11.2026, 02:02"),
    ],
)
def test_each_language_writes_dates_its_own_way(language: str, moment: str, day: str, short: str) -> None:
    with translation.override(language), timezone.override("Asia/Ashgabat"):
        assert drawn(MOMENT) == f'<time datetime="2026-11-24T21:02:00Z">{moment}</time>'
        assert drawn(MOMENT, "short") == f'<time datetime="2026-11-24T21:02:00Z">{short}</time>'
        assert drawn(DAY) == f'<time datetime="2026-03-01">{day}</time>'


@pytest.mark.parametrize(
    ("language", "said"), [("en", "Wednesday, 25 November 2026"), ("ru", "Среда, 25 ноября 2026 г.")]
)
def test_a_day_can_be_told_with_its_weekday(language: str, said: str) -> None:
    with translation.override(language), timezone.override("Asia/Ashgabat"):
        assert f">{said}<" in drawn(MOMENT, "weekday")


@pytest.mark.parametrize(
    ("language", "said"), [("tk", "1 mart 2026"), ("ro", "1 martie 2026"), ("ru", "1 марта 2026 г.")]
)
def test_a_day_within_a_sentence_is_written_as_on_its_own(language: str, said: str) -> None:
    with translation.override(language):
        assert written(DAY, "DATE_FORMAT") == said


def test_a_moment_that_never_was_draws_nothing() -> None:
    assert drawn(None) == ""
