"""Two children in one house who are then said apart, or around whom one suspect becomes known: somebody is told."""

from __future__ import annotations

import pytest
from django.urls import reverse

from amanat.access.models import Conflict, Grant
from amanat.access.policy import Relation
from amanat.cases import keyed
from amanat.cases.actions import persons
from amanat.cases.models import Task
from amanat.centre import under_one_roof
from amanat.centre.models import Apart
from amanat.centre.tests.housed import a_house, a_room, beds_of, girl, let_in, stay_of
from amanat.centre.tests.on_shift import colleague, in_circle
from amanat.vault.sealing import open_sealed


@pytest.fixture
def other(cast, case, register):
    """She sleeps in the house in which the child of the case does."""
    beds = beds_of(a_room(cast, a_house(cast)))
    she = girl(register)
    stay_of(case, beds[0], cast)
    stay_of(she, beds[1], cast)
    return she


@pytest.fixture
def elsewhere(cast, case, register):
    she = girl(register)
    stay_of(case, beds_of(a_room(cast, a_house(cast)))[0], cast)
    stay_of(she, beds_of(a_room(cast, a_house(cast, name="House of the stork")))[0], cast)
    return she


def flags(case):
    return {(str(one.owner), open_sealed(one, "text")) for one in Task.objects.filter(case=case, kind="flag")}


def suspect(cast, case, name="Batyr Amanow"):
    person = persons.record_person(case, name=name, relation="relative", actor=cast.actor("jemal"))
    persons.suspect(case, person=person, reason="A call.", actor=cast.actor("jemal"))


def keep_apart(browse, case, other, by="jemal"):
    sent = {"other_child": other.child.code_name, "why": "She recruited her."}
    return browse(by).post(reverse("centre.keep_apart", args=[case]), sent, follow=True).content.decode()


def test_who_keeps_two_apart_reads_that_they_sleep_in_one_house_and_the_case_manager_is_told(cast, case, other, browse):
    assert "Both sleep in one house now." in keep_apart(browse, case, other)
    assert flags(case) == {(str(cast["jemal"]), str(under_one_roof.APART))}


def test_without_a_case_manager_a_supervisor_is_told_and_without_one_the_page_says_that_nobody_is(
    cast, case, other, browse
):
    for each in (case, other):
        let_in(cast, "merdan", Relation.SOCIAL_WORKER, each)
    Grant.objects.filter(subject=case.subject, relation=Relation.CASE_MANAGER).delete()
    assert "Whoever answers for this child is told" in keep_apart(browse, case, other, "merdan")
    assert flags(case) == {(str(cast["aman"]), str(under_one_roof.APART))}
    Apart.objects.update(lifted_at=cast.now)
    Conflict.objects.create(
        subject=case.subject, user=cast["aman"].user, recorded_by=cast["jemal"], recorded_at=cast.now
    )
    assert "nobody could be told" in keep_apart(browse, case, other, "merdan")
    assert Task.objects.filter(case=case, kind="flag").count() == 1


def test_of_two_who_sleep_in_two_houses_nothing_is_said(cast, case, elsewhere, browse):
    assert "Both sleep in one house now." not in keep_apart(browse, case, elsewhere)
    assert flags(case) == set()


def test_a_suspect_who_becomes_known_around_two_of_a_house_is_told_to_the_manager_and_whoever_is_on(cast, case, other):
    let_in(cast, "bahar", Relation.CENTRE_WORKER, case)
    suspect(cast, other, "Батыр Аманов")
    assert flags(other) == set()
    suspect(cast, case)
    assert flags(case) == {(str(cast[name]), str(under_one_roof.SUSPECT)) for name in ("jemal", "bahar")}


def test_neither_one_of_another_house_is(cast, case, elsewhere):
    suspect(cast, elsewhere)
    suspect(cast, case)
    assert flags(case) == set()


def test_nor_another_suspect_of_the_same_house(cast, case, other):
    suspect(cast, other, "Selim Orazow")
    suspect(cast, case)
    assert flags(case) == set()


def test_what_is_asked_of_the_house_is_asked_once_however_many_work_with_the_child(cast, case, other, monkeypatch):
    asked = []
    share = keyed.share_a_suspect
    monkeypatch.setattr(keyed, "share_a_suspect", lambda *told, **more: asked.append(told) or share(*told, **more))
    colleague(cast)
    in_circle(cast, case, "bahar", "ayna")
    suspect(cast, other)
    asked.clear()
    suspect(cast, case)
    assert len(asked) == 1
    assert len(flags(case)) == 3


def test_a_second_suspect_does_not_tell_of_the_first_once_more(cast, case, other):
    suspect(cast, other)
    suspect(cast, case)
    suspect(cast, case, "Selim Orazow")
    assert len(flags(case)) == 1
    assert Task.objects.filter(case=case, kind="flag").count() == 1
