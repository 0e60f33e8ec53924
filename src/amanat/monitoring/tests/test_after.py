"""Outcomes from two views side by side; signs of re-trafficking reopen in one step; the whole way as one page."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest
from django.urls import reverse
from django.utils.translation import override

from amanat.access.files import open_file
from amanat.access.policy import Part
from amanat.cases.actions import changing
from amanat.cases.actions.marking import mark
from amanat.cases.models import Alert, AlertKind, EventKind
from amanat.cases.tests.looking import counting, read
from amanat.monitoring import drawing, journey, outcomes, pack
from amanat.monitoring.actions import closing, following_up, signs, solving
from amanat.monitoring.actions import outcomes as recording
from amanat.monitoring.models import Outcomes, Signs
from amanat.monitoring.tests.conftest import ASKED, TODAY, close
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import NOW

pytestmark = pytest.mark.django_db

# --- outcomes --------------------------------------------------------------------------------------------------------


def test_both_views_stand_side_by_side_over_time_without_a_sum(actor, browse, opened):
    jemal, psychologist = actor("jemal"), actor("ogulgerek")
    recording.record(opened, view="worker", on=TODAY.replace(month=9), levels={"safety": "poor"}, actor=jemal)
    recording.record(opened, view="worker", on=TODAY, levels={"safety": "good", "work": "unknown"}, actor=jemal)
    told = {"safety": "fair", "dim_social": "good"}
    recording.record(opened, view="child", on=TODAY, levels=told, words="I have a friend.", actor=psychologist)
    lines = {line.item.name: line for line in outcomes.lines(outcomes.recorded(open_file(jemal, opened)))}
    assert list(lines) == ["work", "safety", "dim_social"]
    assert [badge and str(badge.text) for _one, badge in lines["safety"].cells] == ["Not good", "Partly", "Good"]
    assert not lines["work"].dots, "what is not known has no place in the picture"
    page = read(browse("jemal"), reverse("monitoring.outcomes_page", args=[opened]))
    for said in ("I have a friend.", "no sum is made", "<svg", "NEXUS Institute", "unverified"):
        assert said in page


def test_a_view_that_is_missing_and_what_nobody_looked_at_are_said(actor, browse, opened):
    recording.record(opened, view="worker", on=TODAY, levels={"safety": "good"}, actor=actor("jemal"))
    page = read(browse("jemal"), reverse("monitoring.outcomes_page", args=[opened]))
    assert "own view is missing" in page
    assert "Nobody looked at these so far" in page
    assert "Legal status" in page


def test_the_list_of_outcomes_is_the_packs(actor, opened):
    groups = [item.group for item in pack.listed("outcome").values()]
    assert (groups.count("outcome"), groups.count("dimension")) == (14, 3)


def test_nothing_chosen_is_no_recording(actor, opened):
    with pytest.raises(PersonFacingError, match="at least one outcome"):
        recording.record(opened, view="worker", on=TODAY, levels={"safety": ""}, actor=actor("jemal"))


def test_the_page_records_what_was_chosen(browse, opened):
    sent = {"view": "child", "on": "2026-11-24", "level_safety": "good", "level_work": "", "words": "Better."}
    assert browse("ogulgerek").post(reverse("monitoring.record_outcomes", args=[opened]), sent).status_code == 302
    assert Outcomes.objects.get().view == "child"


# --- signs -----------------------------------------------------------------------------------------------------------


def test_signs_reopen_a_closed_case_and_alert_in_one_step(actor, browse, opened):
    close(opened, actor("jemal"))
    address = reverse("monitoring.record_signs", args=[opened])
    assert "opens the case again" in read(browse("bahar"), address)
    sent = {"signs": ["offer", "vanished"], "words": "The neighbour says so."}
    assert browse("bahar").post(address, sent).status_code == 302
    opened.refresh_from_db()
    assert opened.stage == "assistance"
    assert opened.closed_at is None
    assert Signs.objects.get().reopened
    assert Alert.objects.filter(case=opened, kind=AlertKind.P1, taken_at=None).exists()
    assert {"reopened", "retrafficking"} <= set(opened.events.values_list("kind", flat=True))
    assert "The neighbour says so." in read(browse("jemal"), reverse("monitoring.signs_page", args=[opened]))


def test_on_an_open_case_they_alert_only(actor, opened):
    assert not signs.record(opened, signs=["debt"], words="x", actor=actor("jemal")).reopened
    with pytest.raises(PersonFacingError, match="at least one sign"):
        signs.record(opened, signs=[], words="x", actor=actor("jemal"))


def test_that_there_were_signs_is_told_to_who_sees_the_safety(actor, opened):
    signs.record(opened, signs=["debt"], words="x", actor=actor("jemal"))
    assert opened.events.get(kind=EventKind.RETRAFFICKING).part == Part.SAFETY


def test_somebody_outside_the_circle_records_none(actor, opened):
    with pytest.raises(Refused):
        signs.record(opened, signs=["debt"], words="x", actor=actor("merdan"))


# --- the whole way ---------------------------------------------------------------------------------------------------


def test_what_ended_on_its_first_day_lasted_less_than_a_day_and_no_zero_days():
    lasted = [journey.Stretch("Registered", "", NOW, NOW, days).lasted for days in (0, 1, 3)]
    assert lasted == ["less than a day", "1 day", "3 days"]


def test_the_way_shows_stages_waits_and_hand_overs_and_no_words(actor, cast, browse, opened):
    mark(opened, EventKind.BED_WAITED, actor("jemal", cast.now.replace(hour=10)))
    changing.move_stage(opened, stage="assistance", reason="A secret.", actor=actor("jemal", cast.now.replace(hour=11)))
    mark(opened, EventKind.ADMITTED, actor("bahar", cast.now.replace(hour=12)), text="Another secret.")
    mark(opened, EventKind.MISSING, actor("bahar", cast.now.replace(hour=13)))
    way = journey.journey(open_file(actor("jemal", cast.now.replace(hour=14)), opened))
    assert [str(one.title) for one in way.stages] == ["Registered", "Identification", "Assistance"]
    assert [(str(one.title), one.ends is None) for one in way.waits] == [
        ("For the case to be opened", False),
        ("For a bed", False),
        ("For the child to be found", True),
    ]
    assert "admitted to a centre" in [str(one.title) for one in way.hand_overs]
    page = read(browse("jemal"), reverse("monitoring.journey", args=[opened]))
    assert "<svg" in page
    assert "secret" not in page


def test_the_drawing_fits_the_narrowest_screen_with_letters_that_can_be_read(actor, browse, cast, opened):
    """It is never drawn smaller than 16rem, so its letters are those of the sheet: 12.5 px at least; no title runs over its bar."""
    changing.move_stage(opened, stage="reintegration", reason="x", actor=actor("jemal"))
    for hours in range(12):
        mark(opened, EventKind.ADMITTED, actor("bahar", cast.now + timedelta(hours=hours)), part=Part.CENTRE)
    with override("tk"):
        drawn = drawing.drawn(journey.journey(open_file(actor("jemal", cast.now + timedelta(days=1)), opened)))
    assert drawn.width == 256
    assert all(len(text) <= drawing.LETTERS for block in drawn.blocks for _y, text in block.texts)
    assert all(block.days_y < block.y + block.height for block in drawn.blocks)
    assert all(later.y - one.y >= drawing.APART for one, later in pairwise(drawn.spots))
    page = read(browse("jemal"), reverse("monitoring.journey", args=[opened]))
    assert 'font-size="12.5"' in page


def test_who_is_taken_off_the_list_waits_no_longer_and_a_change_begins_no_second_wait(actor, cast, opened):
    at = [cast.now + timedelta(days=days) for days in range(5)]
    for day, more in ((1, {}), (2, {}), (3, {"ended": True})):
        mark(opened, EventKind.BED_WAITED, actor("jemal", at[day]), part=Part.CENTRE, **more)
    way = journey.journey(open_file(actor("jemal", at[4]), opened))
    assert [(one.begins, one.ends) for one in way.waits if str(one.title) == "For a bed"] == [(at[1], at[3])]


def test_a_wait_for_another_agency_ends_with_the_answer_to_the_same_referral(actor, cast, opened):
    at = [cast.now + timedelta(days=days) for days in range(6)]
    for kind, number, day in (
        (EventKind.REFERRED, "A", 1),
        (EventKind.REFERRED, "B", 2),
        (EventKind.REFERRED, "C", 3),
        (EventKind.REFERRAL_DECLINED, "B", 3),
        (EventKind.REFERRAL_ACCEPTED, "A", 4),
        (EventKind.TRANSFERRED, "C", 5),
    ):
        mark(opened, kind, actor("jemal"), part=Part.REFERRAL_SUMMARY, at=at[day], referral=number)
    way = journey.journey(open_file(actor("jemal", at[5]), opened))
    assert [one.days for one in way.waits if str(one.title).startswith("For an answer")] == [3, 1, 2]


def test_a_coordinator_sees_how_the_case_moves_and_nobodys_name(actor, cast, browse, opened):
    mark(opened, EventKind.ADMITTED, actor("bahar"))
    page = read(browse("irina"), reverse("monitoring.journey", args=[opened]))
    assert "Identification" in page
    assert "Jemal" not in page


def test_the_section_and_every_page_ask_little(actor, browse, helped, aunt):
    told = {"kind": "reintegration", "carer": aunt.pk.hex, "views": "Yes."}
    solving.prepare(helped, **told, actor=actor("jemal"))
    solving.allow(helped, on=TODAY, ground="x", actor=actor("aman"))
    following_up.arrange(helped, begins=TODAY, actor=actor("jemal"))
    recording.record(helped, view="worker", on=TODAY, levels={"safety": "poor"}, actor=actor("jemal"))
    closing.ask(helped, **ASKED, actor=actor("jemal"))
    jemal = browse("jemal")
    pages = ["solution", "follow_ups", "outcomes_page", "signs_page", "closing", "journey"]
    for address in [
        f"{helped.get_absolute_url()}?section=way_home",
        *(reverse(f"monitoring.{one}", args=[helped]) for one in pages),
    ]:
        read(jemal, address)
        with counting() as asked:
            read(jemal, address)
        assert len(asked) <= 12, (address, len(asked), asked)
