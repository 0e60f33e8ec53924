"""Setting up, adding and removing second factors."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from amanat.people import factors
from amanat.people.clock import clock, stopped
from amanat.people.models import User
from amanat.people.tests.ways import PASSWORD, code_now, give_password, session_of, sign_in


def set_up(client: Client) -> str:
    """Set up an app as the page says; its secret."""
    secret: str = client.get("/account/second-factors/app").context["form"].secret
    assert client.post("/account/second-factors/app", {"code": code_now(secret)}).status_code == 302
    return secret


@pytest.fixture
def passkey(merdan: User) -> Authenticator:
    """A second factor of Merdan's beside the app. What a real one does is in `test_passkeys`."""
    return Authenticator.objects.create(user=merdan, type="webauthn", data={"name": "my phone", "credential": {}})


def test_an_app_is_set_up_by_its_first_code_and_opens_this_session(client: Client, jemal: User) -> None:
    sign_in(client, jemal)
    set_up(client)
    assert client.get("/account").status_code == 200


def test_the_page_shows_the_secret_as_a_picture_and_as_text(client: Client, jemal: User) -> None:
    sign_in(client, jemal)
    response = client.get("/account/second-factors/app")
    assert b"data:image/svg+xml;base64," in response.content
    assert response.context["secret"].replace(" ", "") == response.context["form"].secret


def test_a_wrong_first_code_sets_nothing_up(client: Client, jemal: User) -> None:
    sign_in(client, jemal)
    client.get("/account/second-factors/app")
    assert client.post("/account/second-factors/app", {"code": "000000"}).status_code == 200
    assert not Authenticator.objects.exists()


def test_recovery_codes_are_shown_once(client: Client, jemal: User) -> None:
    sign_in(client, jemal)
    set_up(client)
    page = client.get("/account/recovery-codes")
    assert len(page.context["codes"]) == 10
    again = client.get("/account/recovery-codes")
    assert again.headers["Location"] == "/account/second-factors"


def test_new_recovery_codes_replace_the_old_ones(at_work: Client, merdan: User) -> None:
    old = set(Authenticator.objects.get(user=merdan, type="recovery_codes").wrap().get_unused_codes())
    assert at_work.post("/account/recovery-codes/new").headers["Location"] == "/account/recovery-codes"
    assert old.isdisjoint(at_work.get("/account/recovery-codes").context["codes"])


def test_the_only_second_factor_cannot_be_removed(at_work: Client, app: Authenticator) -> None:
    at_work.post(f"/account/second-factors/{app.pk}/remove")
    assert Authenticator.objects.filter(pk=app.pk).exists()


def test_one_of_two_can_be_removed_after_a_question(
    at_work: Client, app: Authenticator, passkey: Authenticator
) -> None:
    assert at_work.get(f"/account/second-factors/{passkey.pk}/remove").status_code == 200
    at_work.post(f"/account/second-factors/{passkey.pk}/remove")
    assert not Authenticator.objects.filter(pk=passkey.pk).exists()
    assert Authenticator.objects.filter(pk=app.pk).exists()


def test_a_colleague_s_factor_is_as_missing_as_no_factor(at_work: Client, jemal: User) -> None:
    theirs = Authenticator.objects.create(user=jemal, type="webauthn", data={"name": "theirs", "credential": {}})
    assert at_work.post(f"/account/second-factors/{theirs.pk}/remove").status_code == 404
    assert at_work.post("/account/second-factors/987654/remove").status_code == 404
    assert Authenticator.objects.filter(pk=theirs.pk).exists()


@pytest.mark.parametrize(
    "page", ["/account/second-factors/app", "/account/second-factors/passkey", "/account/recovery-codes/new"]
)
def test_changing_factors_asks_for_proof_when_the_last_one_is_old(at_work: Client, merdan: User, page: str) -> None:
    Authenticator.objects.filter(user=merdan, type="totp").delete()
    began = session_of(at_work).began_at
    with stopped(began + timedelta(minutes=9)):
        at_work.get("/account")
    with stopped(began + timedelta(minutes=11)):
        for answer in (at_work.get(page), at_work.post(page)):
            assert answer.headers["Location"].startswith("/account/confirm?next=")
        confirmed = at_work.post("/account/confirm?way=password", {"password": PASSWORD, "next": page})
        assert confirmed.headers["Location"] == page
        assert at_work.get(page).headers.get("Location", "") != f"/account/confirm?next={page}"


def test_a_locked_worker_is_no_way_to_add_a_passkey(at_work: Client) -> None:
    at_work.get("/account/locked")
    assert at_work.post("/account/passkey/add").status_code == 403


def test_a_lost_factor_is_cleared_and_only_an_invitation_opens_again(at_work: Client, merdan: User) -> None:
    factors.clear(merdan, clock())
    assert not Authenticator.objects.filter(user=merdan).exists()
    assert at_work.get("/account").status_code == 302
    assert give_password(Client(), "merdan").status_code == 200
