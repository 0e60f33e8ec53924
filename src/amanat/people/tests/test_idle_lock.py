"""After ten minutes without the worker a session locks: nothing is shown, nothing is lost, one factor opens it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from amanat.people.clock import stopped
from amanat.people.models import User
from amanat.people.tests.ways import PASSWORD, WRONG, code_now, session_of

LOCKED = "/account/locked?next=%2Fnote"


def later(client: Client, **time: float) -> stopped:
    return stopped(session_of(client).seen_at + timedelta(**time))


@pytest.fixture
def locked(at_work: Client) -> Client:
    """Merdan's browser, locked by hand."""
    at_work.get("/account/locked")
    return at_work


def test_a_session_locks_after_ten_minutes_and_not_before(at_work: Client) -> None:
    with later(at_work, minutes=10, seconds=-1):
        assert at_work.get("/presence").status_code == 200
    with later(at_work, minutes=10):
        assert at_work.get("/note").headers["Location"] == LOCKED


def test_a_worker_who_keeps_working_is_not_locked_out(at_work: Client) -> None:
    for _ in range(4):
        with later(at_work, minutes=9):
            assert at_work.get("/note").status_code == 200


def test_a_page_that_asks_by_itself_does_not_keep_the_session_awake(at_work: Client) -> None:
    with later(at_work, minutes=9):
        assert at_work.get("/presence").status_code == 200
    with later(at_work, minutes=11):
        assert at_work.get("/presence").status_code == 302


def test_asking_again_does_not_unlock(at_work: Client) -> None:
    for minutes in (10, 11, 30):
        with later(at_work, minutes=minutes):
            assert at_work.get("/note").status_code == 302


def test_htmx_is_sent_to_the_locked_page_as_a_whole(locked: Client) -> None:
    here = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://testserver/note?part=plan"}
    response = locked.get("/presence", **here)
    assert response.headers["HX-Redirect"] == "/account/locked?next=%2Fnote%3Fpart%3Dplan"
    assert response.content == b""


@pytest.mark.parametrize("page", ["/account/locked", "/account/sign-out", "/neutral", "/public"])
def test_a_locked_session_still_reaches_the_way_out(locked: Client, page: str) -> None:
    assert locked.get(page).status_code == 200


@pytest.mark.parametrize("page", ["/account", "/account/confirm", "/account/second-factors", "/account/password"])
def test_a_locked_session_reaches_no_account_page(locked: Client, page: str) -> None:
    assert locked.get(page).headers["Location"].startswith("/account/locked")


def test_the_language_can_be_changed_on_the_locked_page(locked: Client) -> None:
    locked.post("/language", {"language": "ru", "next": "/account/locked"})
    assert locked.cookies["language"].value == "ru"


def test_the_locked_page_shows_nothing_of_the_work(locked: Client) -> None:
    assert b"Centre for Assistance" not in locked.get("/account/locked").content


def test_the_password_opens_it_again_and_leads_back(locked: Client) -> None:
    response = locked.post("/account/locked?way=password", {"password": PASSWORD, "next": "/note"})
    assert response.headers["Location"] == "/note"
    assert locked.get("/note").status_code == 200


def test_a_code_opens_it_again(at_work: Client, secret: str) -> None:
    with later(at_work, minutes=11):
        at_work.post("/account/locked?way=code", {"code": code_now(secret)})
        assert at_work.get("/note").status_code == 200


def test_a_wrong_password_does_not(locked: Client) -> None:
    assert locked.post("/account/locked?way=password", {"password": WRONG}).status_code == 200
    assert locked.get("/note").status_code == 302


def test_a_word_that_names_no_way_is_the_password_way(locked: Client) -> None:
    assert locked.post("/account/locked?way=demo", {"demo": "yes"}).context["way"] == "password"
    assert locked.get("/note").status_code == 302


def test_unlocking_does_not_extend_the_twelve_hours(at_work: Client) -> None:
    began = session_of(at_work).began_at
    with stopped(began + timedelta(hours=11, minutes=59)):
        at_work.post("/account/locked?way=password", {"password": PASSWORD})
        assert at_work.get("/note").status_code == 200
    with stopped(began + timedelta(hours=12)):
        assert at_work.get("/note").headers["Location"].startswith("/account/sign-in")


def test_a_suspended_worker_cannot_unlock(locked: Client, merdan: User) -> None:
    merdan.is_active = False
    merdan.save()
    response = locked.post("/account/locked?way=password", {"password": PASSWORD})
    assert response.headers["Location"].startswith("/account/sign-in")


def test_a_page_learns_whose_session_stands_open_and_keeps_nobody_awake(at_work: Client, merdan: User) -> None:
    with later(at_work, minutes=9):
        assert at_work.get("/waiting").json()["whose"] == str(merdan.pk)
    with later(at_work, minutes=11):
        assert at_work.get("/waiting").json()["whose"] == ""


def test_a_locked_or_ended_session_stands_open_for_nobody(locked: Client, client: Client) -> None:
    assert locked.get("/waiting").json() == {"whose": "", "waiting": []}
    assert client.get("/waiting").status_code == 401
