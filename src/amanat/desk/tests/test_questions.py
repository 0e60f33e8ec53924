"""Questions about children: the officer sees who asks much, and comes from there to what was asked that day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from amanat.access.models import ANSWERS_A_DAY, ExistenceAnswer
from amanat.cases.known import ask_elsewhere
from amanat.desk.questions import LATELY, SHOWN, askers
from amanat.office.tests.ways import read
from amanat.people.models import User
from tests.cast import CONTACTS, IDENTITY, NOW, Cast

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def asked(cast: Cast, name: str, times: int, days_ago: int = 0) -> None:
    at = NOW - timedelta(days=days_ago)
    ExistenceAnswer.objects.bulk_create(ExistenceAnswer(membership=cast[name], at=at) for _time in range(times))


def test_a_question_counts_whatever_was_answered(cast: Cast) -> None:
    ask_elsewhere(IDENTITY, CONTACTS, reason="A neighbour asked.", actor=cast.actor("jemal"))
    [only] = askers(NOW)
    assert (only.user, only.asked, only.most, only.is_at_the_limit) == (cast["jemal"].user, 1, 1, False)


def test_whoever_asked_most_on_one_day_comes_first_and_the_limit_is_marked(cast: Cast) -> None:
    asked(cast, "jemal", 3)
    asked(cast, "jemal", 4, days_ago=5)
    asked(cast, "merdan", ANSWERS_A_DAY, days_ago=2)
    first, second = askers(NOW)
    assert (first.user, first.most, first.is_at_the_limit) == (cast["merdan"].user, ANSWERS_A_DAY, True)
    assert (second.asked, second.most, second.busiest) == (7, 4, (NOW - timedelta(days=5)).date())


def test_what_is_older_than_thirty_days_is_gone_from_it(cast: Cast) -> None:
    ExistenceAnswer.objects.create(membership=cast["jemal"], at=NOW - LATELY - HOUR)
    assert askers(NOW) == []


def test_two_memberships_are_one_person_and_no_more_are_shown_than_fit(
    cast: Cast, browse: Callable[..., Client]
) -> None:
    second = type(cast["jemal"]).objects.create(
        user=cast["jemal"].user, agency=cast["aman"].agency, site=cast["aman"].site, role="lawyer", since=NOW
    )
    asked(cast, "jemal", 2)
    ExistenceAnswer.objects.create(membership=second, at=NOW)
    for number in range(SHOWN):
        user = User.objects.create_user(f"many{number}", None, display_name=f"Many {number}")
        member = type(second).objects.create(
            user=user, agency=second.agency, site=second.site, role="social_worker", since=NOW
        )
        ExistenceAnswer.objects.create(membership=member, at=NOW)
    found = askers(NOW)
    assert len(found) == SHOWN
    assert (found[0].user, found[0].most) == (second.user, 3)


def test_the_page_leads_to_the_log_of_that_day_and_says_when_nobody_asked(
    cast: Cast, browse: Callable[..., Client]
) -> None:
    kerim = browse("kerim")
    assert "Nobody asked" in read(kerim, "/desk/questions")
    asked(cast, "merdan", ANSWERS_A_DAY)
    page = read(kerim, "/desk/questions")
    assert "at the limit" in page
    assert f"/desk/log?worker={cast['merdan'].user_id.hex}&amp;day={NOW:%Y-%m-%d}" in page
    assert "/desk/questions" in read(kerim, "/desk")


@pytest.mark.parametrize("name", ["jemal", "aman", "viktor"])
def test_nobody_else_sees_it(cast: Cast, browse: Callable[..., Client], name: str) -> None:
    assert browse(name).get("/desk/questions").status_code == 404
