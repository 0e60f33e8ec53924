"""The plan among the rest of the house: steps of the procedure, the conference's agenda, erasing, the file."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from amanat.access.files import open_file
from amanat.access.policy import Part
from amanat.cases import conferring
from amanat.cases.actions import writing
from amanat.cases.happenings import procedure
from amanat.cases.models import DueStep, EventKind, Task
from amanat.cases.tests.looking import counting
from amanat.plans.actions import drafting, talking
from amanat.plans.conferring import points
from amanat.plans.erasing import erase
from amanat.plans.models import Agreement, Comment, FormerRow, FrozenPlan, Plan, PlanRow, Report, Review
from amanat.plans.tests.planned import TODAY, Drafted, drafted, team
from amanat.procedures import rounds
from amanat.procedures.course import Happened
from amanat.referrals.actions.conferring import Added, Called, call
from amanat.referrals.models import Conference
from amanat.vault.models import Subject
from amanat.web.formats import written
from tests.cast import NOW

__all__ = ["drafted", "team"]  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]


def over(name: str, *told: tuple[str, int]) -> list[bool]:
    """Whether each round of a step is over after what happened (kind, day)."""
    happened = [Happened(kind, NOW + timedelta(days=day)) for kind, day in told]
    return [one.over is not None for one in rounds(procedure(), happened) if one.step.name == name]


def test_a_review_ends_the_week_and_begins_the_next(db: None) -> None:
    assert over("weekly_review", ("stage:assistance", 0), ("plan_reviewed", 6)) == [True, False]
    assert over("quarterly_review", ("stage:follow_up", 0)) == [False]
    assert over("individual_plan", ("opened", 0), ("plan_agreed", 10)) == [True]


@pytest.mark.parametrize("kind", ["plan_agreed", "plan_allowed"])
@pytest.mark.parametrize(
    ("step", "stage"),
    [("weekly_review", "assistance"), ("monthly_review", "reintegration"), ("quarterly_review", "follow_up")],
)
def test_no_plan_is_born_overdue(step: str, stage: str, kind: str) -> None:
    """Its next review counts from the day on which it came into force."""
    happened = [Happened(f"stage:{stage}", NOW), Happened(kind, NOW + timedelta(days=200))]
    [due] = [one for one in rounds(procedure(), happened) if one.step.name == step and one.over is None]
    assert due.began == NOW + timedelta(days=200)


@pytest.mark.parametrize(
    "kind", [EventKind.INCIDENT, EventKind.BED_MOVED, EventKind.LEFT_CENTRE, EventKind.HEARING_FIXED]
)
def test_what_changes_the_childs_life_asks_for_a_look(kind: EventKind) -> None:
    assert over("review_after_change", (kind.value, 0), ("plan_reviewed", 1), (kind.value, 2)) == [True, False]


def test_a_conference_speaks_of_the_plan(drafted: Drafted) -> None:
    file = open_file(drafted.cast.actor("jemal"), drafted.case)
    said = talking.comment(
        drafted.case, row=drafted.objective, words="Teeth first", is_proposal=True, actor=drafted.cast.actor("sona")
    )
    talking.comment(drafted.case, words="Well", actor=drafted.cast.actor("sona"))
    kind = conferring.kind("plan")
    assert kind is not None
    found = [kind.say(one.content)[0].text for one in points(file, ())]
    assert found == [
        "Version 1 of the plan is a draft: who agrees?",
        "1 proposal waits for an answer",
        "Education",
    ]
    assert [kind.say(one.content)[1] for one in points(file, ())][-1].startswith("Attends the ninth form")
    talking.answer(drafted.case, comment=said, taken=True, actor=drafted.cast.actor("jemal"))
    assert len(list(points(file, ()))) == 2
    kept = [kind.say(one.content)[0].text for one in points(file, ("proposals",))]
    assert "0 proposals wait for an answer" in kept  # the recorder had begun to write of it
    assert list(points(open_file(drafted.cast.actor("irina"), drafted.case), ())) == []


def told_of(drafted: Drafted, *also: str) -> dict[str, tuple[str, str]]:
    """By reference: title and detail of each point."""
    kind, file = conferring.kind("plan"), open_file(drafted.cast.actor("jemal"), drafted.case)
    assert kind is not None
    said = {one.ref: kind.say(one.content) for one in points(file, also)}
    return {ref: (title.text, detail) for ref, (title, detail) in said.items()}


def test_a_domain_that_somebody_writes_about_stays_when_nothing_is_aimed_at_there_any_more(drafted: Drafted) -> None:
    jemal = drafted.cast.actor("jemal")
    need = {"domain": "health", "level": "high", "words": "Has not been to a doctor"}
    drafting.record_need(drafted.case, row=drafted.need, actor=jemal, **need)
    assert set(told_of(drafted)) == {"draft", "health"}
    assert told_of(drafted, "education", "health", "x", "0" * 32)["education"] == ("Education", "")
    assert set(told_of(drafted, "education", "health", "x", "0" * 32)) == {"draft", "health", "education"}
    drafting.take_out(drafted.case, row=drafted.objective, reason="Done", actor=jemal)
    assert told_of(drafted, "health")["health"] == ("Physical health", "")
    assert "health" not in told_of(drafted)


def test_an_objective_that_somebody_began_to_write_about_alone_stays_a_point(drafted: Drafted) -> None:
    """Minutes that were begun when each objective was a point of its own; also where it was taken out since."""
    ref = drafted.objective.pk.hex
    assert set(told_of(drafted, ref)) == {"draft", "education", ref}
    drafting.take_out(drafted.case, row=drafted.objective, reason="Done", actor=drafted.cast.actor("jemal"))
    title, detail = told_of(drafted, ref)[ref]
    assert title == "Attends the ninth form"
    assert detail.startswith("Education, ")


def test_the_draft_that_somebody_writes_about_stays_a_point_when_it_is_agreed(drafted: Drafted) -> None:
    drafted.agree()
    assert "draft" not in told_of(drafted)
    assert told_of(drafted, "draft")["draft"][0].startswith("Version 1 of the plan")


def test_words_of_minutes_stay_in_the_form_when_the_plan_moved_on_meanwhile(drafted: Drafted, browse: Any) -> None:
    case, jemal = drafted.case, drafted.cast.actor("jemal")
    soon = NOW + timedelta(hours=1)
    conference = call(case, called=Called(soon, "Room 4", [drafted.cast["jemal"]]), actor=jemal)
    Conference.objects.update(held_at=NOW - timedelta(hours=1))
    drafting.drop(case, reason="Begun too early", actor=jemal)  # nothing is in force either
    sent = {f"p_plan-{ref}-words": f"Said of {ref}" for ref in ("draft", "education", drafted.objective.pk.hex)}
    at = f"{case.get_absolute_url()}/conferences/{conference.pk}/record"
    page = browse("jemal").post(at, sent | {"seen": 1}).content.decode()
    for words in sent.values():
        assert words in page


def test_the_agenda_of_a_conference_shows_it(drafted: Drafted, browse: Any) -> None:
    jemal, at = browse("jemal"), f"{drafted.case.get_absolute_url()}/conferences/call"
    sent = {"held_at": "2026-11-25T14:00", "place": "Room 4", "people": [drafted.cast["jemal"].pk], "seen": 0}
    page = jemal.post(at, sent, follow=True).content.decode()
    assert "The plan" in page
    assert "Attends the ninth form" in page


def test_a_draft_without_an_objective_is_spoken_of(team: Any, cast: Any) -> None:
    drafting.begin(team, actor=cast.actor("jemal"))
    assert [one.content["what"] for one in points(open_file(cast.actor("jemal"), team), ())] == ["draft"]


def test_minutes_of_a_plan_with_late_tasks_and_a_point_of_ones_own_ask_no_more_than_twelve_times(
    drafted: Drafted, browse: Any
) -> None:
    jemal, case = drafted.cast.actor("jemal"), drafted.case
    soon = NOW + timedelta(hours=1)
    called = Called(
        soon, "Room 4", [drafted.cast["jemal"], drafted.cast["ogulgerek"]], points=[Added(Part.SAFETY, "Calls")]
    )
    conference = call(case, called=called, actor=jemal)
    Conference.objects.update(held_at=NOW - timedelta(hours=1))
    for number in range(3):
        writing.flag(case, text=f"Task {number}", due=soon, actor=jemal)
    Task.objects.update(due=NOW - timedelta(days=1))
    client, at = browse("jemal"), f"{case.get_absolute_url()}/conferences/{conference.pk}"
    for address in (at, f"{at}/record", f"{at}/for/{conference.invited.all()[0].pk}"):
        client.get(address)
        with counting() as queries:
            page = client.get(address).content.decode()
        assert "Attends the ninth form" in page
        assert "Calls" in page
        assert len(queries) <= 12, (address, len(queries))


def test_the_page_names_the_day_of_the_step_and_no_other(drafted: Drafted, browse: Any) -> None:
    """One source: what *My day* says is due is what the plan says."""
    drafted.agree()
    at = f"{drafted.case.get_absolute_url()}/plan"
    assert "To be reviewed by" not in browse("jemal").get(at).content.decode()
    DueStep.objects.create(case=drafted.case, step="weekly_review", due=NOW + timedelta(days=8))
    DueStep.objects.create(case=drafted.case, step="safety_plan", due=NOW + timedelta(days=1))
    told = browse("jemal").get(at).content.decode()
    assert "To be reviewed by" in told
    assert written((NOW + timedelta(days=8)).date(), "DATE_FORMAT") in told


def test_what_an_erasure_takes_away(drafted: Drafted) -> None:
    jemal = drafted.cast.actor("jemal")
    drafted.write(row=drafted.objective, words="Else")
    talking.comment(drafted.case, row=drafted.objective, words="x", actor=jemal)
    drafted.agree()
    talking.report(drafted.case, row=drafted.objective, state="going", on=TODAY, actor=jemal)
    told: dict[str, Any] = {"trigger": "rhythm", "on": TODAY, "good": "x", "child": "y", "decision": "goes_on"}
    talking.review(drafted.case, actor=jemal, **told)
    drafting.begin(drafted.case, why="y", actor=jemal)
    models = (Agreement, Comment, FormerRow, FrozenPlan, Plan, PlanRow, Report, Review)
    assert all(model._default_manager.exists() for model in models)

    Subject.objects.filter(pk=drafted.case.subject_id).update(
        erased_at=NOW
    )  # as the verb does before rooms take theirs away

    class Erasing:
        subjects = (drafted.case.subject,)
        refs: set[Any] = set()

    erase(Erasing())  # type: ignore[arg-type]
    assert not any(model._default_manager.exists() for model in models)
    assert drafted.plan.pk in Erasing.refs


def test_the_file_shows_the_plan_to_whoever_sees_it(drafted: Drafted, browse: Any) -> None:
    at = drafted.case.get_absolute_url()
    assert "section=plan" in browse("jemal").get(at).content.decode()
    assert browse("irina").get(f"{at}?section=plan").status_code == 403
