"""Days of a house, its standards and its month: written once, counted without any child's name."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from amanat.centre import month, standards, tallies
from amanat.centre.actions.days import assess, record_day
from amanat.centre.actions.leaving import end
from amanat.centre.actions.placing import admit, move
from amanat.centre.days import NEWEST
from amanat.centre.models import DayEntry, Exit, House, Stay, StayBed
from amanat.centre.tests.housed import a_house, a_room, beds_of, girl
from amanat.centre.tests.on_shift import in_circle, resident
from amanat.centre.tests.test_incidents import against, recorded
from amanat.people.models import Site
from amanat.web.errors import PersonFacingError, Refused


@pytest.fixture
def house(cast):
    return a_house(cast)


def test_a_meal_and_an_activity_are_written_and_counted(cast, house):
    record_day(house, kind="meal", day=cast.now.date(), what="lunch", how_many=7, actor=cast.actor("bahar"))
    record_day(house, kind="activity", day=cast.now.date(), what="art", words="Masks.", actor=cast.actor("bahar"))
    found = month.month(cast.actor("bahar"), house, date(2026, 11, 1))
    assert (found.meals, found.activities) == ([("Lunch", 1)], [("Drawing, music, crafts", 1)])


def test_an_incident_about_no_child_is_read_by_the_house_and_its_supervisor_and_counts_in_the_month(
    cast, house, browse
):
    bahar, form = browse("bahar"), reverse("centre.record_day", args=[house.pk, "incident"])
    sent = {"day": "2026-11-24", "what": "damage", "severity": "s2", "words": "A pipe burst in the kitchen."}
    for lacking, said in (("severity", "Choose how grave it was."), ("words", "Write a sentence.")):
        assert said in bahar.post(form, sent | {lacking: ""}).content.decode()
    assert bahar.post(form, sent).status_code == 302
    for who in ("bahar", "aman"):
        for page in ("house_incidents", "house_log"):
            told = browse(who).get(reverse(f"centre.{page}", args=[house.pk])).content.decode()
            assert "A pipe burst in the kitchen." in told
            assert "2: needs attention" in told
    assert browse("elena").get(reverse("centre.house_incidents", args=[house.pk])).status_code == 404
    assert month.month(cast.actor("bahar"), house, date(2026, 11, 1)).incidents == [("Damage, fire", 1)]


@pytest.mark.parametrize("kind", ["staff", "self_harm", "missing"])
def test_what_is_about_a_child_or_a_worker_is_no_incident_of_the_house_alone(cast, house, kind):
    told = {"kind": "incident", "day": cast.now.date(), "severity": "s3", "words": "x"}
    with pytest.raises(PersonFacingError, match="about a child"):
        record_day(house, what=kind, **told, actor=cast.actor("bahar"))


@pytest.mark.parametrize("severity", ["s3", "s4"])
def test_a_grave_incident_of_a_house_leads_to_a_file_from_where_somebody_hears_of_it(cast, house, browse, severity):
    form = reverse("centre.record_day", args=[house.pk, "incident"])
    sent = {"day": "2026-11-24", "what": "intruder", "severity": severity, "words": "Two men at the door."}
    page = browse("bahar").post(form, sent).content.decode()
    assert "recorded on the file of a child" in page
    assert "Two men at the door." in page
    assert not DayEntry.objects.exists()
    assert month.month(cast.actor("bahar"), house, date(2026, 11, 1)).incidents == []


def test_each_incident_about_no_child_can_be_reached_ten_at_once(cast, house, browse):
    for each in range(NEWEST + 2):
        told = {"kind": "incident", "what": "damage", "severity": "s1", "words": f"Pipe {each:02}."}
        record_day(house, day=cast.now.date() - timedelta(days=each), **told, actor=cast.actor("bahar"))
    bahar, own = browse("bahar"), reverse("centre.incidents_of_house", args=[house.pk])
    first = bahar.get(reverse("centre.house_incidents", args=[house.pk])).content.decode()
    assert "Pipe 09." in first
    assert "Pipe 10." not in first
    assert own in first
    page = bahar.get(own).content.decode()
    [older] = re.findall(r'rel="next" href="([^"]+)"', page)
    assert "Pipe 11." in bahar.get(own + older).content.decode()
    assert browse("elena").get(own).status_code == 404


@pytest.mark.parametrize(
    "more", [{"kind": "meal"}, {"kind": "note"}, {"kind": "note", "words": "x", "day": date(2026, 11, 26)}]
)
def test_what_says_nothing_or_has_not_come_is_refused(cast, house, more):
    with pytest.raises(PersonFacingError):
        record_day(house, **{"day": cast.now.date()} | more, actor=cast.actor("bahar"))


def test_another_agencys_house_is_nobodys_to_write_on(cast, house):
    with pytest.raises(Refused):
        assess(house, day=cast.now.date(), answers={}, actor=cast.actor("elena"))


def answers(**changed):
    given_ones = {group.name: {"is": "partly", "evidence": ""} for group in standards.standards().groups}
    return given_ones | changed


def test_a_yes_needs_its_evidence_and_each_group_an_answer(cast, house):
    with pytest.raises(PersonFacingError) as told:
        assess(house, day=cast.now.date(), answers=answers(food={"is": "yes"}), actor=cast.actor("aman"))
    assert told.value.field == "food_evidence"
    with pytest.raises(PersonFacingError):
        assess(house, day=cast.now.date(), answers={"food": {"is": "no"}}, actor=cast.actor("aman"))


def test_assessments_stand_side_by_side_over_time(cast, house):
    for days, answer in ((90, "no"), (0, "yes")):
        told = answers(food={"is": answer, "evidence": "Menus of the week"})
        assess(house, day=cast.now.date() - timedelta(days=days), answers=told, actor=cast.actor("aman"))
    _page, found = standards.page_of(cast.actor("bahar"), house, "")
    table = {group.name: [str(cell[0]) for cell in cells] for group, cells in standards.table(found)}
    assert table["food"] == ["yes", "no"]
    assert [one.met for one in found] == [1, 0]
    assert not standards.standards().verified


def test_each_assessment_there_ever_was_can_be_reached(cast, house, browse):
    for days in range(standards.COMPARED + 1):
        told = answers(food={"is": "no", "evidence": f"Look {days}"})
        assess(house, day=cast.now.date() - timedelta(days=days), answers=told, actor=cast.actor("aman"))
    client, oldest = browse("bahar"), f"Look {standards.COMPARED}"
    first = client.get(reverse("centre.standards", args=[house.pk])).content.decode()
    assert oldest not in first
    [older] = re.findall(r'rel="next" href="([^"]+)"', first)
    assert oldest in client.get(reverse("centre.standards", args=[house.pk]) + older).content.decode()


def stayed(house, cast, since, until=None, how=""):
    """A stay as it stands in clear."""
    return month.Slept(since, until, how)


def test_a_month_counts_nights_exits_and_lengths(cast, house, case, register):
    for each in (case, girl(register)):
        resident(cast, each, house)
    lasted = {"since": datetime(2026, 10, 30, 10, tzinfo=UTC), "until": datetime(2026, 11, 9, 10, tzinfo=UTC)}
    Stay.objects.filter(case=case).update(**lasted, state="ended", exit=Exit.FAMILY)
    StayBed.objects.filter(stay__case=case).update(**lasted)
    found = month.month(cast.actor("aman"), house, date(2026, 11, 1))
    assert found.slept == 8  # eight nights of the first; the other came today, and no night is over since
    assert [(str(text), count) for text, count in found.exits] == [("to the family", 1)]
    assert (found.unplanned, found.stayed, found.middle, found.came) == (0, [10], 10, 1)
    assert found.occupancy == round(100 * 8 / (10 * 23))
    assert [count for _text, count in found.lengths] == [1, 0, 0, 0]


def test_nights_are_the_houses_where_the_bed_was_that_night(cast, house, case):
    """Three nights here, in two beds; then in another house, and home from there after four more."""
    other, here = a_house(cast, name="House of the wren"), beds_of(a_room(cast, house))
    there = beds_of(a_room(cast, other))
    came = datetime(2026, 12, 2, 10, tzinfo=UTC)

    def after(days: int) -> Any:
        return cast.actor("jemal", came + timedelta(days=days))

    admit(case, bed=here[0], actor=after(0))
    move(case, bed=here[1], actor=after(1))
    move(case, bed=there[0], actor=after(3))
    end(case, ended_as="family", at=came + timedelta(days=7), actor=after(7))
    of_house, of_other = (
        month.month(cast.actor("aman", after(9).now), one, date(2026, 12, 1)) for one in (house, other)
    )
    assert [(one.slept, one.came, one.moved_in, one.moved_out) for one in (of_house, of_other)] == [
        (3, 1, 0, 1),
        (4, 1, 1, 0),
    ]
    assert (of_house.stayed, of_house.exits) == ([], [])
    assert (of_other.stayed, [count for _text, count in of_other.exits]) == ([7], [1])


def test_the_days_of_a_house_are_those_of_its_site_not_of_whoever_works_with_it(cast, house, case):
    """Noon in Greenwich: the 24th for jemal, the 25th already in a house far in the east."""
    east = Site.objects.create(agency=cast["aman"].agency, name="East", time_zone="Pacific/Kiritimati")
    House.objects.filter(pk=house.pk).update(site=east)
    noon = cast.actor("jemal", datetime(2026, 11, 24, 12, tzinfo=UTC))
    stay = admit(case, bed=beds_of(a_room(cast, house))[0], on=date(2026, 11, 25), until=date(2026, 11, 30), actor=noon)
    assert stay.state == "in"
    with pytest.raises(PersonFacingError, match="before the day of the exit"):
        end(case, ended_as="family", at=noon.now, follow_up_on=date(2026, 11, 24), actor=noon)


def test_a_day_is_the_houses_not_utc(cast, house):
    late = datetime(2026, 10, 31, 20, tzinfo=UTC)  # one o'clock in the night of the first of November in Ashgabat
    assert month._midnight(date(2026, 11, 1), ZoneInfo("Asia/Ashgabat")) < late


STAYS = st.lists(
    st.tuples(st.integers(-40, 40), st.integers(0, 60), st.booleans()).map(
        lambda told: month.Slept(
            datetime(2026, 10, 10, 9, tzinfo=UTC) + timedelta(days=told[0]),
            None if told[2] else datetime(2026, 10, 10, 9, tzinfo=UTC) + timedelta(days=told[0] + told[1]),
        )
    ),
    max_size=12,
)


@given(STAYS, st.sampled_from(["Asia/Ashgabat", "Europe/Chisinau"]))
def test_the_nights_of_a_month_are_the_nights_of_its_stays(stays, zone):
    """Over a change of the clock too: October in Chisinau has one hour more and not one night."""
    nights = month._nights(stays, date(2026, 10, 1), datetime(2027, 1, 1, tzinfo=UTC), ZoneInfo(zone))
    assert len(nights) == 31
    whole = 0
    for one in stays:
        first = max(one.since.astimezone(ZoneInfo(zone)).date(), date(2026, 10, 1))
        last = one.until.astimezone(ZoneInfo(zone)).date() if one.until else date(2026, 11, 1)
        whole += max(0, (min(last, date(2026, 11, 1)) - first).days)
    assert sum(night.taken for night in nights) == whole


def test_incidents_are_counted_and_allegations_apart_for_the_supervisor_alone(cast, house, case):
    resident(cast, case, house)
    in_circle(cast, case)
    recorded(cast, case)
    against(cast, case)
    of_worker = month.month(cast.actor("bahar"), house, date(2026, 11, 1))
    of_supervisor = month.month(cast.actor("aman"), house, date(2026, 11, 1))
    assert of_worker.incidents == of_supervisor.incidents == [("Violence between children", 1)]
    assert (of_worker.against_staff, of_supervisor.against_staff) == (0, 1)


def test_a_supervisor_whom_an_allegation_is_about_does_not_read_that_there_is_one(cast, house, case, browse):
    resident(cast, case, house)
    in_circle(cast, case)
    address = reverse("centre.month", args=[house.pk])
    against(cast, case)
    assert "Allegations against staff" in browse("aman").get(address).content.decode()
    against(cast, case, accused=cast["aman"].user)
    assert "Allegations against staff" not in browse("aman").get(address).content.decode()


def test_a_count_of_no_house_is_none(db):
    tallies.count(None, date(2026, 11, 1), tallies.VISIT)
    assert not House.objects.exists()


def test_the_pages_of_a_house(cast, house, browse, django_assert_max_num_queries):
    bahar, aman = browse("bahar"), browse("aman")
    day = reverse("centre.record_day", args=[house.pk, "meal"])
    assert bahar.get(day).status_code == 200
    assert bahar.post(day, {"day": "2026-11-24", "what": "supper", "how_many": "4"}).status_code == 302
    assert "Supper" in bahar.get(reverse("centre.house_log", args=[house.pk])).content.decode()
    assert bahar.get(reverse("centre.record_day", args=[house.pk, "party"])).status_code == 404
    form = reverse("centre.assess_standards", args=[house.pk])
    assert "unverified" in aman.get(form).content.decode()
    sent = {f"{group.name}_is": "no" for group in standards.standards().groups} | {"day": "2026-11-24"}
    assert "Answer this group." in aman.post(form, sent | {"food_is": ""}).content.decode()
    assert aman.post(form, sent).status_code == 302
    assert aman.get(reverse("centre.standards", args=[house.pk])).status_code == 200
    with django_assert_max_num_queries(12):
        page = bahar.get(reverse("centre.month", args=[house.pk]))
    assert "Night by night" in page.content.decode()
    for address in ("centre.month", "centre.standards", "centre.shifts"):
        assert browse("elena").get(reverse(address, args=[house.pk])).status_code == 404
    least = reverse("centre.least_on_shift", args=[house.pk])
    assert aman.post(least, {"by_day": "2", "by_night": "2"}).status_code == 302
    assert bahar.get(least).status_code == 404


def test_the_month_is_a_pdf(cast, house, browse):
    answer = browse("aman").get(reverse("centre.month", args=[house.pk]), {"as": "ru"})
    assert answer.content.startswith(b"%PDF")
