"""Child, guardian and team agree, each on a day; then the version is frozen, and a change is a new version."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from amanat.access.files import open_file
from amanat.cases.models import Event, EventKind
from amanat.plans import differences
from amanat.plans.actions import agreeing, drafting, talking
from amanat.plans.models import FrozenPlan, Plan, PlanRow, PlanState, RowKind
from amanat.plans.reading import Standing, frozen_text, plans_of
from amanat.plans.tests.planned import TODAY, Drafted, drafted, team
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import NOW

__all__ = ["drafted", "team"]  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]


def test_with_the_third_yes_the_version_is_frozen(drafted: Drafted) -> None:
    drafted.agree("child", "guardian")
    assert drafted.now().is_draft
    drafted.agree("team")
    plan = drafted.now()
    assert (plan.state, plan.agreed_at) == (PlanState.AGREED, NOW)
    assert Event.objects.filter(kind=EventKind.PLAN_AGREED).count() == 1
    with pytest.raises(PersonFacingError, match="being drafted"):
        drafted.write(row=drafted.objective, words="Another word")


def test_a_frozen_version_does_not_change(drafted: Drafted) -> None:
    drafted.agree()
    frozen = FrozenPlan.objects.get()
    frozen.content = {"rows": {}, "sha256": ""}
    with pytest.raises(TypeError):
        frozen.save()
    file = open_file(drafted.cast.actor("jemal"), drafted.case)
    before = frozen_text(file, plans_of(file)[0])
    drafting.begin(drafted.case, why="The school said no", actor=drafted.cast.actor("jemal"))
    drafted.write(row=drafted.objective, words="Attends another school")
    after = Standing(file)
    assert after.agreed is not None
    assert frozen_text(file, after.agreed) == before
    assert after.live != before


def test_a_high_need_without_objective_or_reason_stops_the_agreement(drafted: Drafted) -> None:
    jemal = drafted.cast.actor("jemal")
    need = drafting.record_need(drafted.case, domain="safety", level="high", words="Calls from a stranger", actor=jemal)
    with pytest.raises(PersonFacingError, match="Calls from a stranger"):
        drafted.agree("child")
    drafting.record_need(
        drafted.case,
        row=need,
        domain="safety",
        level="high",
        words="Calls from a stranger",
        no_objective="The police does it",
        actor=jemal,
    )
    drafted.agree()
    assert drafted.now().state == PlanState.AGREED


def test_a_no_of_the_child_leaves_a_draft(drafted: Drafted) -> None:
    with pytest.raises(PersonFacingError, match="what they said"):
        drafted.agree("child", answer="no")
    drafted.agree("child", answer="no", words="I want another school")
    drafted.agree("guardian", "team")
    assert drafted.now().is_draft
    drafted.agree("child", now=NOW + timedelta(hours=1))  # asked again
    assert drafted.now().state == PlanState.AGREED


def test_who_agreed_to_an_earlier_text_is_asked_again(drafted: Drafted) -> None:
    drafted.agree("child", "guardian")
    drafted.write(row=drafted.objective, words="Something else")
    drafted.agree("team")
    assert drafted.now().is_draft
    drafted.agree("child", "guardian", now=NOW + timedelta(hours=1))
    assert drafted.now().state == PlanState.AGREED


def test_an_agreement_to_a_text_that_changed_meanwhile_is_shown(drafted: Drafted) -> None:
    with pytest.raises(PersonFacingError, match="was changed since"):
        drafted.agree("child", shown="another text")


def test_no_day_to_come(drafted: Drafted) -> None:
    with pytest.raises(PersonFacingError, match="not come yet"):
        drafted.agree("child", on=TODAY + timedelta(days=1))


def test_a_change_after_the_agreement_is_a_new_version_with_a_difference(drafted: Drafted) -> None:
    drafted.agree()
    with pytest.raises(PersonFacingError, match="why the plan is changed"):
        drafting.begin(drafted.case, actor=drafted.cast.actor("jemal"))
    drafting.begin(drafted.case, why="The school said no", actor=drafted.cast.actor("jemal"))
    drafted.write(row=drafted.objective, words="Attends the evening school", phrase="school_back")
    now = Standing(open_file(drafted.cast.actor("jemal"), drafted.case))
    changes = differences.between(now.in_force, now.live)
    assert [change.what for change in changes] == ["changed"]
    assert ("gone", "ninth") in changes[0].fields[0].pieces
    drafted.agree()
    assert [(plan.number, plan.state) for plan in Plan.objects.order_by("number")] == [
        (1, PlanState.SUPERSEDED),
        (2, PlanState.AGREED),
    ]


def test_the_supervisor_approves_what_was_agreed(drafted: Drafted) -> None:
    with pytest.raises(PersonFacingError, match="No version is agreed"):
        agreeing.approve(drafted.case, actor=drafted.cast.actor("aman"))
    drafted.agree()
    with pytest.raises(Refused):
        agreeing.approve(drafted.case, actor=drafted.cast.actor("jemal"))
    assert agreeing.approve(drafted.case, actor=drafted.cast.actor("aman")).approved_by == drafted.cast["aman"]
    with pytest.raises(PersonFacingError, match="already"):
        agreeing.approve(drafted.case, actor=drafted.cast.actor("aman"))


def test_the_supervisor_approves_the_version_that_was_read(drafted: Drafted) -> None:
    drafted.agree()
    drafting.begin(drafted.case, why="The school said no", actor=drafted.cast.actor("jemal"))
    drafted.write(row=drafted.objective, words="Attends another school")
    drafted.agree()
    with pytest.raises(PersonFacingError, match="Another version"):
        agreeing.approve(drafted.case, seen=1, actor=drafted.cast.actor("aman"))
    assert agreeing.approve(drafted.case, seen=2, actor=drafted.cast.actor("aman")).number == 2


def test_a_report_is_of_the_agreed_row_while_a_draft_leaves_it_out(drafted: Drafted, browse: Any) -> None:
    drafted.agree()
    jemal, at = browse("jemal"), f"{drafted.case.get_absolute_url()}/plan"
    drafting.begin(drafted.case, why="The school said no", actor=drafted.cast.actor("jemal"))
    drafting.take_out(drafted.case, row=drafted.objective, reason="Not this school", actor=drafted.cast.actor("jemal"))
    report = f"{at}/rows/{drafted.objective.pk}/report"
    assert report in jemal.get(f"{at}/versions/1").content.decode()
    assert "ninth form" in jemal.get(report).content.decode()
    assert jemal.post(report, {"state": "going", "on": TODAY.isoformat()}).status_code == 302
    assert report not in jemal.get(f"{at}/versions/2").content.decode()


def test_a_need_that_changes_after_the_agreement_is_shown_and_no_other_row_changes(
    drafted: Drafted, browse: Any
) -> None:
    drafted.agree()
    jemal = drafted.cast.actor("jemal")
    told = {"domain": "education", "level": "high", "words": "Is afraid of the way to school"}
    drafting.record_need(drafted.case, row=drafted.need, actor=jemal, **told)
    page = browse("jemal").get(f"{drafted.case.get_absolute_url()}/plan").content.decode()
    assert "Is afraid of the way" in page
    assert "Has not been to school" in page, "what was agreed stands"
    with pytest.raises(ValueError, match="no need"):
        drafting.record_need(drafted.case, row=drafted.objective, actor=jemal, **told)


def test_what_is_said_of_the_whole_is_not_taken_out(drafted: Drafted) -> None:
    whole = PlanRow.objects.get(kind=RowKind.WHOLE)
    with pytest.raises(ValueError, match="every version"):
        drafting.take_out(drafted.case, row=whole, reason="x", actor=drafted.cast.actor("jemal"))


def test_who_records_an_agreement_sees_when_the_text_changed_last(drafted: Drafted, browse: Any) -> None:
    drafted.write(by="ogulgerek", row=drafted.activity, words="Find two schools", now=NOW + timedelta(minutes=5))
    page = browse("jemal").get(f"{drafted.case.get_absolute_url()}/plan/agree").content.decode()
    assert "The text was changed last on" in page
    assert ", Ogulgerek." in page


def test_reports_and_reviews_are_of_what_was_agreed(drafted: Drafted) -> None:
    jemal = drafted.cast.actor("jemal")
    told = {"trigger": "rhythm", "on": TODAY, "good": "She draws", "child": "I like it", "decision": "goes_on"}
    with pytest.raises(PersonFacingError, match="No version is agreed"):
        talking.review(drafted.case, actor=jemal, **told)
    drafted.agree()
    talking.report(drafted.case, row=drafted.objective, state="going", on=TODAY, actor=jemal)
    with pytest.raises(PersonFacingError, match="does not stand"):
        talking.report(drafted.case, row=drafted.need, state="going", on=TODAY, actor=jemal)
    assert talking.review(drafted.case, actor=jemal, **told).plan == drafted.plan
