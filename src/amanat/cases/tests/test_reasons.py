"""Why a case was opened, moved, closed belongs to a part: who only knows of the file reads that it happened, and no reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from amanat.access.actor import Actor
from amanat.access.files import Closed, File, open_file
from amanat.access.policy import PARTS, SEEING, Part, Relation
from amanat.cases.actions import changing, emergency, guarding, registering, steps
from amanat.cases.actions.alerting import raise_alert
from amanat.cases.actions.marking import WORDS, mark
from amanat.cases.actions.settling import taken
from amanat.cases.models import AlertKind, Case, Event, EventKind, Stage
from amanat.cases.tests.looking import bring_in, read
from amanat.vault.sealing import open_sealed
from tests.cast import Cast

pytestmark = pytest.mark.django_db

REASON = "Her uncle told the neighbours everything."
Act = Callable[[Case, Actor], Any]


def alarm(case: Case, jemal: Actor) -> None:
    """An alert that somebody has taken: one that waits keeps the case open."""
    taken(raise_alert(case, kind=AlertKind.SELF_HARM, words=REASON, actor=jemal), jemal.membership, jemal)


ACTS: dict[EventKind, Act] = {
    EventKind.RISK_CHANGED: lambda case, jemal: changing.change_risk(
        case, risk="high", priority="P1", reason=REASON, actor=jemal
    ),
    EventKind.STAGE_MOVED: lambda case, jemal: changing.move_stage(
        case, stage=Stage.ASSISTANCE, reason=REASON, actor=jemal
    ),
    EventKind.FROM_CALL: lambda case, jemal: mark(case, EventKind.FROM_CALL, jemal, text=REASON),
    EventKind.ALERT_RAISED: alarm,
    EventKind.RENAMED: lambda case, jemal: changing.rename(case, reason=REASON, actor=jemal),
    EventKind.PROTECTED: lambda case, jemal: changing.protect(case, protected=True, reason=REASON, actor=jemal),
    EventKind.UNPROTECTED: lambda case, jemal: changing.protect(case, protected=False, reason=REASON, actor=jemal),
    EventKind.STEP_DONE: lambda case, jemal: steps.finish_step(case, step="guardian", text=REASON, actor=jemal),
    EventKind.STEP_WAIVED: lambda case, jemal: steps.waive_step(case, step="safety_plan", reason=REASON, actor=jemal),
    EventKind.STEP_TAKEN_BACK: lambda case, jemal: steps.take_back_step(
        case, step="safety_plan", reason=REASON, actor=jemal
    ),
    # What rooms of the floor above write.
    EventKind.TRANSFERRED: lambda case, jemal: mark(case, EventKind.TRANSFERRED, jemal, text=REASON),
    EventKind.CONFERENCE_CANCELLED: lambda case, jemal: mark(case, EventKind.CONFERENCE_CANCELLED, jemal, text=REASON),
    EventKind.CLOSED: lambda case, jemal: changing.close(case, why="lost_contact", reason=REASON, actor=jemal),
    EventKind.REOPENED: lambda case, jemal: changing.reopen(case, why="contact_regained", reason=REASON, actor=jemal),
}


@pytest.fixture
def worded(cast: Cast, actor: Callable[..., Actor], case: Case) -> Case:
    """A case on which everything has happened that is said with a reason; Harbour Legal Aid may see the plan alone."""
    jemal = actor("jemal")
    registering.open_case(case, risk="low", priority="P4", reason=REASON, actor=jemal)
    for act in ACTS.values():
        act(case, jemal)
    bring_in(case, cast, "selbi", Relation.LAWYER, parts=[Part.PLAN])
    return case


def events(case: Case) -> list[Event]:
    return list(Event.objects.select_related("subject").filter(case=case, kind__in=WORDS))


def test_each_of_these_lines_was_written(worded: Case) -> None:
    assert {event.kind for event in events(worded)} == {kind.value for kind in WORDS} == {EventKind.OPENED, *ACTS}


def test_no_reason_stands_where_everybody_reads_who_knows_of_the_file(worded: Case) -> None:
    for event in events(worded):
        assert not {"text", "why", "why_again"} & (open_sealed(event, "note") or {}).keys()
        assert open_sealed(event, "words")["text"] == REASON


@pytest.mark.parametrize("relation", Relation)
def test_a_reason_opens_to_whoever_sees_its_part_and_to_nobody_else(
    actor: Callable[..., Actor], worded: Case, relation: Relation
) -> None:
    file = File(actor("jemal"), worded, frozenset({relation}))
    for event in events(worded):
        part = WORDS[EventKind(event.kind)]
        if PARTS[part][relation] in SEEING:
            assert file.open(event, "words")["text"] == REASON
        else:
            with pytest.raises(Closed):
                file.open(event, "words")


def test_the_timeline_gives_the_reasons_to_the_case_manager(browse: Callable[..., Client], worded: Case) -> None:
    page = read(browse("jemal"), worded.get_absolute_url())
    assert page.count(REASON) == len(WORDS)
    assert "closed to you" not in page


def test_a_partner_with_the_plan_alone_reads_what_happened_and_no_reason(
    browse: Callable[..., Client], worded: Case
) -> None:
    page = read(browse("selbi"), worded.get_absolute_url())
    assert "Case closed" in page
    assert "closed to you" in page
    for told in (REASON, "Contact was lost", "lost_contact", "contact_regained"):
        assert told not in page


def test_a_supervisor_reads_those_of_the_narrative_after_a_reveal(
    actor: Callable[..., Actor], browse: Callable[..., Client], worded: Case
) -> None:
    of_the_narrative = [kind for kind, part in WORDS.items() if part is Part.NARRATIVE]
    before = read(browse("aman"), worded.get_absolute_url()).count(REASON)
    guarding.reveal(worded, part=Part.NARRATIVE, reason="A complaint.", actor=actor("aman"))
    after = read(browse("aman"), worded.get_absolute_url()).count(REASON)
    assert after - before == len(of_the_narrative)


def test_a_centre_worker_reads_what_concerns_safety(cast: Cast, browse: Callable[..., Client], worded: Case) -> None:
    bring_in(worded, cast, "bahar", Relation.CENTRE_WORKER)
    of_safety = [kind for kind, part in WORDS.items() if part in (Part.SAFETY, Part.REFERRAL_SUMMARY)]
    assert read(browse("bahar"), worded.get_absolute_url()).count(REASON) == len(of_safety)


def test_an_emergency_opens_no_reason_of_the_narrative(actor: Callable[..., Actor], worded: Case) -> None:
    emergency.open_emergency(code_name=worded.child.code_name, reason="She is at our door.", actor=actor("dowlet"))
    file = open_file(actor("dowlet"), worded)
    for event in events(worded):
        assert file.opens(event, "words") is (event.words_part == Part.SAFETY)
