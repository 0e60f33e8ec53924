"""The desk and the page of a call: what stands there, and what a press does."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from amanat.access.models import Draft
from amanat.hotline import marks
from amanat.hotline.actions import calling
from amanat.hotline.beginning import begin_call, begin_matter
from amanat.hotline.models import Call, CallState
from amanat.hotline.tests.crew import told
from tests.cast import Cast

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]
NUMBER = "+99365123456"


@pytest.fixture
def call(cast: Cast) -> Call:
    """Nurana is in talk."""
    return calling.start(channel="phone", actor=cast.actor("nurana"))


def address(call: Call, rest: str = "") -> str:
    return f"/calls/{call.pk.hex}{rest}"


def ring(cast: Cast, number: str = "") -> Call:
    now = cast.now - timedelta(seconds=20)
    call = begin_call(
        begin_matter(cast["nurana"].agency, now), "phone", now, state=CallState.RINGING, number=number or None
    )
    if number:
        marks.mark_caller(call, number)
    return call


def sent(call: Call, **fields: Any) -> dict[str, Any]:
    return {"channel": "phone", "seen": Call.objects.get(pk=call.pk).version, **fields}


def test_one_press_on_the_desk_starts_a_call_and_shows_its_page(browse: Browse) -> None:
    page = browse("nurana").post("/hotline/start", follow=True)
    call = Call.objects.get()
    assert page.redirect_chain[-1][0] == address(call)
    assert "in talk" in page.content.decode()


def test_a_call_rings_on_the_desk_with_who_calls_and_how_often_before(browse: Browse, cast: Cast) -> None:
    ring(cast, NUMBER)
    calling.answer(Call.objects.get(), actor=cast.actor("nurana"))
    ring(cast, NUMBER)
    page = browse("nurana").get("/hotline").content.decode()
    assert "+993 65 123456" in page
    assert "This number called 1 time before." in page


def test_a_press_on_answer_too_late_says_who_was_faster(browse: Browse, cast: Cast) -> None:
    call = ring(cast)
    calling.answer(call, actor=cast.actor("nurana"))
    page = browse("nurana").post(address(call, "/answer"), follow=True).content.decode()
    assert "Nurana answered this call already." in page


@pytest.mark.parametrize(
    "do", ["hold", "advised", "silent", "abusive", "test", "wrong_number", "call_back", "hand_over"]
)
def test_what_is_pressed_saves_first(browse: Browse, cast: Cast, call: Call, do: str) -> None:
    browse("nurana").post(address(call), sent(call, summary="She is afraid.", do=do))
    assert told(call, cast.actor("nurana"))["summary"] == "She is afraid."


def test_an_end_by_mistake_is_taken_back_from_the_desk_for_a_quarter_of_an_hour(
    browse: Browse, cast: Cast, call: Call
) -> None:
    client = browse("nurana")
    page = client.post(address(call), sent(call, do="wrong_number"), follow=True).content.decode()
    assert "The call has ended: wrong number." in page
    client.post(address(call, "/go-on"))
    assert Call.objects.get().state == CallState.TALKING
    client.post(address(call), sent(call, do="wrong_number"))
    Call.objects.update(ended_at=cast.now - timedelta(minutes=16))
    page = client.post(address(call, "/go-on"), follow=True).content.decode()
    assert "This call ended too long ago to go on with it." in page


def test_a_call_that_has_ended_does_not_end_again(browse: Browse, call: Call) -> None:
    client = browse("nurana")
    client.post(address(call), sent(call, do="advised"))
    page = client.post(address(call), sent(call, summary="More", do="silent"), follow=True).content.decode()
    assert "This call has ended." in page
    assert Call.objects.get().outcome == "advised"


def test_an_odd_number_is_kept_and_said_to_be_odd(browse: Browse, cast: Cast, call: Call) -> None:
    page = browse("nurana").post(address(call), sent(call, number="the number of her aunt"), follow=True)
    assert "It does not look like a whole one" in page.content.decode()
    assert told(call, cast.actor("nurana"))["number"] == "the number of her aunt"


def test_all_fields_come_back_as_they_were_sent(browse: Browse, cast: Cast, call: Call) -> None:
    fields = {
        "channel": "chat",
        "language": "tk",
        "caller_type": "parent",
        "caller_name": "Ogulbeg",
        "number": NUMBER,
        "anonymous": "on",
        "may_call_back": "yes",
        "call_back_when": "after six",
        "call_back_how": "ask for the dressmaker",
        "code_word": "linden",
        "call_back_others": "nothing",
        "region": "abroad",
        "reasons": ["missing", "safe_migration"],
        "age": "from_15_to_17",
        "sex": "Feminine",
        "priority": "P2",
        "summary": "Her daughter is to leave on Friday.",
        "destination": "TR",
        "purpose": "work",
        "recruiter": "Oraz",
        "recruiter_phone": "865111111",
        "contract": "spoken",
        "documents": "given_away",
        "red_flags": ["hurry", "debt"],
        "minor": "on",
    }
    client = browse("nurana")
    client.post(address(call), sent(call) | fields)
    assert told(call, cast.actor("nurana")) == {**fields, "anonymous": True, "minor": True}
    page = client.get(address(call)).content.decode()
    assert all(text in page for text in ("dressmaker", "linden", "These times are not verified."))
    assert 'value="P2" id="id_priority_2" checked' in page or "checked" in page.split('value="P2"')[1][:60]
    assert Call.objects.get().matter.priority == "P2"


def test_what_was_typed_and_not_sent_is_there_again(browse: Browse, call: Call) -> None:
    client = browse("nurana")
    client.post("/draft", {"page": address(call), "body": "channel=phone&seen=1&summary=Half+a+sentence"})
    assert "Half a sentence" in client.get(address(call)).content.decode()
    client.post(address(call), sent(call, summary="A whole sentence", do="hold"))
    assert not Draft.objects.exists()


def test_what_is_sent_when_the_sign_in_has_run_out_is_there_after_the_next(browse: Browse, call: Call) -> None:
    client = browse("nurana")
    client.get("/account/locked")
    assert client.post(address(call), sent(call, summary="In the middle", do="advised")).status_code == 302
    assert Call.objects.get().state == CallState.TALKING
    assert "In the middle" in browse("nurana").get(address(call)).content.decode()


def test_of_another_hotline_and_without_that_role_there_is_no_call(browse: Browse, call: Call) -> None:
    for name in ("dowlet", "selbi", "jemal", "irina"):
        assert browse(name).get(address(call)).status_code == 404
    assert browse("aman").get(address(call)).status_code == 403
    assert browse("aman").get("/hotline").status_code == 200
    assert browse("jemal").get("/hotline").status_code == 404


def test_a_call_is_offered_to_another_operator_to_take_on(browse: Browse, cast: Cast, call: Call) -> None:
    Call.objects.update(operator=cast["merdan"])
    page = browse("nurana").get(address(call)).content.decode()
    assert "Merdan is in talk here." in page
    assert f"/matters/{call.matter.pk.hex}" in page


def test_the_desk_asks_the_same_few_questions_however_much_waits(browse: Browse, cast: Cast) -> None:
    client = browse("nurana")
    counts = []
    for number in range(2):
        for last in range(3 if number else 1):
            ring(cast, f"{NUMBER[:-1]}{last}")
        calling.start(channel="phone", actor=cast.actor("nurana"))
        begin_matter(cast["nurana"].agency, cast.now, call_back_at=cast.now)
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/hotline").status_code == 200
        counts.append(len(asked))
    assert counts[1] <= 12, [one["sql"][:150] for one in asked]
    assert counts[0] == counts[1]


def test_the_region_of_the_desk_comes_anew_only_where_something_changed(browse: Browse, cast: Cast) -> None:
    client = browse("nurana")
    first = client.get("/hotline/now")
    seen = first.content.decode().split("?seen=")[1][:8]
    assert client.get("/hotline/now", {"seen": seen}).status_code == 204
    ring(cast)
    assert "It rings" in client.get("/hotline/now", {"seen": seen}).content.decode()


def test_the_rest_of_the_desk_comes_anew_only_where_something_changed(browse: Browse, cast: Cast) -> None:
    client = browse("nurana")
    first = client.get("/hotline/waits").content.decode()
    assert "Nobody waits" in first
    seen = first.split("?seen=")[1][:8]
    assert client.get("/hotline/waits", {"seen": seen}).status_code == 204
    begin_matter(cast["nurana"].agency, cast.now, call_back_at=cast.now)
    again = client.get("/hotline/waits", {"seen": seen}).content.decode()
    assert "To be called back" in again
    assert "Nobody waits" not in again


def test_what_a_look_costs_does_not_grow_with_what_waits(browse: Browse, cast: Cast) -> None:
    """It asks for what rings and what is in hand: nothing of what can be some moments old."""
    client = browse("nurana")
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as asked:
            client.get("/hotline/now")
        counts.append(len(asked))
        for _matter in range(3):
            begin_matter(cast["nurana"].agency, cast.now, call_back_at=cast.now)
    assert counts[0] == counts[1] <= 6


def test_the_page_of_a_call_costs_few_questions(browse: Browse, cast: Cast, call: Call) -> None:
    client = browse("nurana")
    client.post(address(call), sent(call, number=NUMBER, reasons=["missing"]))
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address(call)).status_code == 200
    assert len(asked) <= 12, [one["sql"][:150] for one in asked]


def test_late_calls_back_are_marked_and_one_press_calls_back(browse: Browse, cast: Cast, call: Call) -> None:
    client = browse("nurana")
    page = client.post(address(call, "/call-back"), {"by": "2026-11-24T15:30"}, follow=True)
    assert "It stands on the desk until somebody has called back." in page.content.decode()
    assert "To be called back" in page.content.decode()
    matter = Call.objects.get().matter
    type(matter).objects.update(call_back_at=cast.now - timedelta(minutes=1))
    assert "late" in client.get("/hotline").content.decode()
    client.post(f"/matters/{matter.pk.hex}/call")
    assert [one.outgoing for one in matter.calls.order_by("rang_at", "outgoing")] == [False, True]


def test_a_moment_that_is_over_gets_a_sentence(browse: Browse, call: Call) -> None:
    page = browse("nurana").post(address(call, "/call-back"), {"by": "2026-11-20T15:30"})
    assert "This moment is over. Choose a later one." in page.content.decode()
    assert Call.objects.get().state == CallState.TALKING
