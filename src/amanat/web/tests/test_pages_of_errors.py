"""Error pages say what happened and what to do, and never what was asked for."""

import re

import pytest
from django.test import Client

from amanat.web.middleware import HEADERS

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')


def page(address: str) -> str:
    return TOKEN.sub("", Client(raise_request_exception=False).get(address).content.decode())


def test_what_is_missing_and_what_one_may_not_know_of_look_the_same_to_the_byte() -> None:
    assert page("/missing") == page("/no/such/address") == page("/missing?ref=1")


def test_an_error_page_does_not_repeat_the_address() -> None:
    assert "secret-word" not in page("/secret-word")


@pytest.mark.parametrize(
    ("address", "status", "sentence"),
    [
        ("/missing", 404, "There is nothing here"),
        ("/closed", 403, "Only the supervisor may close this."),
        ("/large", 413, "That is too large"),
        ("/broken", 500, "Something broke on our side"),
    ],
)
def test_each_error_has_a_sentence_of_its_own(address: str, status: int, sentence: str) -> None:
    answer = Client(raise_request_exception=False).get(address)
    assert answer.status_code == status
    assert f"<h1>{sentence}</h1>" in answer.content.decode()


def test_a_broken_page_does_not_say_what_broke() -> None:
    assert "must not show" not in page("/broken")


def test_a_broken_page_holds_what_was_sent_so_that_it_can_be_sent_again() -> None:
    answer = Client(raise_request_exception=False).post("/broken", {"text": "two\n<lines>"})
    assert '<input type="hidden" name="text" value="two\n&lt;lines&gt;">' in answer.content.decode()
    assert '<form method="post" action="/broken">' in answer.content.decode()


@pytest.mark.parametrize("secret", ["password", "code"])
def test_a_broken_page_never_holds_a_secret(secret: str) -> None:
    answer = Client(raise_request_exception=False).post("/broken", {"username": "aynur", secret: "five calm words"})
    assert answer.status_code == 500
    assert "aynur" not in answer.content.decode()
    assert "five calm words" not in answer.content.decode()


def test_a_page_that_stood_open_too_long_says_how_to_save_what_was_typed() -> None:
    answer = Client(enforce_csrf_checks=True).post("/note", {"name": "Aynur"})
    assert answer.status_code == 403
    assert "what you typed is still there" in answer.content.decode()


@pytest.mark.parametrize("address", ["/note", "/missing", "/closed", "/broken", "/neutral"])
def test_every_answer_carries_the_headers(address: str) -> None:
    answer = Client(raise_request_exception=False).get(address)
    assert {name: answer[name] for name in HEADERS} == HEADERS
    assert answer["Cache-Control"] == "no-store"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
