"""Visits: who comes was approved, is somebody whom we know, and no suspect; the child's wish counts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from amanat.access.files import open_file
from amanat.cases.actions.persons import record_person, suspect
from amanat.cases.models import Alert, EventKind, Task
from amanat.cases.timeline import lines
from amanat.centre import visits
from amanat.centre.actions.visits import SuspectMayNotVisit, decide_visit, record_visit
from amanat.centre.models import Visit, VisitState
from amanat.centre.tests.housed import a_house
from amanat.centre.tests.on_shift import in_circle, resident
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError, Refused


@pytest.fixture
def aunt(cast, case):
    resident(cast, case, a_house(cast))
    in_circle(cast, case)
    return record_person(case, name="Ogulnar", relation="relative", actor=cast.actor("jemal"))


def decided(cast, case, *who, by="bahar", **more):
    told = {
        "at": cast.now + timedelta(hours=1),
        "verdict": "approved",
        "wish": "wants",
        "supervised": True,
        "supervisor": "Bahar",
    }
    return decide_visit(case, who=[one.pk.hex for one in who], actor=cast.actor(by), **told | more)


def test_an_aunt_is_approved_comes_and_it_is_written_down(cast, case, aunt):
    visit = decided(cast, case, aunt, wish_words="I miss her.")
    later = cast.now + timedelta(hours=3)
    record_visit(
        case, visit=visit, took_place=True, came=[aunt.pk.hex], words="They talked.", actor=cast.actor("bahar", later)
    )
    told = visits.visit_of(open_file(cast.actor("jemal"), case), visit.pk)
    assert (told.row.state, [one.name.text for one in told.came]) == (VisitState.HELD, ["Ogulnar"])
    assert told.wish_words.text == "I miss her."
    kinds = set(case.events.values_list("kind", flat=True))
    assert {EventKind.VISIT_DECIDED, EventKind.VISITED} <= kinds


@pytest.mark.parametrize("verdict", [VisitState.APPROVED, VisitState.REFUSED])
def test_the_timeline_says_what_was_decided_of_a_visit_and_names_the_visitor_alone(cast, case, aunt, verdict):
    decided(cast, case, aunt, verdict=verdict, reason="She will come next week.")
    event = case.events.get(kind=EventKind.VISIT_DECIDED)
    told = {str(name): value for name, value in lines(open_file(cast.actor("jemal"), case), [event])[0].told}
    assert told == {"To": "Ogulnar", "Decision": verdict.label}


def test_a_suspect_is_not_approved_but_can_be_refused(cast, case, aunt):
    suspect(case, person=aunt, reason="Sent her abroad.", actor=cast.actor("jemal"))
    with pytest.raises(SuspectMayNotVisit):
        decided(cast, case, aunt)
    assert decided(cast, case, aunt, verdict="refused", reason="A suspect.").state == VisitState.REFUSED


def test_nobody_comes_who_is_not_on_the_list(cast, case, aunt):
    with pytest.raises(SuspectMayNotVisit):
        decide_visit(
            case,
            who=["0" * 32],
            at=cast.now + timedelta(hours=1),
            verdict="approved",
            wish="wants",
            supervisor="Bahar",
            actor=cast.actor("bahar"),
        )


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"verdict": "refused"}, "reason"),
        ({"wish": "not"}, "reason"),
        ({"supervisor": ""}, "supervisor"),
    ],
)
def test_what_a_decision_lacks_is_asked_for(cast, case, aunt, more, field):
    with pytest.raises(PersonFacingError) as told:
        decided(cast, case, aunt, **more)
    assert told.value.field == field


def test_a_visit_is_not_approved_for_a_time_that_has_passed(cast, case, aunt):
    with pytest.raises(PersonFacingError):
        decided(cast, case, aunt, at=cast.now - timedelta(hours=1))


def test_a_visit_that_lies_ahead_or_was_refused_did_not_take_place(cast, case, aunt):
    visit = decided(cast, case, aunt)
    with pytest.raises(PersonFacingError):
        record_visit(case, visit=visit, took_place=True, came=[aunt.pk.hex], words="x", actor=cast.actor("bahar"))
    refused = decided(cast, case, aunt, verdict="refused", reason="Too soon.")
    with pytest.raises(PersonFacingError):
        record_visit(case, visit=refused, took_place=False, words="x", actor=cast.actor("bahar"))


def test_where_somebody_came_who_is_a_suspect_by_then_it_is_kept_and_the_duty_list_is_told(cast, case, aunt):
    visit = decided(cast, case, aunt)
    suspect(case, person=aunt, reason="Sent her abroad.", actor=cast.actor("jemal"))
    later = cast.actor("bahar", cast.now + timedelta(hours=2))
    record_visit(case, visit=visit, took_place=True, came=[aunt.pk.hex], words="She was at the door.", actor=later)
    assert Alert.objects.get().kind == "p1"


def test_a_supervisor_of_another_agency_decides_nothing(cast, case, aunt):
    with pytest.raises(Refused):
        decided(cast, case, aunt, by="elena")


def test_the_pages_decide_and_write_down(cast, case, aunt, browse):
    bahar = browse("bahar")
    sent = {
        "who": [aunt.pk.hex],
        "at": "2026-11-24T14:00",
        "wish": "wants",
        "verdict": "approved",
        "supervised": "on",
        "supervisor": "Bahar",
    }
    assert bahar.get(reverse("centre.decide_visit", args=[case])).status_code == 200
    past = bahar.post(reverse("centre.decide_visit", args=[case]), sent | {"at": "2026-11-24T08:00"})
    assert "This time has passed." in past.content.decode()
    assert bahar.post(reverse("centre.decide_visit", args=[case]), sent | {"at": "2026-11-25T14:00"}).status_code == 302
    visit = Visit.objects.get()
    assert "Ogulnar" in bahar.get(reverse("centre.visits", args=[case])).content.decode()
    record = reverse("centre.record_visit", args=[case, visit.pk])
    assert bahar.get(record).status_code == 200
    assert bahar.post(record, {"took_place": "no", "words": "She was ill."}).status_code == 302
    visit.refresh_from_db()
    assert visit.state == VisitState.NOT_HELD


def test_a_visit_that_lies_ahead_is_flagged_once_its_visitor_is_a_suspect(cast, case, aunt):
    decided(cast, case, aunt)
    suspect(case, person=aunt, reason="Sent her abroad.", actor=cast.actor("jemal"))
    assert any("Call it off" in str(open_sealed(task, "text")) for task in Task.objects.filter(case=case))
