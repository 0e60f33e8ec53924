"""Unusual use of existence questions, on the data protection desk: counted right, marked by the rules that the page names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from amanat.access.models import ANSWERS_A_DAY, ExistenceAnswer
from amanat.office.askings import AT_LEAST, LATELY, LONGER, SHOWN, TIMES, Asking, askings
from amanat.office.tests.ways import counting, read
from amanat.people.models import Membership, User
from tests.cast import Cast

Browse = Callable[..., Client]


def ask(cast: Cast, name: str, count: int, *, days: float = 0, apart: float = 0) -> None:
    """So many questions, so many days ago, the earlier ones `apart` hours before each next."""
    last = cast.now - timedelta(days=days)
    ExistenceAnswer.objects.bulk_create(
        ExistenceAnswer(membership=cast[name], at=last - timedelta(hours=apart * number)) for number in range(count)
    )


def told(cast: Cast) -> dict[str, Asking]:
    return {one.worker: one for one in askings(cast.now)}


def test_answers_are_counted_by_worker_and_day_over_seven_and_thirty_days(cast: Cast) -> None:
    for days, count, name in ((0, 2, "jemal"), (1, 1, "jemal"), (20, 9, "jemal"), (0, 5, "nurana"), (31, 9, "merdan")):
        ask(cast, name, count, days=days)
    found = askings(cast.now)
    today = cast.now.date()
    assert [(one.worker, one.lately, one.longer, one.most) for one in found] == [
        ("Nurana", 5, 5, 5),
        ("Jemal", 3, 12, 9),
    ]
    assert found[1].days == [(today, 2), (today - timedelta(days=1), 1)]
    assert not any(one.is_marked for one in found)


def test_the_memberships_of_one_worker_are_counted_together(cast: Cast) -> None:
    second = Membership.objects.create(
        user=cast["jemal"].user, agency=cast["dowlet"].agency, role="social_worker", since=cast.now
    )
    cast["second"] = second
    ask(cast, "jemal", 12)
    ask(cast, "second", 8)
    only = told(cast)["Jemal"]
    assert (only.lately, only.agencies) == (20, ("Harbour Legal Aid", "Northern Network"))
    assert only.reached == (cast.now.date(),)


@pytest.mark.parametrize(
    ("count", "apart", "reached"),
    [(ANSWERS_A_DAY - 1, 0, False), (ANSWERS_A_DAY, 0, True), (ANSWERS_A_DAY, 1.2, True), (ANSWERS_A_DAY, 1.3, False)],
)
def test_who_used_all_that_any_24_hours_give_reached_the_limit(
    cast: Cast, count: int, apart: float, reached: bool
) -> None:
    """Also where midnight lies between."""
    ask(cast, "jemal", count, apart=apart)
    assert bool(told(cast)["Jemal"].reached) is reached


def test_the_limit_reached_weeks_ago_is_still_told_and_no_longer_than_thirty_days(cast: Cast) -> None:
    ask(cast, "jemal", ANSWERS_A_DAY, days=20)
    ask(cast, "nurana", ANSWERS_A_DAY, days=40)
    found = told(cast)
    assert list(found) == ["Jemal"]
    then = (cast.now - timedelta(days=20)).date()
    assert found["Jemal"].reached == (then,)
    assert found["Jemal"].days == [(then, ANSWERS_A_DAY)]
    assert found["Jemal"].lately == 0


@pytest.mark.parametrize(
    ("lately", "before", "marked"),
    [
        (AT_LEAST, 0, True),
        (AT_LEAST - 1, 0, False),
        (AT_LEAST, 10, True),
        (AT_LEAST, 11, False),
        (14, 15, True),
        (14, 16, False),
    ],
)
def test_far_more_than_before_is_at_least_ten_and_three_times_as_many_a_day(
    cast: Cast, lately: int, before: int, marked: bool
) -> None:
    """10 in 7 days are three times 11 in 23 days but for a little: 10 / 7 > 3 * 10 / 23, and not > 3 * 11 / 23."""
    assert (lately / LATELY > TIMES * before / (LONGER - LATELY) and lately >= AT_LEAST) is marked
    ask(cast, "jemal", lately, days=1)
    ask(cast, "jemal", before, days=15)
    assert told(cast)["Jemal"].far_more is marked


def test_whoever_is_marked_stands_first(cast: Cast) -> None:
    ask(cast, "merdan", 9)
    ask(cast, "jemal", ANSWERS_A_DAY, days=20)
    assert [one.worker for one in askings(cast.now)] == ["Jemal", "Merdan"]


def test_the_page_names_the_rule_and_leads_to_the_log(cast: Cast, browse: Browse) -> None:
    ask(cast, "jemal", ANSWERS_A_DAY)
    page = read(browse("kerim"), "/desk")
    for words in ("reached the limit", "far more than before", "somebody used all 20 answers", "20 of 20"):
        assert words in page
    where = f"/desk/log?worker={cast['jemal'].user_id.hex}&amp;day={cast.now:%Y-%m-%d}"
    assert where in page
    assert "Jemal" in read(browse("kerim"), where.replace("&amp;", "&"))


def test_it_costs_one_query_however_many_ask(cast: Cast) -> None:
    users = User.objects.bulk_create(User(username=f"w{n}", password="!", display_name=f"W {n}") for n in range(40))
    members = Membership.objects.bulk_create(
        Membership(user=user, agency=cast["jemal"].agency, role="social_worker", since=cast.now) for user in users
    )
    for number, member in enumerate(members):
        cast[f"w{number}"] = member
        ask(cast, f"w{number}", 3)
    with counting() as queries:
        assert len(askings(cast.now)) == SHOWN
    assert len(queries) == 1
