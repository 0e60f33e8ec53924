"""Who is kept out of a child's file is kept out of the matters that it came from."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from amanat.access.files import open_file
from amanat.access.models import Conflict
from amanat.cases.actions import guarding, persons
from amanat.cases.models import Case
from amanat.hotline import matters
from amanat.hotline.actions import linking, standing
from amanat.hotline.actions import matters as actions
from amanat.hotline.models import Call, CallState, Matter, MatterCase
from amanat.hotline.tests.crew import called, crew
from amanat.vault.sealing import open_sealed
from tests.cast import Cast

Browse = Callable[..., Client]


@pytest.fixture
def people(cast: Cast) -> Cast:
    return crew(cast)


def came_from(people: Cast, case: Case) -> Matter:
    """A matter of which the case came."""
    call = called(people.actor("nurana"), summary="Her uncle takes her abroad.")
    MatterCase.objects.create(
        matter=call.matter, case=case, call=call, opened_by=people["nurana"], opened_at=people.now
    )
    return call.matter


def knows(people: Cast, name: str, matter: Matter) -> bool:
    return matters.matters_of(people.actor(name)).filter(pk=matter.pk).exists()


def test_a_suspect_who_is_an_operator_finds_nothing_of_the_call(people: Cast, case: Case, browse: Browse) -> None:
    matter, gul, manager = came_from(people, case), people["gul"], people.actor("jemal")
    actions.take(matter, actor=people.actor("gul"))
    uncle = persons.record_person(case, name="Gul", relation="other", actor=manager)
    persons.suspect(case, person=uncle, reason="He sells her.", worker=gul.user, actor=manager)

    assert not knows(people, "gul", matter)
    assert not open_file(people.actor("gul"), matter).exists
    assert Matter.objects.get(pk=matter.pk).holder is None
    client = browse("gul")
    assert client.get(matter.get_absolute_url()).status_code == 404
    assert client.get(f"/calls/{matter.calls.get().pk.hex}").status_code == 404
    assert matter.code_name not in client.get("/matters").content.decode()
    assert knows(people, "nurana", matter)
    desk = browse("kerim").get("/desk").content.decode()
    assert matter.code_name in desk
    assert case.child.code_name in desk
    told = Conflict.objects.select_related("subject").get(subject=matter.subject_id)
    assert open_sealed(told, "details") is None


def test_a_call_that_they_were_in_is_in_their_hands_no_more_and_a_colleague_takes_it(people: Cast, case: Case) -> None:
    matter, gul, nurana = came_from(people, case), people.actor("gul"), people.actor("nurana")
    call = called(gul, matter=matter, end=False)
    guarding.record_conflict(case, user=gul.user, reason="x", actor=people.actor("aman"))
    assert standing.in_hand(gul, CallState.TALKING) == []
    called(gul, end=False)
    assert Call.objects.get(pk=call.pk).state == CallState.TALKING
    actions.take(Matter.objects.get(pk=matter.pk), calls=True, actor=nurana)
    assert standing.in_hand(nurana, CallState.ON_HOLD) == [call]


def test_a_matter_that_is_linked_later_is_closed_to_them_too(people: Cast, case: Case) -> None:
    matter, gul = came_from(people, case), people["gul"]
    guarding.record_conflict(case, user=gul.user, reason="x", actor=people.actor("aman"))
    other = called(people.actor("gul")).matter
    assert knows(people, "gul", other)
    linking.link(other, siblings=[matter], actor=people.actor("nurana"))
    assert not knows(people, "gul", other)
    assert Conflict.objects.filter(user=gul.user, lifted_at=None).count() == 3


def test_who_may_come_back_to_one_child_stays_out_where_another_one_of_the_matter_keeps_them_out(
    people: Cast, case: Case, register: Callable[..., Case]
) -> None:
    matter, gul, aman = came_from(people, case), people["gul"], people.actor("aman")
    sibling = register()
    MatterCase.objects.create(matter=matter, case=sibling, opened_by=people["nurana"], opened_at=people.now)
    first, second = (guarding.record_conflict(one, user=gul.user, reason="x", actor=aman) for one in (case, sibling))
    guarding.lift_conflict(case, conflict=first, reason="x", actor=aman)
    assert not knows(people, "gul", matter)
    guarding.lift_conflict(sibling, conflict=second, reason="x", actor=aman)
    assert knows(people, "gul", matter)
