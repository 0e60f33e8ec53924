"""A draft that is put aside: what was agreed stands again, and no word of it is lost. Who is writing now, as advice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.http import QueryDict
from django.test import Client

from amanat.access import drafts
from amanat.access.files import open_file
from amanat.cases.models import EventKind
from amanat.plans.actions import drafting
from amanat.plans.models import Plan, PlanState, RowKind
from amanat.plans.presence import writing
from amanat.plans.reading import Standing, edition
from amanat.plans.tests.planned import Drafted, drafted, team
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import NOW

__all__ = ["drafted", "team"]  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]

Browse = Callable[..., Client]


def standing(drafted: Drafted) -> Standing:
    return Standing(open_file(drafted.cast.actor("jemal"), drafted.case))


def changed(drafted: Drafted) -> None:
    """Version 1 in force, and a draft of version 2 in which everything is another."""
    drafted.agree()
    jemal = drafted.cast.actor("jemal")
    drafting.begin(drafted.case, why="The school said no", actor=jemal)
    drafted.write(row=drafted.objective, words="Attends the evening school")
    drafted.write(kind="activity", parent=drafted.objective, words="Call the evening school")
    drafting.take_out(drafted.case, row=drafted.activity, reason="Done", actor=jemal)
    drafting.record_need(drafted.case, domain="health", level="low", words="Teeth", actor=jemal)


def test_what_was_agreed_stands_again_and_needs_stay(drafted: Drafted) -> None:
    changed(drafted)
    before = standing(drafted)
    drafting.drop(drafted.case, reason="The school said yes after all", actor=drafted.cast.actor("jemal"))
    after = standing(drafted)
    assert after.draft is None
    found = {ref: row for ref, row in after.live.items() if row.get("words") != "Teeth"}
    assert found == after.in_force == before.in_force
    assert [row.get("words") for row in after.live.values() if row.kind == RowKind.NEED][-1] == "Teeth"
    assert drafted.case.events.filter(kind=EventKind.PLAN_DROPPED).count() == 1


def test_what_was_written_is_read_there_and_begins_the_next_draft(drafted: Drafted, browse: Browse) -> None:
    changed(drafted)
    written = standing(drafted).live
    drafting.drop(drafted.case, reason="The school said yes after all", actor=drafted.cast.actor("jemal"))
    jemal, at = browse("jemal"), f"{drafted.case.get_absolute_url()}/plan"
    page = jemal.get(f"{at}/versions/2").content.decode()
    for said in ("Attends the evening school", "Call the evening school", "The school said yes after all", "put aside"):
        assert said in page
    assert 'name="again"' in jemal.get(f"{at}/begin").content.decode()
    assert jemal.post(f"{at}/begin", {"why": "Once more", "again": "on"}).status_code == 302
    assert standing(drafted).live == written
    page = jemal.get(f"{at}/versions/3").content.decode()
    assert "What is another since version 1" in page, "not since the one that never held"


def test_the_next_draft_may_begin_with_what_holds(drafted: Drafted) -> None:
    changed(drafted)
    drafting.drop(drafted.case, reason="x", actor=drafted.cast.actor("jemal"))
    drafting.begin(drafted.case, why="y", actor=drafted.cast.actor("jemal"))
    assert "Attends the evening school" not in {row.get("words") for row in standing(drafted).live.values()}
    drafted.agree()
    assert list(Plan.objects.order_by("number").values_list("state", flat=True)) == ["superseded", "dropped", "agreed"]
    with pytest.raises(PersonFacingError, match="No draft was put aside"):
        drafting.begin(drafted.case, why="z", again=True, actor=drafted.cast.actor("jemal"))


def test_a_first_draft_is_put_aside_too(drafted: Drafted) -> None:
    drafting.drop(drafted.case, reason="Another child", actor=drafted.cast.actor("jemal"))
    after = standing(drafted)
    assert {row.kind for row in after.live.values()} == {RowKind.WHOLE, RowKind.NEED}
    assert Plan.objects.get().state == PlanState.DROPPED
    drafting.begin(drafted.case, why="Once more", again=True, actor=drafted.cast.actor("jemal"))
    assert "Attends the ninth form" in {row.get("words") for row in standing(drafted).live.values()}


def test_who_writes_meanwhile_loses_no_word(drafted: Drafted) -> None:
    seen = edition(standing(drafted).rows)
    drafted.write("ogulgerek", row=drafted.activity, words="Two schools", owner="psychologist")
    with pytest.raises(PersonFacingError, match="Somebody wrote"):
        drafting.drop(drafted.case, reason="x", seen=seen, actor=drafted.cast.actor("jemal"))
    with pytest.raises(Refused):
        drafting.drop(drafted.case, reason="x", actor=drafted.cast.actor("ogulgerek"))


def test_over_the_pages(drafted: Drafted, browse: Browse) -> None:
    jemal, at = browse("jemal"), f"{drafted.case.get_absolute_url()}/plan"
    assert f'href="{at}/drop"' in jemal.get(at).content.decode()
    assert "What was written stays readable" in jemal.get(f"{at}/drop").content.decode()
    seen = edition(standing(drafted).rows)
    page = jemal.post(f"{at}/drop", {"reason": "Another child", "seen": seen}, follow=True).content.decode()
    assert "The draft is put aside" in page
    assert "version 1" not in page.split("</h1>")[0]


def test_a_version_is_shown_whole(drafted: Drafted, browse: Browse) -> None:
    whole = next(row for row in standing(drafted).rows if row.kind == RowKind.WHOLE)
    drafted.write(row=whole, goal="I want to draw", contingency="If the school says no: an evening school")
    drafted.agree("child", "guardian", "team", name="Gözel")
    page = browse("jemal").get(f"{drafted.case.get_absolute_url()}/plan/versions/1").content.decode()
    for said in (
        "I want to draw",
        "an evening school",
        "Has not been to school",
        "ninth form",
        "Find a school",
        "Gözel",
    ):
        assert said in page


def test_who_is_writing_now_is_named_for_half_a_minute(drafted: Drafted, browse: Browse) -> None:
    cast, case = drafted.cast, drafted.case
    at = f"{case.get_absolute_url()}/plan"
    body, row = QueryDict("words=Two+schools"), f"{at}/rows/{drafted.activity.pk}"
    drafts.save(cast["ogulgerek"].user, row, body, NOW - timedelta(seconds=20), case.subject)
    file = open_file(cast.actor("jemal"), case)
    assert writing(file) == {drafted.activity.pk.hex: ["Ogulgerek"]}
    assert writing(open_file(cast.actor("ogulgerek"), case)) == {}, "not oneself"
    for page in (at, row):
        told = browse("jemal").get(page).content.decode()
        assert "Writing here just now: Ogulgerek" in told
        assert "Two schools" not in told
    late = open_file(cast.actor("jemal", NOW + timedelta(seconds=11)), case)
    assert writing(late) == {}
