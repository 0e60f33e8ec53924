"""The language of a page: chosen on the page, else the worker's own, else the browser's."""

from __future__ import annotations

import pytest
from django.test import Client

from amanat.people.models import User
from amanat.people.tests.ways import code_now, give_code, give_password


def language(client: Client, accept: str = "") -> str:
    return client.get("/account/sign-out", HTTP_ACCEPT_LANGUAGE=accept, follow=True).headers["Content-Language"]


@pytest.mark.parametrize(
    ("accept", "code"), [("tk", "tk"), ("ru-RU,en;q=0.5", "ru"), ("ro-MD", "ro"), ("de", "en"), ("", "en")]
)
def test_a_visitor_reads_the_browser_s_language(client: Client, accept: str, code: str) -> None:
    assert language(client, accept) == code


def test_a_worker_reads_their_own(client: Client, merdan: User, secret: str) -> None:
    User.objects.update(language="tk")
    give_password(client, "merdan")
    give_code(client, code_now(secret))
    assert language(client, "ru") == "tk"


def test_what_was_chosen_on_the_page_wins(at_work: Client) -> None:
    at_work.post("/language", {"language": "ro", "next": "/account"})
    assert language(at_work, "ru") == "ro"


def test_an_unknown_language_in_the_cookie_is_no_language(client: Client) -> None:
    client.cookies["language"] = "xx"
    assert language(client, "ru") == "ru"


def test_a_visitor_s_page_asks_the_database_nothing(client: Client, db: None, django_assert_num_queries) -> None:
    client.get("/account/sign-in")
    with django_assert_num_queries(0):
        client.get("/account/sign-in")
