"""The pages of a plan: read and written without a script, each reader what they may, few questions however long the plan."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from amanat.plans.actions import drafting, talking
from amanat.plans.models import Comment, Plan, PlanRow, PlanState, Report, Review
from amanat.plans.tests.planned import TODAY, Drafted, drafted, team
from tests.cast import Cast

__all__ = ["drafted", "team"]  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]

CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET ")
Browse = Callable[..., Client]


def address(drafted: Drafted, rest: str = "") -> str:
    return f"{drafted.case.get_absolute_url()}/plan{rest}"


def read(client: Client, at: str) -> str:
    answer = client.get(at)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def send(client: Client, at: str, **sent: Any) -> str:
    return client.post(at, sent, follow=True).content.decode()


def test_the_way_of_a_plan_over_the_pages(team: Any, cast: Cast, browse: Browse) -> None:
    """Need, objective, activity, comment, agreement, approval, report, review."""
    jemal, aman, sona, base = browse("jemal"), browse("aman"), browse("sona"), f"{team.get_absolute_url()}/plan"
    assert "No plan is begun yet" in read(jemal, base)
    assert "The draft is there" in send(jemal, f"{base}/begin")
    send(jemal, f"{base}/needs/add", domain="education", level="high", words="No school", evidence="observed")
    need = PlanRow.objects.get(kind="need")
    assert "still without an answer" in read(jemal, base)
    goal = {"words": "Attends a form", "indicator": "Nine days", "owner": "social_worker", "end": "2027-02-01"}
    assert "It stands in the draft" in send(jemal, f"{base}/{need.pk}/add/objective", **goal)
    objective = PlanRow.objects.get(kind="objective")
    send(jemal, f"{base}/{objective.pk}/add/activity", words="Call the school", owner="social_worker")
    send(sona, f"{base}/rows/{objective.pk}/comment", words="Teeth first", is_proposal="on")
    page = read(jemal, base)
    for said in ("Attends a form", "Call the school", "Teeth first", "proposal"):
        assert said in page
    send(jemal, f"{base}/comments/{Comment.objects.get().pk}", taken="yes", words="Yes")
    for party in ("child", "guardian", "team"):
        seen = re.search(r'name="seen" value="(\d+)"', read(jemal, f"{base}/agree"))
        assert seen
        send(jemal, f"{base}/agree", party=party, answer="yes", on="2026-11-24", seen=seen[1])
    assert Plan.objects.get().state == PlanState.AGREED
    assert "The plan is approved" in send(aman, f"{base}/approve", seen=1)
    send(jemal, f"{base}/rows/{objective.pk}/report", state="going", on="2026-11-24", words="Three days")
    assert Report.objects.count() == 1
    told = {"trigger": "rhythm", "on": "2026-11-24", "good": "She draws", "child": "Good", "decision": "new_version"}
    assert "Why the plan is changed" in send(jemal, f"{base}/review", **told)
    assert Review.objects.count() == 1
    assert "She draws" in read(jemal, f"{base}/reviews")
    assert "Attends a form" in read(jemal, f"{team.get_absolute_url()}?section=plan")


def test_two_who_wrote_one_row_see_both_texts_and_lose_no_word(drafted: Drafted, browse: Browse) -> None:
    at = address(drafted, f"/rows/{drafted.objective.pk}")
    sent = {"indicator": "Nine days", "owner": "social_worker", "end": "2027-02-01", "seen": 1}
    jemal, merdan = browse("jemal"), browse("merdan")
    send(jemal, at, words="Attends the eighth form", **sent)
    page = send(merdan, at, words="Attends an evening course", **sent)
    assert "Somebody else changed this while you were writing" in page
    assert "Attends the eighth form" in page
    assert "Attends an evening course" in page
    chosen = sent | {"seen": 2, "theirs-words": "Attends the eighth form", "keep-words": "mine"}
    assert "Saved." in send(merdan, at, words="Attends an evening course", **chosen)
    assert "Attends the eighth form" in read(jemal, at)  # among what stood there before


def test_a_new_version_shows_what_is_another(drafted: Drafted, browse: Browse) -> None:
    drafted.agree()
    drafting.begin(drafted.case, why="The school said no", actor=drafted.cast.actor("jemal"))
    drafted.write(row=drafted.objective, words="Attends the evening form", phrase="school_back", owner="teacher")
    page = read(browse("jemal"), address(drafted, "/versions/2"))
    assert "What is another since version 1" in page
    assert "<del>ninth</del>" in page
    assert "<ins>evening</ins>" in page
    assert "<del>Social worker</del><ins>Teacher or school</ins>" in page
    assert "The school said no" in page
    assert browse("jemal").get(address(drafted, "/versions/9")).status_code == 404


def test_each_reader_what_they_may(drafted: Drafted, browse: Browse) -> None:
    for name in ("ogulgerek", "sona", "aman"):
        assert "ninth form" in read(browse(name), address(drafted)), name
    irina = read(browse("irina"), address(drafted))
    assert "how far it is" in irina
    assert "ninth form" not in irina
    for rest in ("/versions/1", "/child", "/authority", "/reviews"):
        assert browse("irina").get(address(drafted, rest)).status_code == 403, rest
    for name in ("dowlet", "selbi", "viktor"):
        assert browse(name).get(address(drafted)).status_code == 404, name


def test_others_reach_no_form_of_anothers_part(drafted: Drafted, browse: Browse) -> None:
    answer = browse("sona").get(address(drafted, f"/rows/{drafted.objective.pk}"))
    assert answer.status_code == 400
    assert "another profession" in answer.content.decode()


def test_a_word_that_frightens_is_said_with_the_field(drafted: Drafted, browse: Browse) -> None:
    at = address(drafted, f"/rows/{drafted.objective.pk}")
    page = send(
        browse("jemal"),
        at,
        words="x",
        indicator="y",
        owner="child",
        end="2027-02-01",
        seen=1,
        for_child="You were a victim",
    )
    assert "can frighten or shame a child" in page
    assert "You were a victim" in page


def _questions(client: Client, at: str) -> int:
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(at).status_code == 200
    return sum(not one["sql"].startswith(CONTROL) for one in asked.captured_queries)


def test_a_long_plan_asks_no_more_than_a_short_one(drafted: Drafted, browse: Browse) -> None:
    jemal, pages = browse("jemal"), ["", "/child", "/authority", "/versions/1", "/agree"]
    read(jemal, address(drafted))
    before = {rest: _questions(jemal, address(drafted, rest)) for rest in pages}
    actor = drafted.cast.actor("jemal")
    for number in range(20):
        row = drafted.write(kind="objective", parent=drafted.need, words=f"Goal {number}", phrase="play")
        talking.comment(drafted.case, row=row, words=f"Comment {number}", actor=actor)
    assert {rest: _questions(jemal, address(drafted, rest)) for rest in pages} == before
    assert max(before.values()) <= 12, before
    drafted.agree()
    for row in PlanRow.objects.filter(kind="objective"):
        talking.report(drafted.case, row=row, state="going", on=TODAY, actor=actor)
        talking.review(drafted.case, trigger="rhythm", on=TODAY, good="x", child="y", decision="goes_on", actor=actor)
    late = {rest: _questions(jemal, address(drafted, rest)) for rest in ("", "/reviews", "/child")}
    assert max(late.values()) <= 12, late
