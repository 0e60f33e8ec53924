"""A form is tried with test data on the same screens as on a child's file; nothing is stored."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from amanat.access.models import Draft
from amanat.audit.models import Entry
from amanat.forms.models import FormVersion, Record
from amanat.forms.screens import name_of
from amanat.office.tests.sheets import arrival, sent
from amanat.office.tests.ways import read, send
from tests.cast import Cast

AGE, ALONE, WITH_WHOM, HURTS = (
    name_of(f"/data/{path}") for path in ("arrival/age", "arrival/alone", "arrival/with_whom", "health/hurts")
)


class Hidden(HTMLParser):
    """What the page carries along, by name."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if tag == "input" and held.get("type") == "hidden" and held.get("name") in ("instance", "place", "shown"):
            self.fields.setdefault(held["name"] or "", []).append(held.get("value") or "")


@pytest.fixture
def address(cast: Cast, browse: Callable[..., Client]) -> str:
    send(browse("viktor"), "/forms/upload", file=sent(arrival()))
    return f"/forms/named/arrival/{FormVersion.objects.get().pk}/try"


@pytest.fixture
def viktor(browse: Callable[..., Client]) -> Client:
    return browse("viktor")


def sealed_files() -> set[Path]:
    return {path for path in Path(settings.AMANAT_MEDIA).rglob("*") if path.is_file()}


def go(client: Client, address: str, page: str, go: str = "next", **typed: Any) -> str:
    return send(client, address, **Hidden(page).fields, go=go, **typed)


def test_all_screens_lead_to_the_answers_and_nothing_is_stored(viktor: Client, address: str) -> None:
    before = Entry.objects.count()
    page = read(viktor, address)
    assert "nothing that you type here is stored" in page
    page = go(viktor, address, page, **{AGE: "13", ALONE: "no"})
    assert "Who came along" in page  # the answer brought a question; nobody has asked it yet
    page = go(viktor, address, page, **{AGE: "13", ALONE: "no", WITH_WHOM: "An invented aunt"})
    assert "Something hurts now" in page
    page = go(viktor, address, page, go="finish", **{HURTS: "yes"})
    assert "It holds. Nothing of it was stored." in page
    for told in ("An invented aunt", "Would raise a task at once", "health: alerts and medicines"):
        assert told in page
    assert not Record.objects.exists()
    assert not Draft.objects.exists()
    assert Entry.objects.count() == before


def test_a_screen_that_does_not_hold_stays_with_what_was_typed(viktor: Client, address: str) -> None:
    page = go(viktor, address, read(viktor, address), **{AGE: "40"})
    assert "This form is for children." in page
    assert 'value="40"' in page
    page = go(viktor, address, page, **{AGE: ""})
    assert "Please look at this again" in page
    assert "Something hurts now" not in page


def test_one_goes_back_without_losing_answers(viktor: Client, address: str) -> None:
    page = go(viktor, address, read(viktor, address), **{AGE: "13", ALONE: "yes"})
    page = go(viktor, address, page, go="back", **{HURTS: "no"})
    assert 'value="13"' in page


def test_a_change_brings_the_question_that_it_asks_for(viktor: Client, address: str) -> None:
    page = read(viktor, address)
    body = {**Hidden(page).fields, "go": "look", AGE: "13", ALONE: "no"}
    answer = viktor.post(address, body, headers={"HX-Request": "true"}).content.decode()
    assert "Who came along" in answer
    assert "Age in years" not in answer


def test_what_an_answer_sets_follows_it_each_time_it_changes(viktor: Client, cast: Cast) -> None:
    sets = (
        ("| amanat::part | amanat::alert", "| amanat::part | amanat::alert | trigger | calculation"),
        (
            "|  | select_one yes_no | alone |",
            "| | text | told | Told | Сказано | | | | | facts | | ${age} | concat('age ', ${age}) |\n| | select_one yes_no | alone |",
        ),
    )
    send(viktor, "/forms/upload", file=sent(arrival("1", *sets)))
    address, told = f"/forms/named/arrival/{FormVersion.objects.get().pk}/try", name_of("/data/arrival/told")
    held, before = Hidden(read(viktor, address)).fields, ""
    for age in ("9", "11"):
        body = {**held, "go": "look", AGE: age, told: before}
        piece = viktor.post(address, body, headers={"HX-Request": "true"}).content.decode()
        before = f"age {age}"
        assert f'value="{before}"' in piece
        held["instance"] = Hidden(piece).fields["instance"]


def test_what_was_meddled_with_on_the_way_begins_anew(viktor: Client, address: str) -> None:
    page = send(viktor, address, instance="no base64!", place="one", go="next")
    assert "Age in years" in page


def test_a_picture_that_is_asked_for_goes_with_the_request(viktor: Client, cast: Cast) -> None:
    asks_for_one = arrival(
        "1",
        (
            "| integer | age | Age in years | Возраст в годах | | yes | . < 18 |",
            "| image | age | Room | Комната | | yes | |",
        ),
    )
    send(viktor, "/forms/upload", file=sent(asks_for_one))
    address = f"/forms/named/arrival/{FormVersion.objects.get().pk}/try"
    page = go(viktor, address, read(viktor, address))
    assert "Please look at this again" in page
    before = sealed_files()
    page = go(viktor, address, page, **{AGE: sent(b"no real picture", "room.png"), ALONE: "yes"})
    assert "Something hurts now" in page
    assert sealed_files() == before
