"""Medicines: ordered by a health worker, given with two initials, and never twice without somebody being told."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from amanat.access.files import open_file
from amanat.access.policy import Relation
from amanat.cases.models import EventKind, Task
from amanat.cases.shown import Text
from amanat.cases.timeline import lines
from amanat.centre import medicines
from amanat.centre.actions.medicines import DoseTwice, end_medicine, give_dose, order_medicine, witness_dose
from amanat.centre.medicines import Given, Ordered
from amanat.centre.models import Dose, MedicineOrder
from amanat.centre.tests.housed import a_house, let_in
from amanat.centre.tests.on_shift import colleague, in_circle, resident
from amanat.web.errors import PersonFacingError, Refused


@pytest.fixture
def order(cast, case):
    resident(cast, case, a_house(cast))
    in_circle(cast, case)
    let_in(cast, "sona", Relation.HEALTH_WORKER, case)
    return ordered(cast, case)


def ordered(cast, case, **more):
    told = {"medicine": "Ibuprofen 200 mg", "dose": "1 tablet", "hours": 6, "at_most": 3, "begins": cast.now.date()}
    return order_medicine(case, **told | more, actor=cast.actor("sona"))


def dose(cast, case, order, by="bahar", *, ago=0.0, result="taken", **more):
    at = cast.now - timedelta(hours=ago)
    return give_dose(case, order=order, result=result, given_at=at, actor=cast.actor(by), **more)


def test_a_health_worker_orders_and_the_centre_reads_it_but_not_what_it_is_for(cast, case, order):
    ordered(cast, case, medicine="Sertraline", why="Sadness since July.")
    seen = {one.medicine.text: one.why.text for one in medicines.orders_of(open_file(cast.actor("bahar"), case))}
    assert seen == {"Ibuprofen 200 mg": "", "Sertraline": ""}
    by_sona = medicines.orders_of(open_file(cast.actor("sona"), case))
    assert "Sadness since July." in {one.why.text for one in by_sona}
    assert case.events.filter(kind=EventKind.MEDICINE_ORDERED).count() == 2


def test_the_timeline_says_whether_a_medicine_is_ordered_or_no_longer_given(cast, case, order):
    end_medicine(case, order=order, reason="The fever is gone.", actor=cast.actor("sona"))
    events = case.events.filter(kind=EventKind.MEDICINE_ORDERED).order_by("id")
    told = [one.told[0] for one in lines(open_file(cast.actor("bahar"), case), events)]
    assert sorted(value for _, value in told) == ["no longer given", "ordered"]


def test_the_centre_orders_nothing_itself(cast, case, order):
    with pytest.raises(Refused):
        order_medicine(case, medicine="A", dose="1", begins=cast.now.date(), actor=cast.actor("bahar"))


def test_an_order_that_ends_before_it_begins_or_has_no_limit_as_needed_is_refused(cast, case, order):
    with pytest.raises(PersonFacingError):
        ordered(cast, case, until=cast.now.date() - timedelta(days=1))
    with pytest.raises(PersonFacingError):
        ordered(cast, case, if_needed=True, hours=0)


def test_an_order_without_any_limit_is_refused_and_the_form_proposes_none(cast, case, order, browse):
    with pytest.raises(PersonFacingError, match="one too many") as told:
        ordered(cast, case, hours=0, at_most=0)
    assert told.value.field == "hours"
    sent = {"medicine": "Vitamin D", "dose": "1", "hours": "0", "at_most": "0", "begins": "2026-11-24"}
    page = browse("sona").post(reverse("centre.order_medicine", args=[case]), sent).content.decode()
    assert "one too many" in page
    assert MedicineOrder.objects.count() == 1


def test_morning_and_evening_are_not_five_minutes_apart(cast, case, order):
    twice_a_day = ordered(cast, case, hours=0, at_most=2)
    dose(cast, case, twice_a_day, ago=0.1)
    with pytest.raises(DoseTwice):
        dose(cast, case, twice_a_day)


def test_a_dose_has_two_initials_of_two_people(cast, case, order):
    colleague(cast)
    in_circle(cast, case, "ayna")
    given_one = dose(cast, case, order)
    with pytest.raises(PersonFacingError):
        witness_dose(case, dose=given_one, actor=cast.actor("bahar"))
    seen = witness_dose(case, dose=given_one, actor=cast.actor("ayna"))
    assert (seen.given_by, seen.witness) == (cast["bahar"], cast["ayna"])
    with pytest.raises(PersonFacingError):
        witness_dose(case, dose=given_one, actor=cast.actor("sona"))
    with pytest.raises(IntegrityError), transaction.atomic():
        Dose.objects.filter(pk=given_one.pk).update(witness=cast["bahar"])


def test_a_dose_twice_is_refused_and_names_who_gave_the_first(cast, case, order):
    dose(cast, case, order, ago=2)
    with pytest.raises(DoseTwice) as told:
        dose(cast, case, order)
    assert "Bahar" in str(told.value)
    assert Dose.objects.count() == 1


def test_one_that_was_given_all_the_same_is_kept_with_why_and_flagged(cast, case, order):
    dose(cast, case, order, ago=2)
    with pytest.raises(DoseTwice):
        dose(cast, case, order, all_the_same=True)
    dose(cast, case, order, all_the_same=True, why_sooner="The first was spat out.")
    task = Task.objects.get()
    assert task.part == "health_alerts"
    assert Dose.objects.count() == 2


def test_what_was_refused_stops_no_later_dose(cast, case, order):
    dose(cast, case, order, ago=1, result="refused")
    dose(cast, case, order)
    assert Dose.objects.count() == 2


def test_not_more_in_a_day_than_ordered(cast, case, order):
    MedicineOrder.objects.update(begins=cast.now.date() - timedelta(days=3))
    for ago in (23, 14, 7):
        dose(cast, case, order, ago=ago)
    with pytest.raises(DoseTwice):
        dose(cast, case, order)
    (found,) = medicines.orders_of(open_file(cast.actor("bahar"), case))
    assert found.not_before == cast.now + timedelta(hours=1)


def test_nothing_is_given_in_the_future_or_outside_the_order(cast, case, order):
    with pytest.raises(PersonFacingError):
        dose(cast, case, order, ago=-1)
    with pytest.raises(PersonFacingError):
        dose(cast, case, order, ago=48)
    end_medicine(case, order=order, reason="Well again.", actor=cast.actor("sona"))
    with pytest.raises(PersonFacingError):
        dose(cast, case, order)
    with pytest.raises(PersonFacingError):
        end_medicine(case, order=order, reason="Again.", actor=cast.actor("sona"))


NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)


@given(st.lists(st.integers(0, 72 * 60), min_size=1, max_size=30), st.integers(0, 12), st.integers(0, 6))
def test_doses_that_are_let_through_keep_the_least_time_and_the_most_of_a_day(minutes, hours, most):
    taken: list[datetime] = []
    for minute in sorted(minutes):
        at = NOW + timedelta(minutes=minute)
        given_so = [Given(Dose(given_at=one), {"result": "taken"}) for one in reversed(taken)]
        order = Ordered(MedicineOrder(), {"hours": hours, "at_most": most}, Text(""), at, given_so)
        if order.too_near(at) is None:
            taken.append(at)
        elif taken and taken[-1] != at:
            assert order.not_before is not None
    assert all(later - one >= timedelta(hours=hours) for one, later in itertools.pairwise(taken))
    for at in taken if most else []:
        assert sum(at - timedelta(hours=24) < one <= at for one in taken) <= most


def test_the_pages_order_give_and_add_the_second_initials(cast, case, order, browse):
    colleague(cast)
    in_circle(cast, case, "ayna")
    sona, bahar, ayna = browse("sona"), browse("bahar"), browse("ayna")
    sent = {"medicine": "Vitamin D", "dose": "1", "hours": "20", "at_most": "1", "begins": "2026-11-24"}
    assert sona.post(reverse("centre.order_medicine", args=[case]), sent).status_code == 302
    give = reverse("centre.give_medicine", args=[case, order.pk])
    assert bahar.post(give, {"result": "taken", "given_at": "2026-11-24T13:30"}).status_code == 302
    again = bahar.post(give, {"result": "taken", "given_at": "2026-11-24T13:50"}).content.decode()
    assert "Do not give it again now." in again
    row = Dose.objects.get()
    page = ayna.get(reverse("centre.medicines", args=[case])).content.decode()
    assert reverse("centre.witness_dose", args=[case, row.pk]) in page
    assert (
        reverse("centre.witness_dose", args=[case, row.pk])
        not in bahar.get(reverse("centre.medicines", args=[case])).content.decode()
    )
    assert ayna.get(reverse("centre.witness_dose", args=[case, row.pk])).status_code == 200
    assert ayna.post(reverse("centre.witness_dose", args=[case, row.pk])).status_code == 302
    assert sona.post(reverse("centre.end_medicine", args=[case, order.pk]), {"reason": "Well."}).status_code == 302
    assert browse("merdan").get(reverse("centre.medicines", args=[case])).status_code == 404


@pytest.mark.parametrize("rows", [2, 20])
def test_the_page_of_medicines_costs_the_same_with_few_and_many(
    cast, case, order, browse, rows, django_assert_max_num_queries
):
    for _number in range(rows):
        dose(cast, case, ordered(cast, case))
    client = browse("bahar")
    client.get(reverse("centre.medicines", args=[case]))
    with django_assert_max_num_queries(12):
        client.get(reverse("centre.medicines", args=[case]))


def test_a_dose_written_later_than_those_after_it_counts_with_them(cast, case, order):
    often = ordered(cast, case, medicine="Paracetamol", hours=0, at_most=2, begins=cast.now.date() - timedelta(days=3))
    for ago in (6, 2):
        dose(cast, case, often, ago=ago)
    with pytest.raises(DoseTwice):
        dose(cast, case, often, ago=8)
    assert dose(cast, case, often, ago=30)
