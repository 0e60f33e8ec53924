"""The way to a family: the child is asked first, no suspect is reached, the result follows from what was found."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.urls import reverse

from amanat.access.files import open_file
from amanat.access.models import Conflict
from amanat.access.policy import Part, Relation
from amanat.cases.actions import persons
from amanat.cases.happenings import step_named
from amanat.cases.models import Event, EventKind, Task
from amanat.cases.tests.looking import bring_in, counting, read
from amanat.social.actions import family as acts
from amanat.social.actions.family import IsASuspect
from amanat.social.family import asked_of
from amanat.social.models import FamilyStep
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError
from tests.cast import NOW

pytestmark = pytest.mark.django_db

ON = date(2026, 11, 20)
JUDGED = {"willing": "yes", "able": "yes", "involved": "no"}
TRIED = {"on": "2026-11-21", "means": "phone", "what": "Called the number that the child knows.", "contact": "reached"}
FOUND = {"on": "2026-11-22", "result": "safe", "words": "Two rooms, school near.", **JUDGED}


def asked(case: Any, actor: Any, **more: Any) -> FamilyStep:
    return acts.ask_child(case, **{"on": ON, "answer": "yes"} | more, actor=actor("jemal"))


def assess(case: Any, actor: Any, question: FamilyStep, **more: Any) -> FamilyStep:
    told = {"on": ON, "result": "safe", "words": "Two rooms, school near.", **JUDGED}
    return acts.assess_family(case, asked=question, **told | more, actor=actor("jemal"))


@pytest.fixture
def address(case):
    def of(page, row=None):
        return reverse(f"social.{page}", args=[case, row.pk] if row else [case])

    return of


def test_the_child_is_asked_somebody_is_looked_for_and_the_family_assessed(browse, address, write_down):
    aunt, jemal = write_down(), browse("jemal")
    sent = {"on": "2026-11-20", "person": aunt.pk.hex, "answer": "with_limits", "words": "Only if uncle is away."}
    assert jemal.post(address("ask_child"), sent).status_code == 302
    question = FamilyStep.objects.get()
    assert jemal.post(address("record_try", question), TRIED).status_code == 302
    sent = FOUND | {"household": "Maral Orazowa\nGurban Orazow", "nearby": "School 14"}
    assert jemal.post(address("assess_family", question), sent).status_code == 302
    page = read(jemal, address("family"))
    for told in ("Maral Orazowa", "Only if uncle is away.", "Called the number", "Safe", "Gurban Orazow", "School 14"):
        assert told in page
    assert "Nobody has checked the source" in page
    assert Event.objects.get(kind=EventKind.FAMILY_ASSESSED).part == Part.SAFETY


def test_nothing_is_tried_or_assessed_before_the_day_on_which_the_child_was_asked(browse, address, case, actor):
    question = asked(case, actor, name="Aunt Maral")
    for page, sent in (("record_try", TRIED), ("assess_family", FOUND)):
        answer = browse("jemal").post(address(page, question), sent | {"on": "2026-11-19"}).content.decode()
        assert "This is before the child was asked." in answer
    assert FamilyStep.objects.count() == 1


def test_without_the_question_there_is_no_page_to_try_on(browse, address, case, actor):
    tried = acts.record_try(
        case,
        asked=asked(case, actor, name="Aunt"),
        on=ON,
        means="phone",
        what="x",
        contact="waiting",
        actor=actor("jemal"),
    )
    assert browse("jemal").get(address("record_try", tried)).status_code == 404


def test_where_the_child_said_no_a_ground_is_needed_and_stands_on_the_page(browse, address, case, actor):
    question, jemal = asked(case, actor, name="Father", answer="no"), browse("jemal")
    page = jemal.post(address("assess_family", question), FOUND).content.decode()
    assert "The child did not want this." in page
    assert "Two rooms, school near." in page
    assert (
        jemal.post(address("assess_family", question), FOUND | {"despite": "Ordered by the court."}).status_code == 302
    )
    assert "Ordered by the court." in read(jemal, address("family"))


@pytest.mark.parametrize("name", ["Batyr Orazow", "Батыр Оразов"])
def test_a_suspect_is_not_looked_for_in_whatever_script_the_name_is_written(browse, address, write_down, name):
    suspect = write_down("Batyr Orazow", suspect=True)
    jemal = browse("jemal")
    assert suspect.pk.hex not in read(jemal, address("ask_child"))
    sent = {"on": "2026-11-20", "name": name, "answer": "yes"}
    assert "Recorded as a suspect: Batyr Orazow." in jemal.post(address("ask_child"), sent).content.decode()
    assert not FamilyStep.objects.exists()


def test_who_became_a_suspect_meanwhile_is_reached_no_more_and_only_not_safe_is_recorded(case, actor, write_down):
    aunt = write_down()
    question = asked(case, actor, person=aunt.pk.hex)
    persons.suspect(case, person=aunt, reason="Took money.", actor=actor("jemal"))
    with pytest.raises(IsASuspect):
        acts.record_try(case, asked=question, on=ON, means="phone", what="x", contact="reached", actor=actor("jemal"))
    for result in ("safe", "safe_with_measures"):
        with pytest.raises(IsASuspect):
            assess(case, actor, question, result=result, measures="Visits.")
    assess(case, actor, question, result="not_safe", involved="yes")


def test_a_family_in_which_a_suspect_lives_is_not_called_safe(case, actor, write_down):
    write_down("Batyr Orazow", suspect=True)
    question = asked(case, actor, name="Aunt Maral")
    with pytest.raises(IsASuspect, match="Batyr"):
        assess(case, actor, question, household=["Maral", "Батыр Оразов"])


def test_a_family_that_was_called_safe_is_doubted_once_one_of_them_is_a_suspect(
    browse, address, case, actor, write_down
):
    aunt = write_down()
    assess(case, actor, asked(case, actor, person=aunt.pk.hex))
    assert "Called safe, and" not in read(browse("jemal"), address("family"))
    persons.suspect(case, person=aunt, reason="Took money.", actor=actor("jemal"))
    page = read(browse("jemal"), address("family"))
    assert "Called safe, and somebody of this family is recorded as a suspect" in page
    assert "Nobody goes there on this assessment." in page


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"involved": "unknown"}, "Safe is a family that wants the child"),
        ({"able": "no"}, "Safe is a family that wants the child"),
        ({"willing": ""}, "Answer this, or choose that nobody was found."),
        ({"result": "safe_with_measures"}, "Write the measures that make it safe."),
        ({"on": "2026-11-25"}, "This day has not come yet."),
    ],
)
def test_a_result_that_its_answers_contradict_is_refused_and_nothing_is_lost(
    browse, address, case, actor, changed, sentence
):
    question = asked(case, actor, name="Aunt Maral")
    page = browse("jemal").post(address("assess_family", question), FOUND | changed).content.decode()
    assert sentence in page
    assert "Two rooms, school near." in page
    assert FamilyStep.objects.count() == 1


def test_where_nobody_was_found_the_other_questions_may_stay_open(case, actor):
    question = asked(case, actor, name="Aunt Maral")
    assess(case, actor, question, result="not_traced", willing="", able="", involved="")
    told = asked_of(open_file(actor("jemal"), case), question.pk)
    assert told is not None
    assert told.newest is not None
    assert told.newest.held["result"] == "not_traced"


def test_an_assessment_finishes_the_step_of_the_procedure_and_a_question_does_not():
    step = step_named("family_assessment")
    assert step is not None
    assert EventKind.FAMILY_ASSESSED in step.finished_by


def test_the_newest_assessment_holds_by_its_day(browse, address, case, actor):
    question = asked(case, actor, name="Aunt Maral")
    assess(case, actor, question, on=ON + timedelta(days=3), result="not_safe")
    assess(case, actor, question, on=ON)
    told = asked_of(open_file(actor("jemal"), case), question.pk)
    assert told is not None
    assert told.newest is not None
    assert told.newest.held["result"] == "not_safe"


def test_nobody_is_named_is_refused(case, actor):
    with pytest.raises(PersonFacingError, match="Choose somebody"):
        asked(case, actor)


def test_who_does_not_see_safety_sees_nothing_of_it_and_who_only_sees_it_records_nothing(
    browse, address, case, cast, actor
):
    question = asked(case, actor, name="Aunt Maral")
    bring_in(case, cast, "sona", Relation.HEALTH_WORKER)
    assert "Aunt Maral" in read(browse("sona"), address("family"))
    assert browse("sona").get(address("assess_family", question)).status_code == 403
    assert browse("irina").get(address("family")).status_code == 403
    assert browse("dowlet").get(address("family")).status_code == 404


def test_the_page_costs_the_same_with_two_questions_and_with_ten(browse, address, case, actor):
    jemal, costs = browse("jemal"), []
    for count in (2, 8):
        for number in range(count):
            assess(case, actor, asked(case, actor, name=f"Family {number}"))
        with counting() as queries:
            read(jemal, address("family"))
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 12


@pytest.mark.parametrize("how", ["person", "household"])
def test_a_family_that_was_called_safe_is_to_be_assessed_anew_once_one_of_it_is_a_suspect(case, actor, write_down, how):
    aunt = write_down()
    if how == "person":
        assess(case, actor, asked(case, actor, person=aunt.pk.hex))
    else:
        assess(case, actor, asked(case, actor, name="The family in Mary"), household=["Марал Оразова"])
    write_down("Batyr", suspect=True)
    assert not Task.objects.exists()
    persons.suspect(case, person=aunt, reason="Took money.", actor=actor("jemal"))
    task = Task.objects.get()
    task.subject = case.subject
    assert "Assess the family anew." in open_sealed(task, "text")


def test_whoever_sees_nothing_of_the_families_says_all_the_same_that_somebody_is_a_suspect(
    case, cast, actor, write_down
):
    aunt = write_down()
    assess(case, actor, asked(case, actor, person=aunt.pk.hex))
    Conflict.objects.create(
        subject=case.subject, user=cast["jemal"].user, part=Part.SAFETY, recorded_by=cast["aman"], recorded_at=NOW
    )
    persons.suspect(case, person=aunt, reason="Took money.", actor=actor("jemal"))
    aunt.refresh_from_db()
    assert aunt.suspicion
