"""Help that was given: what of it who reads, what is refused, a suspect who was met."""

from __future__ import annotations

from datetime import UTC

import pytest
from django.urls import reverse

from amanat.access.policy import Part, Relation
from amanat.cases.actions import persons
from amanat.cases.actions.recording import record_form
from amanat.cases.models import Event, EventKind
from amanat.cases.tests.looking import bring_in, counting, read
from amanat.forms import kept
from amanat.forms.filling import Filling
from amanat.social.actions import spending, ties
from amanat.social.actions.helping import record_help, take_back_help
from amanat.social.erasing import erase
from amanat.social.models import Budget, FamilyStep, Help, Spending, Tie
from amanat.social.tests.test_family import asked, assess
from amanat.vault.erasing import Erasing
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError

pytestmark = pytest.mark.django_db

SCHOOL = {"kind": "school", "on": "2026-11-20", "what": "Enrolled in class 8.", "where": "School 14", "result": "done"}


@pytest.fixture
def address(case):
    return lambda page: reverse(f"social.{page}", args=[case])


def test_help_stands_on_the_file_and_in_the_timeline(browse, address):
    jemal = browse("jemal")
    assert jemal.post(address("record_help"), SCHOOL).status_code == 302
    page = read(jemal, address("helps"))
    for told in ("School", "Enrolled in class 8.", "School 14", "Done"):
        assert told in page
    assert Event.objects.get(kind=EventKind.HELPED).part == Part.PLAN
    assert "Enrolled in class 8." in read(jemal, address("helps").removesuffix("/help") + "?section=social")


