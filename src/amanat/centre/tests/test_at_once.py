"""Two workers of a centre at the same moment, each in a connection of their own: one bed, one dose, one closing of an incident."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest

from amanat.access.policy import Relation
from amanat.cases.models import Case
from amanat.cases.tests.test_at_once import again, at_once
from amanat.centre.actions.incidents import add_to_incident, record_incident
from amanat.centre.actions.medicines import DoseTwice, give_dose, order_medicine
from amanat.centre.actions.placing import BedGone
from amanat.centre.models import Bed, Dose, IncidentAccount, Stay, StayBed, Tally
from amanat.centre.tests.housed import a_house, a_room, beds_of, girl, let_in, stay_of
from amanat.centre.tests.on_shift import colleague, in_circle, resident
from amanat.web.errors import PersonFacingError
from tests.cast import Cast

pytestmark = [pytest.mark.both_databases, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def sisters(case: Case, register: Callable[..., Case]) -> list[Case]:
    """Two children, of whom neither has a bed yet."""
    return [case, girl(register)]


def admitted_at_once(cast: Cast, cases: Sequence[Case], beds: Sequence[Bed]) -> list[Any]:
    """By the case manager, from two pages; what each gives."""
    pages = [again(case) for case in cases]
    return at_once([lambda page=page, bed=bed: stay_of(page, bed, cast) for page, bed in zip(pages, beds, strict=True)])


def test_the_last_bed_goes_to_one_child_and_the_other_is_told(cast, sisters):
    (bed,) = beds_of(a_room(cast, a_house(cast), beds=1))
    given = admitted_at_once(cast, sisters, [bed, bed])
    (gone,) = [one for one in given if not isinstance(one, Stay)]
    assert isinstance(gone, BedGone), given
    assert (gone.best, "waiting list" in str(gone.hint)) == (None, True)
    assert [stay.is_in_house for stay in Stay.objects.all()] == [True]
    assert StayBed.objects.get().stay == Stay.objects.get()


def test_the_last_place_of_a_house_is_taken_once_though_two_beds_are_free(cast, sisters):
    given = admitted_at_once(cast, sisters, beds_of(a_room(cast, a_house(cast, capacity=1))))
    assert sorted(type(one).__name__ for one in given) == ["BedGone", "Stay"], given
    assert StayBed.objects.filter(until=None).count() == 1


def test_one_child_gets_one_bed_though_two_admit_it(cast, case):
    given = admitted_at_once(cast, [case, case], beds_of(a_room(cast, a_house(cast))))
    (told,) = [one for one in given if not isinstance(one, Stay)]
    assert isinstance(told, PersonFacingError), given
    assert "stays in a house already" in str(told)
    assert StayBed.objects.filter(until=None).count() == 1


def test_a_dose_is_given_once_and_the_other_is_told_by_whom(cast, case):
    resident(cast, case)
    colleague(cast)
    in_circle(cast, case, "bahar", "ayna")
    let_in(cast, "sona", Relation.HEALTH_WORKER, case)
    told = {"medicine": "Ibuprofen 200 mg", "dose": "1 tablet", "hours": 6, "begins": cast.now.date()}
    order = order_medicine(case, **told, actor=cast.actor("sona"))

    def give(by: str, ago: int) -> Callable[[], object]:
        mine, at = again(case), cast.now - timedelta(minutes=ago)
        return lambda: give_dose(mine, order=order, result="taken", given_at=at, actor=cast.actor(by))

    given = at_once([give("bahar", 2), give("ayna", 1)])
    dose = Dose.objects.select_related("given_by__user").get()
    (twice,) = [one for one in given if not isinstance(one, Dose)]
    assert isinstance(twice, DoseTwice), given
    assert dose.given_by.user.display_name in str(twice)
    assert Tally.objects.get(what="dose").count == 1


def test_an_incident_of_two_children_is_closed_once_though_each_file_closes_it(cast, sisters):
    house = a_house(cast)
    for case in sisters:
        resident(cast, case, house)
        in_circle(cast, case)
    one, other = sisters
    first = record_incident(
        one,
        kind="fight",
        severity="2",
        happened_at=cast.now - timedelta(hours=1),
        words="They fought over a phone.",
        siblings=[other],
        actor=cast.actor("bahar"),
    )

    def close(case: Case) -> Callable[[], object]:
        mine, bahar = again(case), cast.actor("bahar")
        return lambda: add_to_incident(mine, series=first.series, adds="closed", words="Spoken through.", actor=bahar)

    given = at_once([close(one), close(other)])
    (told,) = [one for one in given if not isinstance(one, IncidentAccount)]
    assert "was closed" in str(told), given
    assert IncidentAccount.objects.filter(series=first.series).count() == 2
