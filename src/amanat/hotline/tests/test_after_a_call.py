"""What follows from a call: a case that is in safe hands, an emergency, a debrief."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from amanat.access.files import open_file, visible_to
from amanat.access.models import Grant
from amanat.access.policy import Part, Relation
from amanat.cases import from_elsewhere
from amanat.cases.actions.alerting import take_alert
from amanat.cases.models import Alert, AlertKind, Case, EventKind
from amanat.cases.shown import name_of
from amanat.hotline.actions import calling, debriefing, ending
from amanat.hotline.actions.matters import hand_over
from amanat.hotline.actions.opening import open_case
from amanat.hotline.matters import handed_to
from amanat.hotline.models import Call, MatterCase, Note, Tally
from amanat.hotline.tests.crew import crew
from amanat.people.models import DutyPlace
from amanat.web.errors import PersonFacingError
from tests.cast import Cast

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]
NAMED: dict[str, Any] = {"identity": {"names": [], "sex": "Feminine"}, "contacts": {"called": "Aýa"}}
NOBODY_KNOWS: dict[str, Any] = {"identity": {"names": [], "sex": ""}, "contacts": {}}


@pytest.fixture
def call(cast: Cast) -> Call:
    call = calling.start(channel="phone", actor=cast.actor("nurana"))
    calling.write_call(call, summary="A man waits for her at the market.", actor=cast.actor("nurana"))
    DutyPlace.objects.create(agency=cast["jemal"].agency, membership=cast["jemal"], order=1)
    return call


def opened(cast: Cast, call: Call, priority: str = "P2", child: dict[str, Any] | None = None) -> Case:
    return open_case(
        call,
        **(child or NAMED),
        risk="high",
        priority=priority,
        what_happened="She is to leave tonight.",
        actor=cast.actor("nurana"),
    )


def stands_as(case: Case, cast: Cast) -> dict[str, str]:
    grants = Grant.objects.active(cast.now).filter(subject=case.subject).select_related("membership__user")
    return {grant.membership.user.username: grant.relation for grant in grants}


def test_the_operator_works_on_the_case_until_somebody_takes_it_and_then_no_longer(cast: Cast, call: Call) -> None:
    case = opened(cast, call)
    assert stands_as(case, cast) == {"nurana": Relation.SOCIAL_WORKER}
    alert = Alert.objects.get(case=case)
    assert alert.kind == AlertKind.NEW_CASE
    take_alert(alert, actor=cast.actor("jemal"))
    assert stands_as(case, cast) == {"jemal": Relation.CASE_MANAGER}
    assert not open_file(cast.actor("nurana"), case).exists
    assert open_file(cast.actor("nurana"), call.matter).exists


def test_the_file_tells_the_circle_what_the_call_said_and_others_only_that_there_was_one(
    cast: Cast, call: Call
) -> None:
    case = opened(cast, call)
    event = case.events.get(kind=EventKind.FROM_CALL)
    event.subject = case.subject
    file = open_file(cast.actor("nurana"), case)
    assert file.open(event, "words") == {"text": "A man waits for her at the market."}
    assert file.open(event, "note") == {"matter": call.matter.code_name}
    assert not open_file(cast.actor("aman"), case).opens(event, "words")


def test_a_child_whose_name_nobody_knows_is_registered_without_one(cast: Cast, call: Call) -> None:
    case = opened(cast, call, child=NOBODY_KNOWS)
    file = open_file(cast.actor("nurana"), case)
    assert name_of(file) is None or name_of(file).text == ""  # type: ignore[union-attr]
    assert file.open(case.child, "contacts") in ({}, None)
    assert case.child.code_name


def test_what_other_rooms_carry_over_is_carried_in_the_same_breath(
    cast: Cast, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[Any, ...]] = []
    monkeypatch.setattr(
        from_elsewhere, "_carried", [lambda source, case, _actor, since: seen.append((source, case, since))]
    )
    case = opened(cast, call)
    other = opened(cast, call)
    assert seen == [(call.matter, case, None), (call.matter, other, cast.now)]


def test_an_end_after_a_case_was_opened_says_so(cast: Cast, call: Call) -> None:
    nurana = cast.actor("nurana")
    opened(cast, call)
    assert ending.end(call, outcome="advised", actor=nurana).outcome == "case_opened"
    again = calling.start(channel="phone", actor=nurana)
    opened(cast, again, "P1")
    assert ending.end(again, outcome="advised", actor=nurana).outcome == "emergency"
    potential = Tally.objects.filter(measure="potential_victim", by="").values_list("count", flat=True)
    assert sum(potential) == 2


def test_an_emergency_is_three_fields_and_one_press(browse: Browse, cast: Cast, call: Call) -> None:
    client = browse("nurana")
    address = f"/calls/{call.pk.hex}"
    page = client.post(address, {"channel": "phone", "seen": 2, "summary": "Help", "do": "emergency"}, follow=True)
    assert page.redirect_chain[-1][0] == f"{address}/emergency"
    assert page.content.decode().count("<textarea") + page.content.decode().count('type="text"') == 3
    client.post(f"{address}/emergency", {"what_happened": "She is locked in.", "where": "", "called": ""})
    case = Case.objects.get()
    alert = Alert.objects.get(case=case)
    assert (case.priority, case.risk, alert.kind) == ("P1", "critical", AlertKind.P1)
    assert alert.told.get().membership == cast["jemal"]
    assert MatterCase.objects.get().matter == call.matter
    assert Call.objects.get().priority == "P1"


def test_a_press_that_was_sent_twice_opens_one_case_and_another_child_is_one_press_more(
    browse: Browse, call: Call
) -> None:
    client, address = browse("nurana"), f"/calls/{call.pk.hex}/emergency"
    sent = {"what_happened": "She is locked in.", "seen": "0"}
    client.post(address, sent)
    page = client.post(address, sent).content.decode()
    assert "A case came out of this matter already." in page
    assert "She is locked in." in page
    assert Case.objects.count() == 1
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    client.post(address, sent | {"seen": seen[1]})
    assert Case.objects.count() == 2


@pytest.mark.sqlcipher_only
def test_what_is_taken_back_of_the_sex_does_not_come_back_from_the_call(browse: Browse, cast: Cast, call: Call) -> None:
    calling.write_call(call, sex="female", actor=cast.actor("nurana"))
    sent = {"risk": "high", "priority": "P3", "what_happened": "She asks for help.", "sex": ""}
    browse("nurana").post(f"/calls/{call.pk.hex}/case", sent)
    case = Case.objects.get()
    assert open_file(cast.actor("nurana"), case).open(case.child, "identity")["sex"] == ""


def test_the_form_of_a_case_asks_for_no_name_and_says_what_is_missing(browse: Browse, call: Call) -> None:
    client = browse("nurana")
    address = f"/calls/{call.pk.hex}/case"
    page = client.post(address, {"birth_year": "12", "what_happened": ""}).content.decode()
    for sentence in (
        "Write what happened. One sentence is enough.",
        "Choose how great the danger is.",
        "Write the year with four digits, for example 2012.",
    ):
        assert sentence in page
    assert not Case.objects.exists()
    client.post(
        address, {"risk": "high", "priority": "P3", "what_happened": "She asks for help.", "family_name": "Orazowa"}
    )
    assert Case.objects.get().priority == "P3"


def test_a_file_that_came_out_of_a_call_stays_closed_to_colleagues(browse: Browse, cast: Cast, call: Call) -> None:
    case = opened(cast, call)
    assert not visible_to(cast.actor("merdan"), Case.objects.filter(pk=case.pk)).exists()
    take_alert(Alert.objects.get(case=case), actor=cast.actor("jemal"))
    page = browse("nurana").get(f"/calls/{call.pk.hex}").content.decode()
    assert case.child.code_name not in page
    assert "A case came out of this matter. It is in a colleague's hands now." in page


def test_after_a_hard_call_the_operator_is_asked_how_it_was(browse: Browse, call: Call) -> None:
    client = browse("nurana")
    fields = {"channel": "phone", "seen": 2, "reasons": ["abuse_violence"], "do": "advised"}
    assert "That was a hard call." in client.post(f"/calls/{call.pk.hex}", fields, follow=True).content.decode()


def test_a_debrief_is_its_authors_own_and_the_supervisor_sees_only_the_wish_to_talk(
    browse: Browse, cast: Cast, call: Call
) -> None:
    client = browse("nurana")
    client.post(f"/calls/{call.pk.hex}/debrief", {"words": "I could not sleep.", "wishes_to_talk": "on"})
    note = Note.objects.get()
    assert "I could not sleep." in client.get(f"/calls/{call.pk.hex}/debrief").content.decode()
    desk = browse("aman").get("/hotline").content.decode()
    assert "Would like to talk with you after a hard call" in desk
    assert "sleep" not in desk
    file = open_file(cast.actor("aman"), call.matter)
    assert not file.sees(Part.DEBRIEF)
    browse("aman").post(f"/notes/{note.pk.hex}/talked")
    note.refresh_from_db()
    assert note.talked_at == cast.now
    assert browse("nurana").post(f"/notes/{note.pk.hex}/talked").status_code == 403


def test_an_empty_debrief_and_talking_twice_get_a_sentence(cast: Cast, call: Call) -> None:
    nurana, aman = cast.actor("nurana"), cast.actor("aman")
    with pytest.raises(PersonFacingError, match="Write a word or two"):
        debriefing.debrief(call, words="", wishes_to_talk=False, actor=nurana)
    note = debriefing.debrief(call, words="", wishes_to_talk=True, actor=nurana)
    debriefing.talked(note, actor=aman)
    with pytest.raises(PersonFacingError, match="Nobody is waiting to talk about this"):
        debriefing.talked(note, actor=aman)


def test_what_was_handed_over_in_a_call_is_its_outcome_and_still_waits_for_its_new_holder(
    cast: Cast, call: Call
) -> None:
    nurana = cast.actor("nurana")
    hand_over(call.matter, to=None, text="Please call her school.", actor=nurana)
    later = cast.actor("nurana", cast.now + timedelta(minutes=3))
    calling.write_call(call, summary="And one more word.", actor=later)
    assert ending.end(call, outcome="advised", actor=later).outcome == "handed_over"
    assert [one.matter for one in handed_to(crew(cast).actor("gul", later.now))] == [call.matter]
