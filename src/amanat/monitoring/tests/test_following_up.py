"""Follow-ups by the pack's months; whoever was not reached is unknown, never success."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from amanat.access.files import open_file
from amanat.cases import steps
from amanat.cases.actions.marking import mark
from amanat.cases.models import Alert, EventKind
from amanat.cases.tests.looking import counting, many, read
from amanat.monitoring import followups
from amanat.monitoring.actions import following_up
from amanat.monitoring.followups import Shown, Tried, standing
from amanat.monitoring.models import FollowUp, Try
from amanat.monitoring.tests.conftest import TODAY
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
