"""Calling back: what was agreed stands where somebody is about to call, and whoever was not reached is not forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from amanat.hotline import marks, ringing
from amanat.hotline.actions import calling, ending
from amanat.hotline.beginning import begin_call, begin_matter
from amanat.hotline.models import CallState, Matter, Outcome, Tally
from amanat.hotline.tests.crew import called, told
from amanat.web.errors import PersonFacingError
from tests.cast import Cast

pytestmark = pytest.mark.django_db
Browse = Callable[..., Client]
AGREED = {
    "number": "+99365123456",
    "language": "tk",
    "may_call_back": "yes",
    "call_back_when": "after 4, when I am alone",
    "call_back_how": "ask for Ogul",
    "code_word": "pomegranate",
    "call_back_others": "nothing",
}


def promised(cast: Cast, **fields: Any) -> Matter:
    call = called(cast.actor("nurana"), end=False, **(AGREED | fields))
    return ending.agree_call_back(call, by=cast.now + timedelta(hours=1), actor=cast.actor("nurana"))


def hung_up(cast: Cast, number: str) -> Matter:
    at = cast.now - timedelta(minutes=1)
    matter = begin_matter(cast["nurana"].agency, at)
    call = begin_call(matter, "phone", at, state=CallState.RINGING, number=number or None)
    marks.mark_caller(call, number)
    assert ringing.abandon(call, cast.now)
    return matter


def test_a_call_back_begins_with_the_last_that_was_agreed_in_the_matter(cast: Cast) -> None:
    matter = promised(cast)
    later = cast.actor("nurana", cast.now + timedelta(minutes=5))
    called(later, matter=matter, call_back_when="tomorrow", code_word="")
    call = calling.start(channel="phone", matter=matter, actor=cast.actor("nurana", cast.now + timedelta(minutes=9)))
    said = AGREED | {"call_back_when": "tomorrow", "code_word": ""}
    assert {name: told(call, cast.actor("nurana"))[name] for name in said} == said, (
        "what was taken back does not come again"
    )


@pytest.mark.sqlcipher_only
def test_the_desk_and_the_call_say_when_it_is_safe_and_what_others_may_hear(browse: Browse, cast: Cast) -> None:
    matter = promised(cast)
    client = browse("nurana")
    desk = client.get("/hotline").content.decode()
    for words in ("+993 65 123456", "after 4, when I am alone"):
        assert words in desk
    before = client.get(f"/matters/{matter.pk.hex}/call").content.decode()
    page = client.post(f"/matters/{matter.pk.hex}/call", follow=True).content.decode()
    for shown in (before, page.partition('id="call-form"')[0]):
        for words in ('href="tel:+99365123456"', "after 4", "ask for Ogul", "pomegranate", "say nothing, hang up"):
            assert words in shown


def test_who_was_not_reached_stays_on_the_desk_and_the_try_is_counted(cast: Cast) -> None:
    matter, nurana = promised(cast), cast.actor("nurana")
    call = calling.start(channel="phone", matter=matter, actor=nurana)
    assert Matter.objects.get(pk=matter.pk).call_back_at is None
    ending.end(call, outcome=Outcome.NO_ANSWER, actor=nurana)
    matter.refresh_from_db()
    assert matter.call_back_at == cast.now + ending.AGAIN_WITHIN
    tried = Tally.objects.filter(measure="tried", count=1)
    assert tried.exists()
    ending.take_back_end(call, actor=nurana)
    matter.refresh_from_db()
    assert matter.call_back_at is None
    assert not tried.exists()


@pytest.mark.sqlcipher_only
def test_nobody_answered_is_no_end_of_a_call_that_came_in(cast: Cast) -> None:
    call = called(cast.actor("nurana"), end=False)
    with pytest.raises(PersonFacingError, match="Choose how"):
        ending.end(call, outcome=Outcome.NO_ANSWER, actor=cast.actor("nurana"))


@pytest.mark.sqlcipher_only
def test_who_hung_up_is_shown_by_number_with_how_urgent_they_are_known_to_be(browse: Browse, cast: Cast) -> None:
    called(cast.actor("nurana"), number=AGREED["number"], priority="P1")
    known, withheld = hung_up(cast, AGREED["number"]), hung_up(cast, "")
    page = browse("nurana").get("/hotline").content.decode().partition("hung-up-heading")[2]
    for words in (
        "+993 65 123456",
        "P1",
        "This number called 1 time before.",
        "Number withheld",
        f"/{known.pk.hex}/call",
    ):
        assert words in page
    assert f"/{withheld.pk.hex}/call" not in page
