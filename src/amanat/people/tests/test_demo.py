"""One-click sign-in exists in a demo workspace and nowhere else."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from amanat.people.clock import stopped
from amanat.people.models import User
from amanat.people.tests.ways import session_of, sign_in
from amanat.people.tests.workspaces import said_in


def choose(client: Client, user: User) -> str:
    return client.post("/demo/sign-in", {"person": str(user.pk), "next": "/account"}).headers["Location"]


def test_the_invented_people_stand_there_with_their_roles(client: Client, merdan: User) -> None:
    page = client.get("/demo/sign-in").content.decode()
    assert "Merdan Atayev" in page
    assert "Psychologist" in page


def test_one_click_signs_in_as_if_by_two_factors(client: Client, merdan: User) -> None:
    assert choose(client, merdan) == "/account"
    assert client.get("/account").status_code == 200


def test_one_click_changes_to_another_person(client: Client, merdan: User, jemal: User) -> None:
    choose(client, merdan)
    choose(client, jemal)
    assert client.get("/account").context["user"] == jemal


def test_an_invented_person_opens_the_locked_screen_by_one_click(client: Client, merdan: User) -> None:
    choose(client, merdan)
    with stopped(session_of(client).seen_at + timedelta(minutes=11)):
        assert client.get("/account").headers["Location"].startswith("/account/locked")
        client.post("/account/locked", {"demo": "yes"})
        assert client.get("/account").status_code == 200


def test_who_came_in_by_password_does_not_open_it_by_one_click(at_work: Client) -> None:
    at_work.get("/account/locked")
    at_work.post("/account/locked", {"demo": "yes"})
    assert at_work.get("/account").status_code == 302


@pytest.mark.parametrize("person", ["", "nobody", "00000000-0000-0000-0000-000000000000"])
def test_nobody_is_nobody(client: Client, db: None, person: str) -> None:
    assert client.post("/demo/sign-in", {"person": person}).headers["Location"] == "/demo/sign-in"


def test_the_view_asks_once_more(client: Client, jemal: User, settings) -> None:
    settings.AMANAT_KIND = "real"
    assert client.get("/demo/sign-in").status_code == 404
    assert client.post("/demo/sign-in", {"person": str(jemal.pk)}).status_code == 404


def test_a_session_of_one_click_is_worth_nothing_in_a_real_workspace(client: Client, jemal: User, settings) -> None:
    choose(client, jemal)
    settings.AMANAT_KIND = "real"
    client.get("/account/locked")
    client.post("/account/locked", {"demo": "yes"})
    assert client.get("/account").status_code == 302


def test_a_real_workspace_has_no_such_address(tmp_path: Path) -> None:
    script = """
from django.test import Client
from django.urls import get_resolver, resolve, Resolver404
from django.urls import NoReverseMatch, reverse
print(Client(SERVER_NAME="localhost").post("/demo/sign-in", {"person": "x"}).status_code)
try:
    resolve("/demo/sign-in")
except Resolver404:
    print("no address")
try:
    reverse("demo_sign_in")
except NoReverseMatch:
    print("no name")
print("demo" in Client(SERVER_NAME="localhost").get("/account/sign-in").content.decode())
"""
    assert said_in(tmp_path, script, kind="real") == ["404", "no address", "no name", "False"]


def test_a_second_factor_is_still_asked_of_who_signs_in_by_password(client: Client, jemal: User) -> None:
    sign_in(client, jemal)
    assert client.get("/account").headers["Location"] == "/account/second-factors"
