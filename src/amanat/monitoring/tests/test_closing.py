"""Closing needs two people, what the file shows, and nothing in the way."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from amanat.cases.actions import changing, writing
from amanat.cases.actions.marking import mark
from amanat.cases.models import EventKind
from amanat.cases.tests.looking import read
from amanat.monitoring import closings
from amanat.monitoring.actions import closing, following_up, signs
from amanat.monitoring.models import Closing
from amanat.monitoring.tests.conftest import ASKED, MET, TODAY, UNSEEN, close
from amanat.vault import erasing
from amanat.web.errors import PersonFacingError, Refused

pytestmark = pytest.mark.django_db


def test_before_help_of_a_plan_the_case_manager_closes_alone(actor, opened):
    assert close(opened, actor("jemal")).is_closed


def test_after_a_stay_a_supervisor_approves_first(actor, helped):
    with pytest.raises(PersonFacingError, match="a supervisor approves"):
        close(helped, actor("jemal"))
    closing.ask(helped, **ASKED, actor=actor("jemal"))
    with pytest.raises(PersonFacingError, match="has not approved"):
        close(helped, actor("jemal"))
    with pytest.raises(PersonFacingError, match="asked for already"):
        closing.ask(helped, **ASKED, actor=actor("jemal"))
    closing.answer(helped, approved=True, actor=actor("aman"))
    assert close(helped, actor("jemal")).is_closed


def test_a_case_is_closed_for_the_reason_that_was_approved(actor, cast, helped):
    closing.ask(helped, **ASKED | {"why": "moved_away"}, actor=actor("jemal"))
    closing.answer(helped, approved=True, actor=actor("aman"))
    with pytest.raises(PersonFacingError, match="Another reason was approved: The child has moved away"):
        close(helped, actor("jemal"))
    anew = cast.now + timedelta(hours=1)
    closing.ask(helped, **ASKED, actor=actor("jemal", anew))
    with pytest.raises(PersonFacingError, match="has not approved"):
        close(helped, actor("jemal", anew))
    closing.answer(helped, approved=True, actor=actor("aman", anew))
    assert close(helped, actor("jemal", anew)).is_closed


@pytest.mark.parametrize("stage", ["reintegration", "follow_up"])
def test_also_at_the_stages_after_it(actor, opened, stage):
    changing.move_stage(opened, stage=stage, reason="x", actor=actor("jemal"))
    with pytest.raises(PersonFacingError, match="a supervisor approves"):
        close(opened, actor("aman"))


def test_what_is_sent_back_says_what_is_missing_and_may_be_asked_again(actor, helped):
    closing.ask(helped, **ASKED, actor=actor("jemal"))
    with pytest.raises(PersonFacingError, match="still missing"):
        closing.answer(helped, approved=False, actor=actor("aman"))
    closing.answer(helped, approved=False, words="The visit.", actor=actor("aman"))
    with pytest.raises(PersonFacingError, match="a supervisor approves"):
        close(helped, actor("jemal"))
    closing.ask(helped, **ASKED, actor=actor("jemal"))
    assert Closing.objects.count() == 2


def test_an_approval_ends_when_the_case_is_opened_again(actor, cast, helped):
    closing.ask(helped, **ASKED, actor=actor("jemal"))
    closing.answer(helped, approved=True, actor=actor("aman"))
    close(helped, actor("jemal"))
    later = cast.now.replace(hour=12)
    changing.reopen(helped, reason="x", why="new_threat", actor=actor("jemal", later))
    with pytest.raises(PersonFacingError, match="a supervisor approves"):
        close(helped, actor("jemal", later))


def test_an_open_condition_and_somebody_who_disagrees_need_words(actor, helped):
    with pytest.raises(PersonFacingError, match="The team has decided"):
        closing.ask(helped, **ASKED | {"met": MET[:2]}, actor=actor("jemal"))
    with pytest.raises(PersonFacingError, match="does not agree"):
        closing.ask(helped, **ASKED | {"child": "disagrees"}, actor=actor("jemal"))
    told = {"met": MET[:2], "not_met": "They moved.", "child": "disagrees", "words": "Wants to stay."}
    assert closing.ask(helped, **ASKED | told, actor=actor("jemal")).state == "asked"


def test_who_could_not_be_asked_has_not_agreed(actor, helped):
    with pytest.raises(PersonFacingError, match="could not be asked"):
        closing.ask(helped, **ASKED | {"guardian": "not_asked"}, actor=actor("jemal"))
    told = {"guardian": "not_asked", "words": "In hospital abroad."}
    assert closing.ask(helped, **ASKED | told, actor=actor("jemal")).state == "asked"


def test_a_child_whom_the_last_follow_up_did_not_reach_is_not_called_safe_without_words(actor, helped):
    """Unknown is no success, also where a case ends."""
    following_up.arrange(helped, begins=TODAY - timedelta(days=40), actor=actor("jemal"))
    with pytest.raises(PersonFacingError, match="is unknown") as told:
        closing.ask(helped, **ASKED, actor=actor("jemal"))
    assert told.value.field == "why"
    assert closing.ask(helped, **ASKED | {"why": "lost_contact"}, actor=actor("jemal")).state == "asked"


def test_an_approval_ends_with_signs_of_re_trafficking_on_an_open_case(actor, browse, cast, helped):
    closing.ask(helped, **ASKED, actor=actor("jemal"))
    closing.answer(helped, approved=True, actor=actor("aman"))
    later = cast.now + timedelta(hours=1)
    signs.record(helped, signs=["debt"], words="x", actor=actor("bahar", later))
    waiting = closings.in_the_way(helped)
    assert waiting is not None
    assert "a supervisor approves" in str(waiting)
    page = read(browse("jemal"), reverse("monitoring.closing", args=[helped]))
    assert reverse("cases.close", args=[helped]) not in page
    closing.ask(helped, **ASKED, actor=actor("jemal", later))
    closing.answer(helped, approved=True, actor=actor("aman", later))
    assert closings.in_the_way(helped) is None


def test_whoever_asked_does_not_approve_in_another_role(actor, cast, helped):
    closing.ask(helped, **ASKED, actor=actor("jemal"))
    Closing.objects.update(author=cast["aman"])
    with pytest.raises(PersonFacingError, match="yourself"):
        closing.answer(helped, approved=True, actor=actor("aman"))


def test_what_the_file_does_not_show_is_not_met_because_somebody_ticks_it(actor, opened):
    mark(opened, EventKind.ADMITTED, actor("bahar"))
    with pytest.raises(PersonFacingError, match="does not show this yet: The last two reviews"):
        closing.ask(opened, **ASKED, actor=actor("jemal"))
    assert closing.ask(opened, **ASKED | UNSEEN, actor=actor("jemal")).state == "asked"


def test_everything_in_the_way_is_named_with_where_it_is_ended_and_an_approval_opens_no_way_around(
    actor, browse, cast, helped
):
    writing.flag(helped, text="Call the school.", due=cast.now + timedelta(days=1), actor=actor("jemal"))
    signs.record(helped, signs=["debt"], words="x", actor=actor("bahar"))
    closing.ask(helped, **ASKED, actor=actor("jemal", cast.now + timedelta(hours=1)))
    page = read(browse("jemal"), reverse("monitoring.closing", args=[helped]))
    for told in ("still to be done", "An alert about this case waits", reverse("cases.alerts"), "#to-do"):
        assert told in page
    closing.answer(helped, approved=True, actor=actor("aman", cast.now + timedelta(hours=2)))
    with pytest.raises(PersonFacingError, match="still to be done"):
        close(helped, actor("jemal", cast.now + timedelta(hours=3)))


def test_that_a_file_is_kept_is_said_where_it_is_closed(actor, browse, helped, monkeypatch):
    closing.ask(helped, **ASKED, actor=actor("jemal"))
    closing.answer(helped, approved=True, actor=actor("aman"))
    monkeypatch.setattr(erasing, "_keepers", [set])
    sent = {"why": "goals_met", "reason": "She is at home.", "seen": helped.version}
    done = browse("jemal").post(reverse("cases.close", args=[helped]), sent, follow=True)
    assert "a legal hold stands" in done.content.decode()


def test_a_case_manager_approves_nothing(actor, helped):
    closing.ask(helped, **ASKED, actor=actor("jemal"))
    with pytest.raises(Refused):
        closing.answer(helped, approved=True, actor=actor("jemal"))


def test_pages_ask_and_answer(browse, helped):
    jemal, aman = browse("jemal"), browse("aman")
    assert jemal.post(reverse("monitoring.ask_closing", args=[helped]), ASKED).status_code == 302
    waiting = read(aman, reverse("monitoring.closings"))
    assert helped.child.code_name in waiting
    answer = reverse("monitoring.answer_closing", args=[helped])
    assert "The goals are met" in read(aman, answer)
    assert aman.post(answer, {"approved": "yes", "words": "Well done."}).status_code == 302
    page = read(jemal, reverse("monitoring.closing", args=[helped]))
    assert "Well done." in page
    assert reverse("cases.close", args=[helped]) in page


def test_follow_ups_that_are_not_held_are_said_before_the_closing(actor, browse, helped):
    told = "5 arranged follow-ups are not held yet"
    address = reverse("monitoring.closing", args=[helped])
    assert "not held yet" not in read(browse("jemal"), address)
    following_up.arrange(helped, begins=TODAY, actor=actor("jemal"))
    assert told in read(browse("jemal"), address)
    assert told in read(browse("jemal"), reverse("monitoring.ask_closing", args=[helped]))
    closing.ask(helped, **ASKED, actor=actor("jemal"))
    assert told in read(browse("aman"), reverse("monitoring.answer_closing", args=[helped]))
