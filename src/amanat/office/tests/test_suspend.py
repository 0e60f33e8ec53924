"""Suspension: out at once, everywhere; and in again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from amanat.access.actor import Actor
from amanat.office.actions import leaving
from amanat.office.tests.ways import entries_of, read, send
from amanat.people.clock import stopped
from amanat.people.models import Membership, Role
from amanat.web.errors import Refused
from tests.cast import PASSWORD, Cast

Browse = Callable[..., Client]


def test_a_suspended_worker_is_signed_out_everywhere_at_once(cast: Cast, browse: Browse) -> None:
    phone, laptop = browse("jemal"), browse("jemal")
    assert phone.get("/policy").status_code == laptop.get("/policy").status_code == 200
    page = send(browse("aman"), f"/people/{cast['jemal'].user_id}/suspend", reason="Shared a password.")
    assert "All of their sessions have ended." in page
    for browser in (phone, laptop):
        assert browser.get("/policy").headers["Location"].startswith("/account/sign-in")


def test_a_suspended_worker_can_not_sign_in_until_let_in_again(cast: Cast, actor: Callable[..., Actor]) -> None:
    jemal = cast["jemal"].user
    leaving.suspend(jemal, reason="Shared a password.", actor=actor("aman"))
    with stopped(cast.now):
        assert not signs_in("jemal")
        leaving.readmit(jemal, reason="Explained.", actor=actor("aman"))
        assert signs_in("jemal")


def signs_in(name: str) -> bool:
    answer = Client().post("/account/sign-in", {"username": name, "password": PASSWORD})
    return answer.status_code == 302 and "suspended" not in answer.headers["Location"]


def test_both_stand_in_the_log_under_their_own_names(cast: Cast, actor: Callable[..., Actor]) -> None:
    leaving.suspend(cast["jemal"].user, reason="Shared a password.", actor=actor("aman"))
    leaving.readmit(cast["jemal"].user, reason="Explained.", actor=actor("viktor"))
    assert [details["about"] for _entry, details in entries_of("people.suspend")] == ["Jemal"]
    assert [details["reason"] for _entry, details in entries_of("people.readmit")] == ["Explained."]


def test_a_supervisor_does_not_touch_workers_of_other_agencies(
    cast: Cast, browse: Browse, actor: Callable[..., Actor]
) -> None:
    for act in (leaving.suspend, leaving.readmit):
        with pytest.raises(Refused):
            act(cast["dowlet"].user, reason="Why not.", actor=actor("aman"))
    aman = browse("aman")
    for page in ("", "/suspend", "/readmit", "/new-way-in"):
        assert aman.get(f"/people/{cast['dowlet'].user_id}{page}").status_code == 404
    assert entries_of("people.suspend")[0][0].outcome == "refused"


def test_nor_workers_who_left_the_agency(cast: Cast, actor: Callable[..., Actor]) -> None:
    Membership.objects.filter(pk=cast["merdan"].pk).update(until=cast.now)
    with pytest.raises(Refused):
        leaving.suspend(cast["merdan"].user, reason="Why not.", actor=actor("aman"))


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.DPO])
def test_nor_those_who_look_after_all_agencies(cast: Cast, actor: Callable[..., Actor], role: Role) -> None:
    user = cast["andrei"].user
    Membership.objects.create(user=user, agency=cast["aman"].agency, role=role, since=cast.now)
    with pytest.raises(Refused):
        leaving.suspend(user, reason="Why not.", actor=actor("aman"))


def test_an_administrator_suspends_anybody_but_themselves(cast: Cast, actor: Callable[..., Actor]) -> None:
    for name in ("jemal", "dowlet", "aman", "irina", "kerim"):
        leaving.suspend(cast[name].user, reason="A drill.", actor=actor("viktor"))
    with pytest.raises(Refused):
        leaving.suspend(cast["viktor"].user, reason="A drill.", actor=actor("viktor"))


def test_the_list_says_who_is_suspended(cast: Cast, browse: Browse, actor: Callable[..., Actor]) -> None:
    aman = browse("aman")
    assert "suspended" not in read(aman, "/people")
    leaving.suspend(cast["jemal"].user, reason="A drill.", actor=actor("aman"))
    assert "suspended" in read(aman, "/people")
    assert "Let in again" in read(aman, f"/people/{cast['jemal'].user_id}")


def test_suspending_asks_for_a_reason(cast: Cast, browse: Browse) -> None:
    page = send(browse("aman"), f"/people/{cast['jemal'].user_id}/suspend", reason="  ")
    assert "This field is required." in page
    cast["jemal"].user.refresh_from_db()
    assert cast["jemal"].user.is_active
