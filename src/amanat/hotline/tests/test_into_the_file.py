"""What the file of a child gets of its calls, also later; and that a call of danger now does not end unheard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from amanat.access.files import open_file
from amanat.access.policy import Part
from amanat.cases import steps, timeline
from amanat.cases.actions.alerting import take_alert
from amanat.cases.actions.changing import change_risk
from amanat.cases.models import Alert, Case, DueStep, EventKind
from amanat.hotline.actions import calling
from amanat.hotline.actions.linking import move_call
from amanat.hotline.actions.opening import open_case
from amanat.hotline.models import Call
from amanat.hotline.tests.crew import called
from amanat.people.models import DutyPlace
from tests.cast import Cast

pytestmark = [pytest.mark.django_db, pytest.mark.sqlcipher_only]
Browse = Callable[..., Client]
WAY_BACK = {
    "number": "+99365123456",
    "may_call_back": "yes",
    "call_back_when": "after four",
    "code_word": "pomegranate",
}


@pytest.fixture
def call(cast: Cast) -> Call:
    """The second call of a matter; in the first one somebody told of the journey, and how to call back."""
    nurana = cast.actor("nurana")
    first = called(nurana, summary="She leaves on Friday.", destination="TR", recruiter="Rejep", **WAY_BACK)
    DutyPlace.objects.create(agency=cast["jemal"].agency, membership=cast["jemal"], order=1)
    return called(nurana, matter=first.matter, end=False, summary="A man waits.", **WAY_BACK)


def opened(cast: Cast, call: Call, priority: str = "P1") -> Case:
    return open_case(
        call,
        identity={"names": [], "sex": ""},
        contacts={},
        risk="critical",
        priority=priority,
        what_happened="Help",
        actor=cast.actor("nurana"),
    )


def taken(cast: Cast, case: Case) -> None:
    take_alert(Alert.objects.get(case=case), actor=cast.actor("jemal"))


def told(cast: Cast, name: str, case: Case) -> str:
    """All that lines from calls say to this reader."""
    case = Case.objects.select_related("subject", "child", "agency").get(pk=case.pk)
    events = case.events.filter(kind=EventKind.FROM_CALL).select_related("author__user", "author__agency")
    lines = timeline.lines(open_file(cast.actor(name), case), events)
    return repr([(line.text.text, [(str(key), value) for key, value in line.told]) for line in lines])


def test_who_takes_the_case_reads_all_calls_of_the_matter_and_how_to_call_back(cast: Cast, call: Call) -> None:
    case = opened(cast, call)
    taken(cast, case)
    said = told(cast, "jemal", case)
    for word in ("She leaves on Friday.", "A man waits.", "Türkiye", "Rejep", *WAY_BACK.values()):
        assert word.replace("yes", "Yes") in said, word
    contacts = open_file(cast.actor("jemal"), case).open(case.child, "contacts")
    assert contacts["safe_contact"].splitlines() == [
        "+99365123456",
        "after four",
        "pomegranate",
        "If somebody else picks up: say nothing, hang up.",
    ]
    assert {event.part for event in case.events.filter(kind=EventKind.FROM_CALL)} == {Part.EXISTENCE, Part.CONTACTS}


def test_what_is_written_after_the_alarm_and_a_later_call_of_the_matter_reach_the_file(cast: Cast, call: Call) -> None:
    case, nurana = opened(cast, call), cast.actor("nurana")
    taken(cast, case)
    assert not open_file(nurana, case).exists
    lines = case.events.count()
    calling.write_call(call, summary="The flight is at 18:40.", actor=nurana)
    calling.write_call(call, summary="The flight is at 18:40.", actor=nurana)
    assert case.events.count() == lines + 1
    other = called(nurana, summary="Her mother calls again.")
    move_call(other.matter, call=other, siblings=[call.matter], actor=nurana)
    said = told(cast, "jemal", case)
    assert "The flight is at 18:40." in said
    assert "Her mother calls again." in said


def test_a_case_in_danger_now_has_a_quarter_of_an_hour_until_somebody_says_it_is_done(cast: Cast, call: Call) -> None:
    case = opened(cast, call)
    assert DueStep.objects.get(case=case, step="danger_now").due == cast.now + timedelta(minutes=15)
    assert (case.next_due, case.next_step) == (cast.now + timedelta(minutes=15), "danger_now")
    taken(cast, case)
    (first, *_rest) = steps.due(open_file(cast.actor("jemal"), case))
    assert (first.step.name, first.step.verified) == ("danger_now", False)
    soon = cast.actor("jemal", cast.now + timedelta(hours=1))
    change_risk(case, risk="high", priority="P2", reason="She is with her aunt.", actor=soon)
    assert not DueStep.objects.filter(case=case, step="danger_now").exists()
    later = cast.actor("jemal", cast.now + timedelta(hours=5))
    change_risk(case, risk="critical", priority="P1", reason="He came back.", actor=later)
    assert DueStep.objects.get(case=case, step="danger_now").due == later.now + timedelta(minutes=15)


def test_a_call_of_danger_now_that_alerted_nobody_says_so_and_does_not_end_unasked(browse: Browse, call: Call) -> None:
    client, address = browse("nurana"), f"/calls/{call.pk.hex}"

    def press(do: str = "") -> str:
        sent: dict[str, Any] = {"channel": "phone", "seen": Call.objects.get(pk=call.pk).version, "priority": "P1"}
        return client.post(address, sent | {"do": do}, follow=True).content.decode()

    unheard = "This call is P1, and nobody is alerted yet"
    assert unheard in press()
    asked = press("advised")
    assert asked.index('value="emergency"') < asked.index('value="advised:unalerted"')
    assert Call.objects.get(pk=call.pk).ended_at is None
    assert unheard in press("advised:unalerted")
    assert Call.objects.get(pk=call.pk).outcome == "advised"


def test_after_the_alarm_the_call_says_what_the_file_gets(browse: Browse, cast: Cast, call: Call) -> None:
    opened(cast, call)
    page = browse("nurana").get(f"/calls/{call.pk.hex}").content.decode()
    assert "nobody is alerted yet" not in page
    assert "What you save here is added to the file at once" in page
