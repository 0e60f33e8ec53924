"""Follow-ups by the pack's months; whoever was not reached is unknown, never success."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from amanat.access.files import open_file
from amanat.access.policy import Part
from amanat.cases import departures, steps
from amanat.cases.actions import persons
from amanat.cases.actions.marking import mark
from amanat.cases.departures import Departure
from amanat.cases.models import Alert, EventKind
from amanat.cases.tests.looking import counting, many, read
from amanat.monitoring import followups
from amanat.monitoring.actions import following_up, handing_over, solving
from amanat.monitoring.followups import Shown, Tried, standing
from amanat.monitoring.models import FollowUp, Try
from amanat.monitoring.tests.conftest import HANDED, TODAY
from amanat.people.models import User
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError, Refused

pytestmark = pytest.mark.django_db
HELD = {"on": TODAY, "way": "visit", "words": "She opened herself."}


@pytest.fixture
def arranged(actor, opened):
    return following_up.arrange(opened, begins=date(2026, 8, 31), actor=actor("jemal"))


def test_they_fall_on_the_packs_months_and_a_short_month_ends_on_its_last_day(arranged):
    assert [row.due.isoformat() for row in arranged] == [
        "2026-09-30",
        "2026-11-30",
        "2027-02-28",
        "2027-08-31",
        "2028-08-31",
    ]


def test_they_are_arranged_once(actor, opened, arranged):
    with pytest.raises(PersonFacingError, match="arranged already"):
        following_up.arrange(opened, begins=TODAY, actor=actor("jemal"))
    assert FollowUp.objects.count() == 5


def test_the_day_of_leaving_the_centre_is_the_first(actor, opened):
    assert followups.begins_on(opened) is None
    mark(opened, EventKind.LEFT_CENTRE, actor("bahar"))
    assert followups.begins_on(opened) == TODAY


def test_who_was_not_reached_stays_unknown_and_finishes_no_step(actor, cast, opened, arranged):
    mark(opened, EventKind.LEFT_CENTRE, actor("bahar"))
    following_up.record(arranged[0], **HELD, result="unknown", next=TODAY + timedelta(days=3), actor=actor("bahar"))
    file = open_file(actor("jemal"), opened)
    assert "follow_up_1" in {one.step.name for one in steps.due(file)}
    shown = followups.shown_of(file, FollowUp.objects.all())
    assert (standing(shown, TODAY).due, standing(shown, TODAY).safe, standing(shown, TODAY).unknown) == (1, 0, 1)
    later = cast.now + timedelta(hours=1)  # lines of one moment have no order
    following_up.record(arranged[0], **HELD, result="safe", actor=actor("bahar", later))
    file = open_file(actor("jemal", later), opened)
    assert "follow_up_1" not in {one.step.name for one in steps.due(file)}
    assert "follow_up_3" in {one.step.name for one in steps.due(file)}
    with pytest.raises(PersonFacingError, match="is over"):
        following_up.record(arranged[0], **HELD, result="safe", actor=actor("bahar"))
    assert Try.objects.count() == 2


def test_a_child_that_is_not_safe_goes_to_the_duty_list(actor, opened, arranged):
    following_up.record(arranged[0], **HELD, result="not_safe", actor=actor("bahar"))
    assert Alert.objects.filter(case=opened, taken_at=None).count() == 1


def test_a_try_in_vain_without_another_ends_it_as_unknown(actor, opened, arranged):
    following_up.record(arranged[0], **HELD, result="unknown", actor=actor("jemal"))
    shown = followups.shown_of(open_file(actor("jemal"), opened), FollowUp.objects.filter(pk=arranged[0].pk))[0]
    assert (shown.is_over, shown.result) == (True, "unknown")


def exit_of(case, actor, at, **more):
    """As the centre ends a stay."""
    mark(case, EventKind.LEFT_CENTRE, actor, part=Part.CENTRE, at=at)
    departures.left(case, Departure(at, **more), actor)


def test_an_exit_books_the_follow_ups_and_the_day_that_was_agreed(actor, cast, opened):
    exit_of(opened, actor("bahar"), cast.now, first_visit=TODAY + timedelta(days=7))
    rows = FollowUp.objects.order_by("due")
    assert [(row.name, row.due.isoformat()) for row in rows][:3] == [
        ("", "2026-12-01"),
        ("month_1", "2026-12-24"),
        ("month_3", "2027-02-24"),
    ]
    shown = followups.shown_of(open_file(actor("jemal"), opened), rows)
    assert shown[0].why.text == "Agreed at the exit."
    assert opened.events.filter(kind=EventKind.FOLLOW_UPS_SET).exists()


def test_another_exit_begins_another_round_and_ends_what_is_left_of_the_first(actor, cast, opened):
    first = cast.now
    exit_of(opened, actor("bahar"), first)
    following_up.record(FollowUp.objects.get(name="month_1"), **HELD, result="safe", actor=actor("bahar"))
    mark(opened, EventKind.ADMITTED, actor("bahar", first + timedelta(days=100)), part=Part.CENTRE)
    again = first + timedelta(days=150)
    exit_of(opened, actor("bahar", again), again)
    rows = FollowUp.objects.order_by("round", "due")
    assert [(row.round, row.name, row.over_at is None) for row in rows] == [
        *((1, name, False) for name in ("month_1", "month_3", "month_6", "month_12", "month_24")),
        *((2, name, True) for name in ("month_1", "month_3", "month_6", "month_12", "month_24")),
    ]
    file = open_file(actor("jemal", again), opened)
    shown = followups.shown_of(file, rows)
    assert "left the centre again" in shown[1].ended
    counted = standing(shown, timezone.localdate(again))
    assert (counted.due, counted.safe, counted.unknown) == (2, 1, 1), "what came due in vain is unknown, never safe"
    assert [one.step.name for one in steps.due(file) if one.step.name.startswith("follow_up_")] == ["follow_up_1"]


def test_a_round_that_was_arranged_before_the_exit_moves_to_it(actor, cast, opened):
    following_up.arrange(opened, begins=TODAY, actor=actor("jemal"))
    at = cast.now + timedelta(days=10)
    exit_of(opened, actor("bahar", at), at)
    assert FollowUp.objects.get(name="month_1").due == date(2027, 1, 4)
    assert FollowUp.objects.count() == 5


def test_of_a_child_that_died_nothing_is_arranged(actor, cast, opened, arranged):
    exit_of(opened, actor("bahar"), cast.now, died=True)
    assert set(FollowUp.objects.values_list("ended", flat=True)) == {"stopped"}


def test_a_child_that_went_to_a_carer_without_a_signed_record_is_a_task_until_it_is_signed(actor, cast, opened):
    User.objects.filter(pk=cast["jemal"].user_id).update(language="ru")
    exit_of(opened, actor("bahar"), cast.now, to_carer=True)
    task = opened.tasks.select_related("subject").get(done_at=None, kind="hand_over")
    assert open_sealed(task, "text").startswith("Ребёнок уже у принимающего"), "in the language of who has to act"
    handing_over.write(opened, **HANDED, actor=actor("bahar"))
    handing_over.sign(opened, on=TODAY, both=True, actor=actor("bahar"))
    assert not opened.tasks.filter(done_at=None).exists()


def test_a_new_round_by_hand_takes_the_place_of_what_is_left(actor, opened, arranged):
    rows = following_up.arrange(opened, begins=TODAY, anew=True, actor=actor("jemal"))
    assert {row.round for row in rows} == {2}
    assert FollowUp.objects.filter(over_at=None).count() == 5


def test_day_and_person_of_an_open_one_can_be_changed(actor, cast, browse, opened, arranged):
    with pytest.raises(PersonFacingError, match="no more"):
        following_up.move(arranged[1], due_on=TODAY, who=cast["sona"], actor=actor("jemal"))
    with pytest.raises(PersonFacingError, match="This day is over"):
        following_up.move(arranged[1], due_on=TODAY - timedelta(days=1), actor=actor("jemal"))
    sent = {"due_on": "2026-12-02", "who": cast["bahar"].pk}
    address = reverse("monitoring.move_follow_up", args=[opened, arranged[1].pk])
    assert browse("jemal").post(address, sent).status_code == 302
    assert "Bahar" in read(browse("jemal"), reverse("monitoring.follow_ups", args=[opened]))
    row = FollowUp.objects.get(pk=arranged[1].pk)
    assert (row.due.isoformat(), row.who) == ("2026-12-02", cast["bahar"])


def test_that_the_carer_is_a_suspect_is_said_where_the_child_is_followed_up(actor, browse, opened, arranged, aunt):
    told = {"kind": "reintegration", "carer": aunt.pk.hex, "views": "Yes."}
    solving.prepare(opened, **told, actor=actor("jemal"))
    persons.suspect(opened, person=aunt, reason="She asks for money.", actor=actor("jemal"))
    for name, more in (("follow_ups", []), ("record_follow_up", [arranged[0].pk])):
        page = read(browse("bahar"), reverse(f"monitoring.{name}", args=[opened, *more]))
        assert "The carer is recorded as a suspect" in page


@given(st.lists(st.sampled_from(["safe", "worry", "not_safe", "unknown", "declined", None]), max_size=12))
def test_the_counts_add_up_and_only_a_child_that_was_reached_safe_counts_as_safe(results):
    shown = []
    for result in results:
        row = FollowUp(due=TODAY - timedelta(days=1))
        shown.append(Shown(row, None, [Tried(Try(at=None), {"result": result})] if result else []))
    counted = standing(shown, TODAY)
    assert counted.due == len(results) == counted.safe + counted.worry + counted.not_safe + counted.unknown
    assert counted.safe == results.count("safe")


def test_one_by_need_lies_ahead_and_not_too_far(actor, opened):
    for due in (TODAY - timedelta(days=1), TODAY.replace(year=2040)):
        with pytest.raises(PersonFacingError):
            following_up.arrange_one(opened, due_on=due, why="x", actor=actor("jemal"))
    assert following_up.arrange_one(opened, due_on=TODAY, why="Court.", actor=actor("jemal")).name == ""


def test_the_psychologist_records_but_arranges_nothing(actor, opened, arranged):
    following_up.record(arranged[0], **HELD, result="safe", actor=actor("ogulgerek"))
    with pytest.raises(Refused):
        following_up.arrange_one(opened, due_on=TODAY, why="x", actor=actor("ogulgerek"))


def test_pages_arrange_record_and_show_what_is_known(browse, opened):
    jemal = browse("jemal")
    assert (
        jemal.post(reverse("monitoring.arrange_follow_ups", args=[opened]), {"begins": "2026-08-31"}).status_code == 302
    )
    row = FollowUp.objects.order_by("due")[0]
    record = reverse("monitoring.record_follow_up", args=[opened, row.pk])
    sent = {"on": "2026-11-23", "way": "phone", "result": "unknown", "words": "Nobody answers.", "next": "2026-11-26"}
    assert "This day is over" in jemal.post(record, sent | {"next": "2026-11-20"}).content.decode()
    assert jemal.post(record, sent).status_code == 302
    page = read(jemal, reverse("monitoring.follow_ups", args=[opened]))
    for told in ("Not reached", "Nobody answers.", "unknown: <strong>1", "safe: <strong>0", "late"):
        assert told in page
    mine = read(jemal, reverse("monitoring.my_follow_ups"))
    assert "After one month" in mine
    assert "late follow-up" in read(jemal, "/")


def test_ones_list_asks_as_much_for_twenty_files_as_for_two(actor, browse, cast):
    asked = []
    for count in (2, 20):
        for case in many(cast, count):
            row = {"subject": case.subject, "case": case, "author": cast["jemal"], "at": cast.now}
            FollowUp.objects.create(**row, name="month_1", due=TODAY)
        client = browse("jemal")
        read(client, reverse("monitoring.my_follow_ups"))
        with counting() as found:
            read(client, reverse("monitoring.my_follow_ups"))
        asked.append(len(found))
    assert asked[0] == asked[1] <= 12
