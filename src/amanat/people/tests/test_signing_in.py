"""Name, password, second step: who comes in, and what the others are told."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client

from amanat.people.models import User
from amanat.people.tests.ways import PASSWORD, WRONG, code_now, give_code, give_password, sign_in


def errors(response) -> list[str]:
    return [message for messages in response.context["form"].errors.values() for message in messages]


def test_a_password_alone_leads_to_the_set_up_of_a_second_factor_and_nowhere_else(client: Client, jemal: User) -> None:
    give_password(client, "jemal")
    for page in ["/account", "/account/password", "/account/recovery-codes"]:
        assert client.get(page).headers["Location"] == "/account/second-factors"
    assert client.get("/account/second-factors").status_code == 200


def test_a_worker_with_an_app_is_asked_for_its_code(client: Client, merdan: User, secret: str) -> None:
    assert give_password(client, "merdan").headers["Location"] == "/account/sign-in/second-step"
    assert client.get("/account").headers["Location"] == "/account/sign-in?next=%2Faccount"
    give_code(client, code_now(secret))
    assert client.get("/account").status_code == 200


def test_a_wrong_code_does_not_let_in(client: Client, merdan: User) -> None:
    give_password(client, "merdan")
    assert errors(give_code(client, "000000")) == ["This code is not right. Type the newest one."]
    assert client.get("/account").status_code == 302


def test_the_sign_in_name_is_found_in_small_and_capital_letters(client: Client, merdan: User) -> None:
    assert give_password(client, " Merdan ").headers["Location"] == "/account/sign-in/second-step"


def test_the_page_that_was_asked_for_comes_after_both_steps(client: Client, merdan: User, secret: str) -> None:
    give_password(client, "merdan", next="/account/password")
    assert give_code(client, code_now(secret)).headers["Location"] == "/account/password"


@pytest.mark.parametrize("elsewhere", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_a_sign_in_never_leads_to_another_site(client: Client, merdan: User, secret: str, elsewhere: str) -> None:
    give_password(client, "merdan", next=elsewhere)
    assert give_code(client, code_now(secret)).headers["Location"] == "/"


def test_an_unknown_name_and_a_wrong_password_read_the_same(client: Client, jemal: User) -> None:
    assert errors(give_password(client, "jemal", WRONG)) == errors(give_password(client, "nobody", WRONG)) != []


@pytest.mark.parametrize("name", ["jemal", "nobody", "invited"])
def test_an_unknown_name_costs_the_same_work(
    client: Client, jemal: User, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    User.objects.create_user("invited", None, display_name="Invited, without a password yet")
    done = []
    for work in ("encode", "verify"):
        real = getattr(Argon2PasswordHasher, work)
        monkeypatch.setattr(Argon2PasswordHasher, work, lambda *given, real=real: (done.append(1), real(*given))[1])
    give_password(client, name, WRONG)
    assert len(done) == 1


def test_a_suspended_worker_hears_so_only_with_the_right_password(client: Client, jemal: User) -> None:
    jemal.is_active = False
    jemal.save()
    assert errors(give_password(client, "jemal", WRONG)) == ["The sign-in name or the password is not right."]
    assert "suspended" in errors(give_password(client, "jemal"))[0]
    assert not client.session.get("_auth_user_id")


def test_the_session_gets_another_key_at_sign_in(client: Client, merdan: User, secret: str) -> None:
    give_password(client, "merdan")
    before = client.cookies["session"].value
    give_code(client, code_now(secret))
    assert client.cookies["session"].value != before
    stolen = Client()
    stolen.cookies["session"] = before
    assert stolen.get("/account").status_code == 302


def test_signing_out_ends_the_session_and_clears_the_browser(at_work: Client) -> None:
    key = at_work.cookies["session"].value
    response = at_work.post("/account/sign-out")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert at_work.cookies["session"].value == at_work.cookies["who"].value == ""
    at_work.cookies["session"] = key
    assert at_work.get("/account").status_code == 302


def test_a_link_does_not_sign_out(at_work: Client) -> None:
    assert at_work.get("/account/sign-out").status_code == 200
    assert at_work.get("/account").status_code == 200


def test_two_workers_at_one_browser_do_not_share_a_session(
    client: Client, jemal: User, merdan: User, secret: str
) -> None:
    sign_in(client, jemal)
    client.post("/account/sign-out")
    give_password(client, "merdan", PASSWORD)
    give_code(client, code_now(secret))
    assert client.get("/account").context["user"] == merdan
