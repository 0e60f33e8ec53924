"""Before a child comes of age its plan is looked at again: said at the head of the file, where it is opened; reviews end it. Nothing
that is kept in clear tells the birthday."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from amanat.access.files import open_file
from amanat.cases.models import Case, DueStep, Event
from amanat.plans import adulthood, rhythm
from amanat.plans.actions import agreeing, drafting, talking
from amanat.plans.birthdays import coming_of_age
from amanat.plans.models import Plan, PlanRow, Review
from amanat.plans.tests.planned import TODAY, Drafted, drafted, team
from amanat.procedures import Span
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
        ("2008-11-25", "The child is of age in less than 1 month"),
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


def test_it_is_said_at_the_last_review_before(drafted: Drafted) -> None:
    """A rhythm of a month would else come by three weeks after the day."""
    drafted.agree()
    born = date(2012, 4, 5)
    before = datetime(2029, 12, 20, 12, 0, tzinfo=UTC)  # three months before are 5 January 2030
    talking.review(
        drafted.case, on=TODAY, actor=drafted.cast.actor("jemal", datetime(2029, 11, 1, tzinfo=UTC)), **REVIEW
    )
    assert adulthood.comes_of_age(born, 18) == date(2030, 4, 5)
    assert said(drafted.case, drafted.cast, now=before) == ""
    drafted.case.stage = "reintegration"
    assert said(drafted.case, drafted.cast, now=before) == "The child is of age in less than 4 months"


@pytest.mark.parametrize("day", ["2009-02-11", "2012-11-30"])
def test_no_day_of_a_plan_in_clear_depends_on_the_day_of_birth(
    register: Callable[..., Case], cast: Cast, day: str
) -> None:
    """Two children who differ in their birthdays alone leave the same rows of plans and steps."""
    assert _kept(register, cast, day) == _kept(register, cast, "2009-08-24")


def _kept(register: Callable[..., Case], cast: Cast, born: str) -> list[Any]:
    case = register(identity=IDENTITY | {"birth_date": born})
    jemal = cast.actor("jemal")
    drafting.begin(case, actor=jemal)
    need = drafting.record_need(case, domain="education", level="low", words="x", actor=jemal)
    drafting.write(case, kind="objective", parent=need, words="x", owner="child", end=TODAY, actor=jemal)
    for party in ("child", "guardian", "team"):
        agreeing.agree(case, party=party, answer="yes", on=TODAY, actor=jemal)
    talking.review(case, on=TODAY, actor=jemal, **REVIEW)
    named = {
        "id",
        "case",
        "case_id",
        "subject",
        "subject_id",
        "content",
        "why",
        "row",
        "row_id",
        "plan",
        "plan_id",
        "parent_id",
    }
    kept: list[Any] = []
    for model in (Plan, PlanRow, Review, DueStep, Event):
        of_it = {"plan__case": case} if model is Review else {"case": case}
        fields = [one.attname for one in model._meta.concrete_fields if one.attname not in named | {"note", "words"}]
        kept += sorted(map(str, model._default_manager.filter(**of_it).values_list(*fields)))
    return kept


def test_a_rhythm_in_working_days_reaches_over_the_weekends_between_them(monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case(stage="assistance")
    [step] = [one for one in rhythm.steps() if "assistance" in one.when.get("stage", ())]
    monkeypatch.setattr(rhythm, "steps", lambda: [replace(step, span=Span(20, "working_days"))])
    assert rhythm.length(case) >= timedelta(days=28)