def test_help_that_was_recorded_wrongly_is_taken_back_and_both_stay(browse, cast, case, address):
    jemal = browse("jemal")
    jemal.post(address("record_help"), SCHOOL)
    at = reverse("social.take_back_help", args=[case.pk, Help.objects.get().pk])
    assert at in read(jemal, address("helps"))
    assert "Enrolled in class 8." in read(jemal, at)
    assert jemal.post(at, {"reason": "It was her sister."}).status_code == 302
    page = read(jemal, address("helps"))
    for told in ("Enrolled in class 8.", "taken back", "It was her sister."):
        assert told in page
    assert at not in page
    assert jemal.get(at).status_code == 404
    assert "Enrolled in class 8." not in read(jemal, address("helps").removesuffix("/help") + "?section=social")
    wrong = Help.objects.get(takes_back=None)
    with pytest.raises(PersonFacingError, match="taken back meanwhile"):
        take_back_help(case, given=wrong, reason="Again.", actor=cast.actor("jemal"))
    erase(Erasing([case.subject_id], cast.now))
    assert not Help.objects.exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"on": "2026-11-25"}, "This day has not come yet."),
        ({"on": "2012-04-04"}, "The child was not born then."),
        ({"kind": "document"}, "Choose which document it is."),
        ({"kind": "nothing"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_typed_is_lost(browse, address, changed, sentence):
    page = browse("jemal").post(address("record_help"), SCHOOL | changed).content.decode()
    assert sentence in page
    assert "Enrolled in class 8." in page
    assert not Help.objects.exists()


def test_words_of_a_home_visit_are_the_narratives_and_closed_to_who_reads_the_plan_alone(
    browse, address, case, cast, write_down
):
    aunt = write_down()
    visit = SCHOOL | {"kind": "home_visit", "words": "One warm room.", "met": [aunt.pk.hex]}
    browse("jemal").post(address("record_help"), visit)
    assert "One warm room." in read(browse("jemal"), address("helps"))
    bring_in(case, cast, "bahar", Relation.CENTRE_WORKER)
    page = read(browse("bahar"), address("helps"))
    assert "Enrolled in class 8." in page
    assert "One warm room." not in page
    assert "It belongs to the narrative." in page
    assert 'name="words"' not in read(browse("bahar"), address("record_help"))


def test_the_record_says_that_a_suspect_was_met(browse, address, write_down):
    suspect = write_down("Batyr", suspect=True)
    browse("jemal").post(address("record_help"), SCHOOL | {"kind": "home_visit", "met": [suspect.pk.hex]})
    assert "a suspect was there" in read(browse("jemal"), address("helps"))


def test_who_is_not_in_the_circle_reads_nothing(browse, address):
    browse("jemal").post(address("record_help"), SCHOOL)
    assert browse("dowlet").get(address("helps")).status_code == 404
    assert browse("irina").get(address("helps")).status_code == 403


def test_the_page_costs_the_same_with_two_rows_and_with_twenty(browse, address, case, actor, write_down):
    aunt, jemal = write_down(), browse("jemal")
    costs = []
    for count in (2, 18):
        for _number in range(count):
            day = case.opened_in
            record_help(case, kind="school", on=day, what="x", result="done", met=[aunt.pk.hex], actor=actor("jemal"))
        with counting() as queries:
            read(jemal, address("helps"))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 12


def test_an_erasure_takes_all_of_this_room_and_leaves_the_sums_of_budgets(case, spend, actor, write_down, cast):
    row = spend()
    spending.take_back(case, spending=spend(), reason="Twice.", actor=actor("jemal"))
    aunt = write_down()
    ties.place_person(case, person=aunt, ring="household", safe="yes", actor=actor("jemal"))
    assess(case, actor, asked(case, actor, person=aunt.pk.hex))
    record_help(case, kind="school", on=case.opened_in, what="x", result="done", actor=actor("jemal"))
    erasing = Erasing([case.subject_id], cast.now)
    erase(erasing)
    assert row.pk in erasing.refs
    for model in (FamilyStep, Help, Spending, Tie):
        assert not model.objects.exists()
    assert open_sealed(Budget.objects.get(), "spent") == {"2026-11": {"goods": 25050}}, "the sum names no child"


def test_the_section_begins_with_the_newest_assessment_of_needs(browse, case, cast):
    jemal = browse("jemal")
    page = read(jemal, case.get_absolute_url(), section="social")
    assert "No needs are assessed yet." in page
    assert reverse("cases.fill_form", args=[case, "needs"]) in page
    version = kept.current("needs")
    filling = Filling.begin(kept.form_of(version), language="en", now=cast.now, zone=UTC)
    needed = {"assessed_on": "2026-11-20"}
    for question in kept.form_of(version).questions.values():
        if question.name in needed:
            filling.put(question.path, needed[question.name])
    told = {"instance": filling.instance(), "instance_id": filling.instance_id, "from_phone": True}
    record_form(case, version=version, language="en", actor=cast.actor("jemal"), **told)
    page = read(jemal, case.get_absolute_url(), section="social")
    assert "The newest assessment of needs" in page
    assert reverse("cases.record", args=[case, 1]) in page


@pytest.mark.parametrize("how", [lambda one: {"met": [one.pk.hex]}, lambda one: {"where": "Батыр Оразов"}])
def test_who_became_a_suspect_after_they_were_met_is_flagged_all_the_same(
    browse, address, case, actor, write_down, how
):
    neighbour, jemal = write_down("Batyr Orazow"), browse("jemal")
    jemal.post(address("record_help"), SCHOOL | {"kind": "accompaniment", **how(neighbour)})
    assert "a suspect was there" not in read(jemal, address("helps"))
    persons.suspect(case, person=neighbour, reason="Took money.", actor=actor("jemal"))
    assert "a suspect was there" in read(jemal, address("helps"))


def test_that_a_suspect_was_met_is_told_to_who_sees_safety_alone(browse, address, case, cast, write_down):
    bring_in(case, cast, "selbi", Relation.LAWYER, parts={Part.PLAN, Part.CONTACTS})
    suspect = write_down("Batyr", suspect=True)
    browse("jemal").post(address("record_help"), SCHOOL | {"kind": "home_visit", "met": [suspect.pk.hex]})
    page = read(browse("selbi"), address("helps"))
    assert "Enrolled in class 8." in page
    assert "a suspect was there" not in page
