"""Admission: never two in one bed, never more than the house holds; beds are proposed, and it is said why one does not fit."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from amanat.access.models import Conflict, Grant
from amanat.access.policy import Relation
from amanat.cases.actions.persons import record_person, suspect
from amanat.cases.models import Event, EventKind
from amanat.centre import places
from amanat.centre.actions.arranging import set_bed
from amanat.centre.actions.placing import Arrival, BedGone, admit, move, take_off, wait
from amanat.centre.models import Shift, Stay, StayBed, StayState, Urgency
from amanat.centre.tests.housed import ROOM, a_house, a_room, beds_of, girl, stay_of
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError, Refused


@pytest.fixture
def house(cast):
    return a_house(cast)


@pytest.fixture
def beds(cast, house):
    return beds_of(a_room(cast, house))


def test_a_child_is_admitted_to_a_bed_and_the_timeline_says_so(cast, case, beds):
    stay = stay_of(case, beds[0], cast, arrival=Arrival(["hunger"], words="Vegetarian.", things=["Coat", "Phone"]))
    assert stay.state == StayState.IN
    assert open_sealed(stay, "intake") == {"urgent": ["hunger"], "words": "Vegetarian."}
    assert [one["what"] for one in open_sealed(stay, "belongings")["items"]] == ["Coat", "Phone"]
    assert open_sealed(StayBed.objects.get(), "called")["room"] == ROOM
    assert Event.objects.filter(case=case, kind=EventKind.ADMITTED).count() == 1


def test_the_last_bed_goes_to_one_and_the_other_is_told_which_is_the_next_best(cast, case, register, beds):
    other = girl(register)
    stay_of(case, beds[0], cast)
    with pytest.raises(BedGone) as told:
        stay_of(other, beds[0], cast)
    assert "Somebody sleeps here" in str(told.value)
    assert "bed 2" in str(told.value.hint)
    stay_of(other, beds[1], cast)
    with pytest.raises(BedGone) as told:
        stay_of(girl(register, "Ogul"), beds[1], cast)
    assert "waiting list" in str(told.value.hint)
    assert StayBed.objects.filter(until=None).count() == 2


def test_the_database_too_takes_no_second_child_for_a_bed(cast, case, register, beds):
    first = stay_of(case, beds[0], cast)
    second = stay_of(girl(register), beds[1], cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        StayBed.objects.create(
            subject=second.subject, stay=second, bed=beds[0], since=cast.now, by=cast["jemal"], begun=True
        )
    assert first.is_in_house


def test_a_house_takes_no_more_children_than_it_may_hold(cast, case, register, house):
    house.capacity = 1
    house.save()
    beds = beds_of(a_room(cast, house))
    stay_of(case, beds[0], cast)
    with pytest.raises(BedGone, match="The house is full"):
        stay_of(girl(register), beds[1], cast)


def test_a_bed_that_speaks_against_the_child_needs_a_written_reason(cast, register, house):
    room = beds_of(a_room(cast, house, whom="boys"))
    child = girl(register)
    with pytest.raises(PersonFacingError, match="for the other sex") as told:
        stay_of(child, room[0], cast)
    assert told.value.field == "why"
    assert stay_of(child, room[0], cast, why="Only for tonight.").is_in_house


def test_who_is_kept_out_of_a_child_hears_of_a_shared_suspect_only_that_the_bed_does_not_fit(
    cast, case, register, beds
):
    other = girl(register)
    for each in (case, other):
        uncle = record_person(each, name="Merdan Orazow", relation="relative", actor=cast.actor("jemal"))
        suspect(each, person=uncle, reason="Sold the ticket.", actor=cast.actor("jemal"))
    stay_of(case, beds[0], cast)
    with pytest.raises(BedGone, match="suspect"):
        stay_of(other, beds[1], cast)
    Conflict.objects.create(
        subject=case.subject, user=cast["jemal"].user, recorded_by=cast["jemal"], recorded_at=cast.now
    )
    with pytest.raises(BedGone, match="The bed does not fit") as told:
        stay_of(other, beds[1], cast)
    assert "suspect" not in str(told.value)


def test_a_bed_that_is_out_of_use_can_not_be_had(cast, case, house, beds):
    set_bed(house, bed=beds[0], out_from=places.day_of(cast.now), actor=cast.actor("aman"))
    with pytest.raises(BedGone, match="out of use"):
        stay_of(case, beds[0], cast)


def test_a_bed_is_kept_for_a_day_to_come_and_becomes_the_childs_then(cast, case, register, beds):
    day = places.day_of(cast.now) + timedelta(days=3)
    stay = stay_of(case, beds[0], cast, on=day)
    assert (stay.state, stay.comes_on) == (StayState.PLANNED, day)
    with pytest.raises(BedGone, match="kept for another child"):
        stay_of(girl(register), beds[0], cast)
    arrived = stay_of(case, beds[0], cast)
    assert arrived.pk == stay.pk
    assert arrived.state == StayState.IN
    assert StayBed.objects.filter(stay=stay).count() == 1


def test_who_waits_is_admitted_out_of_the_list_and_may_leave_it(cast, case, beds):
    waiting = wait(
        case, urgency=Urgency.TONIGHT, needs=["accessible"], words="Uses a chair.", actor=cast.actor("jemal")
    )
    assert waiting.state == StayState.WAITING
    take_off(case, words="An aunt took her.", actor=cast.actor("jemal"))
    again = wait(case, actor=cast.actor("jemal"))
    assert stay_of(case, beds[0], cast).pk == again.pk
    assert Stay.objects.get(pk=waiting.pk).state == StayState.WITHDRAWN


def test_a_child_who_stays_already_is_moved_and_not_admitted_twice(cast, case, beds):
    stay_of(case, beds[0], cast)
    with pytest.raises(PersonFacingError, match="stays in a house already"):
        stay_of(case, beds[1], cast)
    move(case, bed=beds[1], why="Nearer to her sister.", actor=cast.actor("jemal"))
    assert [row.bed_id for row in StayBed.objects.filter(until=None)] == [beds[1].pk]
    assert StayBed.objects.count() == 2
    with pytest.raises(PersonFacingError, match="sleeps in this bed already"):
        move(case, bed=beds[1], actor=cast.actor("jemal"))


def test_an_agency_without_the_house_has_to_ask_by_a_referral(cast, register, beds):
    case = register(by="dowlet")
    with pytest.raises(PersonFacingError, match="another agency") as told:
        admit(case, bed=beds[0], actor=cast.actor("dowlet"))
    assert "referral" in str(told.value.hint)


def test_a_psychologist_does_not_admit(cast, case, beds):
    Grant.objects.create(
        subject=case.subject, membership=cast["ogulgerek"], relation=Relation.PSYCHOLOGIST, since=cast.now
    )
    with pytest.raises(Refused):
        admit(case, bed=beds[0], actor=cast.actor("ogulgerek"))


def test_whoever_began_a_shift_learns_of_the_child_until_it_ends(cast, case, house, beds):
    ends = cast.now + timedelta(hours=6)
    Shift.objects.create(
        house=house,
        worker=cast["bahar"],
        starts=cast.now - timedelta(hours=2),
        ends=ends,
        arranged_by=cast["aman"],
        arranged_at=cast.now,
        begun_at=cast.now - timedelta(hours=2),
    )
    stay_of(case, beds[0], cast)
    grant = Grant.objects.get(membership=cast["bahar"], subject=case.subject)
    assert (grant.relation, grant.until) == (Relation.CENTRE_WORKER, ends)
