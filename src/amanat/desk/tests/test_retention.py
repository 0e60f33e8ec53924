"""The report of what will go and why, 30 days ahead: which period counts, from when, and that nothing goes by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from amanat import packs
from amanat.cases import keyed
from amanat.cases.actions import changing, guarding
from amanat.cases.keyed import Ended, comes_of_age
from amanat.cases.models import Case
from amanat.desk import retention
from amanat.desk.actions import erasing, holding
from amanat.desk.models import Due, Review
from amanat.desk.retention import NotOver, end_of, review
from amanat.desk.reviewing import Reviewer
from amanat.desk.tests.ways import asked, close, erased
from amanat.office.tests.ways import read
from tests.cast import IDENTITY, NOW, Cast

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]
Register = Callable[..., Case]
CLOSED_ON = NOW.date()  # by `close`
BORN = date(2012, 4, 5)
A_YEAR_ON = NOW.replace(year=2027)


def due() -> set[str]:
    """The code names in the report."""
    return set(Due.objects.values_list("subject__child__code_name", flat=True))


# --- which period, and until when ------------------------------------------------------------------------------------


def test_a_file_is_kept_ten_years_from_closing_or_from_the_18th_birthday_whichever_is_later() -> None:
    ten = packs.current().retention["closed_case"].amount
    late = end_of(Ended(date(2026, 5, 1), "goals_met", date(2030, 4, 5)))
    early = end_of(Ended(date(2031, 5, 1), "goals_met", date(2030, 4, 5)))
    assert late
    assert early
    assert (late.on, early.on) == (date(2030 + ten, 4, 5), date(2031 + ten, 5, 1))


def test_who_was_not_trafficked_is_kept_a_year_whatever_the_birthday() -> None:
    end = end_of(Ended(date(2026, 5, 1), "not_trafficked", date(2030, 4, 5)))
    assert end
    assert (end.on, end.period.name, end.sure) == (date(2027, 5, 1), "not_trafficked", True)


def test_where_the_day_of_birth_is_not_known_it_is_said() -> None:
    end = end_of(Ended(date(2026, 5, 1), "goals_met", None))
    assert end
    assert not end.sure


@given(st.dates(date(1990, 1, 1), date(2026, 1, 1)))
def test_the_18th_birthday_is_18_years_on(born: date) -> None:
    day = comes_of_age({"birth_date": born.isoformat()})
    assert day is not None
    assert day - timedelta(days=1) <= date(born.year + 18, born.month, min(born.day, 28)) + timedelta(days=3)
    assert (day.year, day >= date(born.year + 18, born.month, min(born.day, 28))) == (born.year + 18, True)


def test_of_a_year_of_birth_the_last_day_counts() -> None:
    assert comes_of_age({"birth_date": "", "birth_year": "2012"}) == date(2030, 12, 31)
    assert comes_of_age({}) is None


def test_the_newest_closing_counts_and_an_open_case_none(case: Case, cast: Cast) -> None:
    close(case, cast, "not_trafficked")
    changing.reopen(case, reason="She came back.", actor=cast.actor("jemal"))
    assert retention.end_for(case.subject_id) is None
    later = cast.actor("jemal", now=NOW + timedelta(hours=1))
    changing.close(case, why="goals_met", reason="She is at home.", actor=later)
    assert keyed.ended([case.subject_id]) == {case.subject_id: Ended(CLOSED_ON, "goals_met", date(2030, 4, 5))}


# --- the report ------------------------------------------------------------------------------------------------------


def days_before_a_year_on(days: int) -> datetime:
    return A_YEAR_ON - timedelta(days=days)


def test_a_file_stands_in_it_30_days_before_its_period_ends_and_no_day_earlier(case: Case, cast: Cast) -> None:
    close(case, cast, "not_trafficked")
    review(days_before_a_year_on(30))
    assert due() == set()
    review(days_before_a_year_on(29))
    assert due() == {case.child.code_name}
    assert Due.objects.get().noticed_on == days_before_a_year_on(29).date()
    review(A_YEAR_ON)
    assert Due.objects.get().noticed_on == days_before_a_year_on(29).date()  # the day on which it was noticed first


def test_it_erases_nothing_by_itself(case: Case, cast: Cast) -> None:
    close(case, cast, "not_trafficked")
    for years in (1, 20):
        review(NOW.replace(year=NOW.year + years))
    assert Case.objects.get().child.code_name in due()


def test_a_file_that_was_opened_again_leaves_it_and_so_does_an_erased_one(
    case: Case, cast: Cast, register: Register
) -> None:
    other, open_one = register(), register()
    for one in (case, other):
        close(one, cast, "not_trafficked")
    review(A_YEAR_ON)
    assert due() == {case.child.code_name, other.child.code_name}
    changing.reopen(case, reason="She came back.", actor=cast.actor("jemal"))
    review(A_YEAR_ON)
    assert due() == {other.child.code_name}
    waiting = asked(other, cast)
    erasing.carry_out(other, erasure=waiting, actor=cast.actor("kerim"))
    assert due() == set()
    assert open_one.pk in set(Case.objects.values_list("pk", flat=True))


def test_more_files_than_are_looked_at_at_once_are_all_looked_at(
    cast: Cast, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", 2)
    for _one in range(5):
        close(register(), cast, "not_trafficked")
    register()
    assert review(A_YEAR_ON).files == 5
    assert len(due()) == 5


def test_the_page_names_the_file_the_period_and_the_month_alone(case: Case, cast: Cast, browse: Browse) -> None:
    assert "have not been looked through yet" in read(browse("kerim"), "/desk/retention")
    close(case, cast, "not_trafficked")
    review(A_YEAR_ON - timedelta(days=9))
    page = read(browse("kerim"), "/desk/retention")
    assert case.child.code_name in page
    assert "A file closed because the child was not trafficked" in page
    assert "11.2027" in page
    assert "24.11.2027" not in page
    assert "Nobody could check this against its source." in page
    holding.place(case, reason="A court.", actor=cast.actor("kerim"))
    assert "kept by a legal hold" in read(browse("kerim"), "/desk/retention")


def test_who_is_kept_out_of_a_file_does_not_find_it_in_the_report(case: Case, cast: Cast, browse: Browse) -> None:
    close(case, cast, "not_trafficked")
    review(A_YEAR_ON)
    guarding.record_conflict(case, user=cast["kerim"].user, reason="A friend.", actor=cast.actor("aman"))
    assert case.child.code_name not in read(browse("kerim"), "/desk/retention")
    assert case.child.code_name in read(browse("maral"), "/desk/retention")


def test_by_the_ground_of_the_period_only_what_stood_there_for_30_days(case: Case, cast: Cast) -> None:
    close(case, cast, "not_trafficked")

    def ask(now: datetime) -> object:
        actor = cast.actor("aman", now=now)
        return erasing.ask(case, ground="period", reason="It is over.", actor=actor)

    with pytest.raises(NotOver, match="not over for this file"):
        ask(NOW)
    with pytest.raises(NotOver, match="for 30 days"):
        ask(A_YEAR_ON + timedelta(days=2))
    review(A_YEAR_ON + timedelta(days=2))
    with pytest.raises(NotOver, match="for 30 days"):
        ask(A_YEAR_ON + timedelta(days=31))
    assert ask(A_YEAR_ON + timedelta(days=32))


def test_it_is_made_once_a_day(case: Case, cast: Cast) -> None:
    moment = [NOW]
    reviewer = Reviewer(lambda: moment[0])
    for hours, made in ((0, NOW), (23, NOW), (24, NOW + timedelta(hours=24))):
        moment[0] = NOW + timedelta(hours=hours)
        reviewer.turn()
        assert Review.objects.get().finished_at == made


def test_an_erased_child_is_not_opened_by_it(case: Case, cast: Cast, register: Register) -> None:
    stays = register(identity=IDENTITY | {"birth_date": ""})
    close(stays, cast)
    erased(case, cast)
    assert review(NOW.replace(year=2050)).files == 1
    assert due() == {stays.child.code_name}
