"""The advice cards beside a call: found by what is known of a journey, marked as read out, and sent without anybody's name."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from amanat.access.files import open_file
from amanat.hotline import advice
from amanat.hotline.actions.advising import read_out
from amanat.hotline.actions.calling import write_call
from amanat.hotline.models import Call
from amanat.hotline.tests.crew import called, crew
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import Cast

pytestmark = pytest.mark.sqlcipher_only  # the same rows on both
Browse = Callable[..., Client]


@pytest.fixture
def people(cast: Cast) -> Cast:
    return crew(cast)


@pytest.fixture
def call(people: Cast) -> Call:
    return called(people.actor("nurana"), end=False, purpose="study", minor=True, caller_name="Ogulnur")


def shown(people: Cast, call: Call) -> advice.Panel:
    return advice.panel(open_file(people.actor("nurana"), call.matter), call)


def test_a_situation_that_was_chosen_beside_the_form_outweighs_its_purpose_and_any_situation_does_not() -> None:
    asked = advice.Asked.of({"destination": "", "situation": "online", "purpose": "study"}, {})
    assert asked.situation == "online"
    assert advice.Asked.of({"destination": "", "situation": "", "purpose": "study"}, {}).situation == "study"


def test_what_the_call_says_of_the_journey_chooses_the_cards(people: Cast, call: Call) -> None:
    assert {"study_offer", "child_alone"} <= {one.card.code for one in shown(people, call).cards}
    assert "somebody_missing" not in {one.card.code for one in shown(people, call).cards}


def test_where_nothing_is_known_all_cards_are_there_once_somebody_asks(people: Cast) -> None:
    call = called(people.actor("nurana"), end=False)
    assert shown(people, call).cards == []
    panel = advice.panel(open_file(people.actor("nurana"), call.matter), call, {})
    assert {"study_offer", "somebody_missing"} <= {one.card.code for one in panel.cards}


def test_a_card_that_was_read_out_stands_in_the_call_and_first_and_can_be_taken_back(people: Cast, call: Call) -> None:
    actor = people.actor("nurana")
    read_out(call, card="somebody_missing", actor=actor)
    read_out(call, card="somebody_missing", actor=actor)
    assert open_file(actor, call.matter).open(call, "content")["cards"] == ["somebody_missing"]
    assert next((one.card.code, one.was_read) for one in shown(people, call).cards) == ("somebody_missing", True)
    read_out(call, card="somebody_missing", was_read=False, actor=actor)
    assert open_file(actor, call.matter).open(call, "content")["cards"] == []


def test_what_is_typed_meanwhile_is_saved_beside_it(people: Cast, call: Call) -> None:
    actor, seen = people.actor("nurana"), call.version
    read_out(Call.objects.select_related("matter__agency", "subject").get(pk=call.pk), card="contract", actor=actor)
    fresh = Call.objects.select_related("matter__agency", "matter__subject", "subject").get(pk=call.pk)
    write_call(fresh, summary="typed", seen=seen, actor=actor)
    content = open_file(actor, fresh.matter).open(fresh, "content")
    assert (content["summary"], content["cards"]) == ("typed", ["contract"])


def test_a_card_that_the_pack_does_not_have_is_refused(people: Cast, call: Call) -> None:
    with pytest.raises(PersonFacingError, match="no such card"):
        read_out(call, card="Ogulnur", actor=people.actor("nurana"))


@pytest.mark.parametrize("name", ["aman", "lale", "kerim"])
def test_whoever_does_not_write_calls_marks_none(people: Cast, call: Call, name: str) -> None:
    with pytest.raises(Refused):
        read_out(call, card="contract", actor=people.actor(name))


def test_the_panel_is_a_piece_or_a_page_and_marks_by_a_press(people: Cast, call: Call, browse: Browse) -> None:
    client, at = browse("nurana"), f"/calls/{call.pk.hex}/advice"
    page = client.get(at, {"situation": "missing"}).content.decode()
    assert "<h1>" in page
    assert "Somebody does not answer any more" in page
    assert "Do not sign what" not in page
    piece = client.get(at, {"destination": "TR", "purpose": "work"}, headers={"HX-Request": "true"}).content.decode()
    assert "<h1>" not in piece
    assert "Is the offer of work true?" in piece
    answer = client.post(at, {"card": "contract", "situation": "contract"})
    assert (answer.status_code, answer["Location"]) == (302, f"{at}?destination=&situation=contract")
    piece = client.post(at, {"card": "contract", "read": "0"}, headers={"HX-Request": "true"}).content.decode()
    assert "Not read out after all" not in piece


def test_what_is_sent_names_nobody(people: Cast, call: Call, browse: Browse) -> None:
    told = browse("nurana").get(f"/calls/{call.pk.hex}/advice", headers={"HX-Request": "true"}).content.decode()
    assert "Text to send" in told
    for words in ("Ogulnur", call.matter.code_name, "Nurana"):
        assert words not in told
