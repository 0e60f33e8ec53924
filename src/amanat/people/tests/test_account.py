"""The worker's own page."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest
from django.test import Client

from amanat.people.models import Agency, Membership, Role, User
from amanat.people.tests.ways import PASSWORD, WRONG, code_now, give_code, give_password, session_of, sign_in

NEW = "nine green boats sailing"


@pytest.fixture
def elsewhere(merdan: User, app, secret: str) -> Client:
    """Another browser of Merdan's."""
    client = Client()
    give_password(client, "merdan")
    app.refresh_from_db()
    app.data.pop("last_step", None)
    app.save()
    give_code(client, code_now(secret))
    return client


def change_password(client: Client, old: str = PASSWORD, new: str = NEW):
    return client.post("/account/password", {"old": old, "password": new, "again": new})


def test_the_account_shows_name_role_and_browsers(at_work: Client) -> None:
    page = at_work.get("/account").content.decode()
    for shown in ["Merdan Atayev", "merdan", "Psychologist", "Centre for Assistance", "this one"]:
        assert shown in page


def test_changing_the_password_signs_out_everywhere_else(at_work: Client, elsewhere: Client) -> None:
    assert change_password(at_work).headers["Location"] == "/account"
    assert at_work.get("/account").status_code == 200
    assert elsewhere.get("/account").status_code == 302


def test_the_password_is_changed_only_with_the_old_one(at_work: Client) -> None:
    assert change_password(at_work, old=WRONG).status_code == 200
    assert give_password(Client(), "merdan", NEW).status_code == 200


def test_a_thief_of_an_open_session_does_not_guess_the_old_password(at_work: Client) -> None:
    for _ in range(5):
        change_password(at_work, old=WRONG)
    assert change_password(at_work).status_code == 200


def test_one_browser_is_signed_out_from_another(at_work: Client, elsewhere: Client) -> None:
    at_work.post(f"/account/sessions/{session_of(elsewhere).digest}/end")
    assert elsewhere.get("/account").status_code == 302
    assert at_work.get("/account").status_code == 200


def test_all_other_browsers_are_signed_out_at_once(at_work: Client, elsewhere: Client) -> None:
    at_work.post("/account/sessions/others/end")
    assert elsewhere.get("/account").status_code == 302
    assert at_work.get("/account").status_code == 200


def test_a_colleague_s_session_is_as_missing_as_none(at_work: Client, jemal: User) -> None:
    colleague = sign_in(Client(), jemal)
    assert at_work.post(f"/account/sessions/{session_of(colleague).digest}/end").status_code == 404
    assert at_work.post("/account/sessions/0000/end").status_code == 404
    assert colleague.get("/account/second-factors").status_code == 200


def test_a_worker_with_two_roles_chooses_one_for_this_session(
    at_work: Client, merdan: User, agency: Agency, now: datetime
) -> None:
    second = Membership.objects.create(user=merdan, agency=agency, role=Role.SUPERVISOR, since=now)
    at_work.post(f"/account/memberships/{second.pk}")
    assert at_work.get("/account").context["active"] == second


@pytest.mark.parametrize("whose", ["colleague", "ended", "nobody"])
def test_no_other_role_can_be_chosen(
    at_work: Client, merdan: User, jemal: User, agency: Agency, now: datetime, whose: str
) -> None:
    ended = Membership.objects.create(user=merdan, agency=agency, role=Role.SUPERVISOR, since=now, until=now)
    wanted = {"colleague": jemal.memberships.get().pk, "ended": ended.pk, "nobody": uuid.uuid4()}[whose]
    assert at_work.post(f"/account/memberships/{wanted}").status_code == 404


def test_the_language_is_kept_for_the_next_sign_in(at_work: Client, merdan: User) -> None:
    at_work.post("/account", {"language": "ru"})
    assert at_work.get("/account").headers["Content-Language"] == "ru"
    merdan.refresh_from_db()
    assert merdan.language == "ru"
