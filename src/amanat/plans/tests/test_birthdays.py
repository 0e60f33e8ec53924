"""Before a child comes of age its plan is looked at again: said at the head of the file, and a day of *My day*; reviews end it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from amanat.access.files import open_file
from amanat.cases.models import Case
from amanat.plans.actions import talking
from amanat.plans.birthdays import coming_of_age
from amanat.plans.models import Plan
from amanat.plans.tests.planned import TODAY, Drafted, drafted, team
from tests.cast import IDENTITY, NOW, Cast

__all__ = ["drafted", "team"]  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]

REVIEW: dict[str, Any] = {"trigger": "adult", "good": "x", "child": "y", "decision": "goes_on"}


def said(case: Case, cast: Cast, name: str = "jemal", now: datetime = NOW) -> str:
    caution = coming_of_age(open_file(cast.actor(name, now), case))
    return str(caution.title) if caution else ""


@pytest.mark.parametrize(
    ("born", "told"),
    [
        ("2012-04-05", ""),
        ("2008-11-25", "The child is of age in less than 3 months"),
        ("2008-11-24", "The child is of age today"),
        ("2009-05-20", "The child is of age in less than 6 months"),
        ("2009-11-24", "The child is of age in less than 12 months"),
        ("2009-11-25", ""),
        ("2008-11-20", "The child is of age by now"),
    ],
)
def test_the_head_of_the_file_says_how_near_it_is(
    register: Callable[..., Case], cast: Cast, born: str, told: str
) -> None:
    assert said(register(identity=IDENTITY | {"birth_date": born}), cast) == told


def test_a_day_that_nobody_knows_surely_says_nothing(register: Callable[..., Case], cast: Cast) -> None:
    guessed = IDENTITY | {"birth_date": "2008-11-24", "certainty": "estimated"}
    assert said(register(identity=guessed), cast) == ""


def test_a_review_since_then_ends_it(drafted: Drafted) -> None:
    drafted.agree()
    child = drafted.case.child
    later = datetime(2030, 4, 5, 12, 0, tzinfo=UTC)
    assert said(drafted.case, drafted.cast, now=later) == "The child is of age today"
    talking.review(drafted.case, on=later.date(), actor=drafted.cast.actor("jemal", later), **REVIEW)
    assert said(drafted.case, drafted.cast, now=later) == ""
    assert child.pk


def test_the_next_review_comes_no_later_than_the_next_of_these_days(drafted: Drafted) -> None:
    drafted.agree()
    assert drafted.now().review_by == date(2029, 4, 1)  # a year before, of the day only the month
    soon = TODAY + timedelta(days=30)
    talking.review(drafted.case, on=TODAY, next_on=soon, actor=drafted.cast.actor("jemal"), **REVIEW)
    assert drafted.now().review_by == soon
    far = date(2031, 1, 1)
    talking.review(drafted.case, on=TODAY, next_on=far, actor=drafted.cast.actor("jemal"), **REVIEW)
    assert drafted.now().review_by == date(2029, 4, 1)


def test_my_day_counts_plans_whose_day_has_come(drafted: Drafted, browse: Callable[..., Any]) -> None:
    drafted.agree()
    assert "plan to be reviewed" not in browse("jemal").get("/").content.decode()
    Plan.objects.update(review_by=TODAY)
    assert "plan to be reviewed" in browse("jemal").get("/").content.decode()
    assert "plan to be reviewed" not in browse("ogulgerek").get("/").content.decode()
