"""Whose voice a plan needs: a reason is no yes, a no is never passed over, and nobody agrees to a text that they did not hear."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from amanat.access.files import open_file
from amanat.cases.models import Case, EventKind
from amanat.cases.tests.looking import counting
from amanat.plans.actions import agreeing, drafting
from amanat.plans.models import Agreement, FrozenPlan, PlanState
from amanat.plans.tests.planned import TODAY, Drafted, drafted, team
from amanat.plans.unheard import unheard
from amanat.web import pdf
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import NOW

__all__ = ["drafted", "team"]  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]

Browse = Callable[..., Client]
FAR = {"answer": "not_asked", "words": "The father is at sea until May"}
GROUND = "School begins on Monday"


def allow(drafted: Drafted, **more: Any) -> None:
    agreeing.allow(drafted.case, ground=GROUND, actor=drafted.cast.actor("aman"), **more)


def said(drafted: Drafted) -> str:
    found = unheard(open_file(drafted.cast.actor("jemal"), Case.objects.get(pk=drafted.case.pk)))
    return str(found.title) if found else ""


def test_a_reason_is_no_yes(drafted: Drafted) -> None:
    drafted.agree("child", "team")
    drafted.agree("guardian", **FAR)
    assert drafted.now().state == PlanState.DRAFT


def test_a_supervisor_lets_it_come_into_force_without_and_writes_why(drafted: Drafted) -> None:
    drafted.agree("child", "team")
    drafted.agree("guardian", **FAR)
    for name in ("jemal", "ogulgerek"):
        with pytest.raises(Refused):
            agreeing.allow(drafted.case, ground=GROUND, actor=drafted.cast.actor(name))
    allow(drafted)
    plan = drafted.now()
    assert (plan.state, plan.allowed_by, plan.allowed_at) == (PlanState.AGREED, drafted.cast["aman"], NOW)
    kinds = set(drafted.case.events.values_list("kind", flat=True))
    assert EventKind.PLAN_ALLOWED in kinds
    assert EventKind.PLAN_AGREED not in kinds, "it was not agreed"


@pytest.mark.parametrize("party", ["child", "guardian", "team"])
def test_a_no_is_never_passed_over(drafted: Drafted, party: str) -> None:
    for one in {"child", "guardian", "team"} - {party}:
        drafted.agree(one)
    drafted.agree(party, answer="no", words="Not so")
    with pytest.raises(PersonFacingError, match="no"):
        allow(drafted)
    assert drafted.now().state == PlanState.DRAFT


def test_nor_by_not_asking_the_child_again(drafted: Drafted) -> None:
    """A no to an earlier text, or to a draft that was put aside, stands until the child is asked again."""
    drafted.agree("child", answer="no", words="I want another school")
    drafted.write(row=drafted.objective, words="Attends the evening school")
    drafted.agree("child", **FAR)
    drafted.agree("guardian", "team")
    with pytest.raises(PersonFacingError, match="The child said no"):
        allow(drafted)
    drafting.drop(drafted.case, reason="Once more", actor=drafted.cast.actor("jemal"))
    drafting.begin(drafted.case, why="Once more", again=True, actor=drafted.cast.actor("jemal"))
    drafted.agree("child", **FAR)
    drafted.agree("guardian", "team")
    with pytest.raises(PersonFacingError, match="The child said no"):
        allow(drafted)


def test_nor_the_guardians_by_another_text_of_which_they_could_not_be_asked(drafted: Drafted) -> None:
    drafted.agree("guardian", answer="no", words="Not so far from home")
    drafted.write(row=drafted.objective, words="Attends the evening school")
    drafted.agree("guardian", **FAR)
    drafted.agree("child", "team")
    with pytest.raises(PersonFacingError, match="The guardian said no"):
        allow(drafted)
    drafted.agree("guardian")
    assert drafted.now().state == PlanState.AGREED


def test_who_was_not_asked_at_all_is_asked_first(drafted: Drafted) -> None:
    drafted.agree("child", "team")
    with pytest.raises(PersonFacingError, match="guardian"):
        allow(drafted)
    drafted.agree("guardian", **FAR)
    drafted.write(row=drafted.objective, words="Another text")
    drafted.agree("child", "team")
    with pytest.raises(PersonFacingError, match="guardian"):
        allow(drafted)  # the reason was written for another text


def test_every_face_says_whose_agreement_is_missing_and_why(
    drafted: Drafted, browse: Browse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "made", str.encode)
    drafted.agree("child", "team")
    drafted.agree("guardian", **FAR)
    allow(drafted)
    jemal, at = browse("jemal"), drafted.case.get_absolute_url()
    sheet = jemal.post(f"{at}/papers/plan-authority", {"language": "en"}).content.decode()
    faces = [jemal.get(f"{at}/plan{rest}").content.decode() for rest in ("", "/versions/1")]
    for told in (*faces, sheet):
        for part in ("In force without the guardian’s agreement", FAR["words"], GROUND):
            assert part in told
    child = jemal.get(f"{at}/plan/child", {"language": "en"}).content.decode()
    assert "My guardian will still be asked about this plan" in child
    assert FAR["words"] not in child, "why is not written for the child"
    way = jemal.get(f"{at}/journey").content.decode()
    assert "Plan in force without somebody’s agreement" in way
    assert FAR["words"] in way
    assert FAR["words"] in jemal.get(f"{at}?section=timeline").content.decode()


def test_the_file_says_whom_to_ask_until_they_are_asked(drafted: Drafted, browse: Browse) -> None:
    drafted.agree("child", "team")
    assert said(drafted) == ""
    drafted.agree("guardian", **FAR)
    allow(drafted)
    title = "In force without the guardian’s agreement"
    assert said(drafted) == title
    assert title in browse("jemal").get(drafted.case.get_absolute_url()).content.decode()
    drafted.agree("guardian", **FAR)
    assert said(drafted) == title, "once more not reached"
    with pytest.raises(PersonFacingError, match="agreed to this version already"):
        drafted.agree("child")
    later = NOW + timedelta(days=9)
    drafted.agree("guardian", now=later, answer="no", words="He is to work")
    assert said(drafted) == "The guardian does not agree to the plan in force"
    drafted.agree("guardian", now=later)
    assert said(drafted) == ""
    assert title not in browse("jemal").get(drafted.case.get_absolute_url()).content.decode()


def test_a_second_click_agrees_to_nothing_that_was_not_heard(drafted: Drafted, browse: Browse) -> None:
    """Somebody writes while the agreement is recorded: the page shows what is another, and asks whether that was read, too."""
    jemal, at = browse("jemal"), f"{drafted.case.get_absolute_url()}/plan/agree"
    page = jemal.get(at).content.decode()
    sent: dict[str, Any] = dict(re.findall(r'name="(seen|shown)" value="([^"]*)"', page))
    sent |= {"party": "child", "answer": "yes", "on": TODAY.isoformat(), "words": "I like it"}
    assert "heard" not in page
    drafted.write(row=drafted.objective, words="Attends the tenth form", now=NOW + timedelta(minutes=1))
    for _click in range(2):
        page = jemal.post(at, sent).content.decode()
        assert not Agreement.objects.exists()
        assert "<del>ninth</del>" in page
        assert "<ins>tenth</ins>" in page
        assert "I like it" in page
        sent |= dict(re.findall(r'name="(seen|shown)" value="([^"]*)"', page))
    drafted.write(row=drafted.objective, words="Attends the first form", now=NOW + timedelta(minutes=2))
    page = jemal.post(at, sent | {"heard": "on"}).content.decode()
    assert "<ins>first</ins>" in page
    assert not Agreement.objects.exists(), "that was another change"
    sent |= dict(re.findall(r'name="(seen|shown)" value="([^"]*)"', page))
    assert jemal.post(at, sent | {"heard": "on"}).status_code == 302
    assert Agreement.objects.get().party == "child"


def test_the_pages_of_a_plan_that_comes_into_force_without(drafted: Drafted, browse: Browse) -> None:
    drafted.agree("guardian", "team")
    drafted.agree("child", **FAR)
    aman, at = browse("aman"), f"{drafted.case.get_absolute_url()}/plan"
    assert f"{at}/allow" in aman.get(at).content.decode()
    assert f"{at}/allow" not in browse("jemal").get(at).content.decode()
    assert browse("jemal").get(f"{at}/allow").status_code == 403
    page = aman.get(f"{at}/allow").content.decode()
    sent = dict(re.findall(r'name="(seen|shown)" value="([^"]*)"', page))
    assert "Why it can’t wait" in aman.post(f"{at}/allow", sent).content.decode()
    assert not FrozenPlan.objects.exists(), "the ground is missing"
    assert aman.post(f"{at}/allow", sent | {"ground": GROUND}).status_code == 302
    assert FrozenPlan.objects.count() == 1
    assert (
        "I will still be asked what I think of this plan"
        in browse("jemal").get(f"{at}/child?language=en").content.decode()
    )
    assert "To whom" not in page
    ask = browse("jemal").get(f"{at}/agree").content.decode()
    assert "Who agrees to the plan" in ask


def test_a_plan_that_waits_for_a_supervisor_stands_on_their_day_and_says_whom_to_ask(
    drafted: Drafted, browse: Browse
) -> None:
    waits, at = "plan to allow", f"{drafted.case.get_absolute_url()}/plan"
    drafted.agree("child", "team")
    assert waits not in browse("aman").get("/").content.decode()
    drafted.agree("guardian", **FAR)
    assert waits in browse("aman").get("/").content.decode()
    assert f"{at}/allow" in browse("aman").get("/plans/to-allow").content.decode()
    told = browse("jemal").get(at).content.decode()
    assert "Ask your supervisor to let the plan come into force without them: Aman" in told
    assert browse("jemal").get("/plans/to-allow").status_code == 404
    drafted.write(row=drafted.objective, words="Another text", now=NOW + timedelta(minutes=1))
    assert waits not in browse("aman").get("/").content.decode(), "they are asked about that text first"
    assert "Ask your supervisor" not in browse("jemal").get(at).content.decode()
    later = NOW + timedelta(minutes=2)
    drafted.agree("child", "team", now=later)
    drafted.agree("guardian", now=later, **FAR)
    assert waits in browse("aman").get("/").content.decode()
    drafted.agree("guardian", now=later, answer="no", words="Not so")
    assert waits not in browse("aman").get("/").content.decode(), "a no is not passed over"


def test_a_supervisor_reads_what_they_allow(drafted: Drafted, browse: Browse) -> None:
    """The text, who agreed, and why somebody could not be asked."""
    drafted.agree("child", "team", words="Good so")
    drafted.agree("guardian", **FAR)
    aman, at = browse("aman"), f"{drafted.case.get_absolute_url()}/plan/allow"
    with counting() as queries:
        page = aman.get(at).content.decode()
    for told in ("Attends the ninth form", "Find a school that asks nothing", "Good so", FAR["words"]):
        assert told in page
    assert len(queries) <= 12
