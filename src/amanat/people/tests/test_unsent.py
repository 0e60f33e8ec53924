"""What was typed reaches those who keep it, for its author and nobody else, also when the session was over."""

from __future__ import annotations

import pytest
from django.http import HttpRequest
from django.test import Client

from amanat.people import unsent
from amanat.people.models import User
from amanat.people.sessions import end_sessions
from amanat.people.tests.ways import WRONG, code_now, give_code, give_password, sign_in

Kept = list[tuple[str, str]]


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> Kept:
    """What a keeper was given: the text, and whose it is."""
    found: Kept = []

    def keeper(request: HttpRequest, user: User) -> None:
        found.append((request.POST.get("text", ""), user.username))

    monkeypatch.setattr(unsent, "_keepers", [])
    unsent.register(keeper)
    return found


def write(client: Client) -> str:
    return client.post("/note", {"text": "what was typed"}).headers["Location"]


def test_a_post_to_a_locked_session_is_kept_for_the_worker(at_work: Client, kept: Kept) -> None:
    at_work.get("/account/locked")
    assert write(at_work) == "/account/locked?next=%2Fnote"
    assert kept == [("what was typed", "merdan")]


def test_a_post_to_an_ended_session_is_kept_for_its_author(
    at_work: Client, merdan: User, secret: str, kept: Kept
) -> None:
    end_sessions(merdan)
    assert write(at_work) == "/account/sign-in?next=%2Fnote"
    assert kept == [("what was typed", "merdan")]


def test_signing_in_again_leads_back_to_the_page(at_work: Client, merdan: User, secret: str, app, kept: Kept) -> None:
    end_sessions(merdan)
    write(at_work)
    app.data.pop("last_step", None)
    app.save()
    give_password(at_work, "merdan", next="/note")
    assert give_code(at_work, code_now(secret)).headers["Location"] == "/note"


def test_a_stranger_s_post_is_kept_for_nobody(client: Client, db: None, kept: Kept) -> None:
    write(client)
    assert kept == []


def test_a_who_cookie_that_somebody_wrote_is_nobody(client: Client, merdan: User, kept: Kept) -> None:
    client.cookies["who"] = f"{merdan.pk}:1tTTTT:forged"
    write(client)
    assert kept == []


def test_after_signing_out_the_browser_belongs_to_nobody(at_work: Client, kept: Kept) -> None:
    at_work.post("/account/sign-out")
    write(at_work)
    assert kept == []


def test_what_a_suspended_worker_sends_is_kept_for_nobody(at_work: Client, merdan: User, kept: Kept) -> None:
    merdan.is_active = False
    merdan.save()
    write(at_work)
    assert kept == []


def test_a_password_is_never_kept(at_work: Client, merdan: User, kept: Kept) -> None:
    end_sessions(merdan)
    at_work.post("/account/password", {"old": WRONG, "password": WRONG, "again": WRONG})
    assert kept == []


@pytest.fixture
def strict(merdan: User, secret: str) -> Client:
    """Merdan's browser at a server that looks at CSRF tokens."""
    client = Client(enforce_csrf_checks=True)
    client.cookies = sign_in(Client(), merdan, secret).cookies
    return client


def test_a_forged_post_from_elsewhere_is_not_kept(strict: Client, kept: Kept) -> None:
    strict.get("/account/locked")
    for origin in [{}, {"HTTP_ORIGIN": "https://elsewhere.example"}, {"HTTP_ORIGIN": "null"}]:
        assert strict.post("/note", {"text": "what was typed"}, **origin).status_code == 403
    assert kept == []


def test_a_page_that_stood_open_over_a_new_sign_in_loses_nothing(strict: Client, kept: Kept) -> None:
    ours = {"HTTP_ORIGIN": "http://testserver"}
    assert strict.post("/note", {"text": "what was typed", "csrfmiddlewaretoken": "a" * 64}, **ours).status_code == 403
    assert strict.post("/account/password", {"old": WRONG}, **ours).status_code == 403
    assert kept == [("what was typed", "merdan")]


def test_the_way_leads_back_to_the_page_that_the_form_stood_on(at_work: Client, kept: Kept) -> None:
    at_work.get("/account/locked")
    for page, back in [
        ("http://testserver/public?part=plan", "%2Fpublic%3Fpart%3Dplan"),
        ("http://elsewhere.example/", "%2Fnote"),
    ]:
        response = at_work.post("/note", {"text": "what was typed"}, HTTP_REFERER=page)
        assert response.headers["Location"] == f"/account/locked?next={back}"


def test_a_keeper_may_say_where_the_typed_text_is_seen_again(at_work: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unsent, "_keepers", [lambda request, user: None, lambda request, user: "/public"])
    at_work.get("/account/locked")
    assert write(at_work) == "/account/locked?next=%2Fpublic"


def test_the_who_cookie_opens_nothing_and_says_only_who(at_work: Client, merdan: User) -> None:
    cookie = at_work.cookies["who"]
    assert cookie.value.split(":")[0] == str(merdan.pk)
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Strict", 24 * 60 * 60)
    only_that = Client()
    only_that.cookies["who"] = cookie.value
    assert only_that.get("/note").status_code == 302
