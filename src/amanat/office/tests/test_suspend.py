"""Suspension: out at once, everywhere; and in again."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from amanat.access.actor import Actor
from amanat.access.policy import EVERY_AGENCY
from amanat.office.actions import leaving
from amanat.office.actions.leaving import LAST
from amanat.office.tests.ways import at_once, entries_of, read, send
from amanat.people.clock import stopped
from amanat.people.models import Membership, Role
from amanat.web.errors import PersonFacingError, Refused
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
    assert "Write the reason. One sentence is enough." in page
    cast["jemal"].user.refresh_from_db()
    assert cast["jemal"].user.is_active


def test_the_last_administrator_and_the_last_dpo_are_not_suspended(cast: Cast, actor: Callable[..., Actor]) -> None:
    other = Membership.objects.create(
        user=cast["andrei"].user, agency=cast["irina"].agency, role=Role.ADMINISTRATOR, since=cast.now
    )
    leaving.suspend(cast["kerim"].user, reason="A drill.", actor=actor("viktor"))
    with pytest.raises(PersonFacingError, match="last data protection officer"):
        leaving.suspend(cast["maral"].user, reason="A drill.", actor=actor("viktor"))
    leaving.suspend(cast["viktor"].user, reason="A drill.", actor=Actor.of(other, cast.now, proved_at=cast.now))
    with pytest.raises(PersonFacingError, match="last administrator"):
        leaving.suspend(cast["andrei"].user, reason="A drill.", actor=actor("viktor"))
    assert set(LAST) == EVERY_AGENCY


def test_who_is_suspended_does_not_count_as_one_who_is_left(cast: Cast, actor: Callable[..., Actor]) -> None:
    leaving.suspend(cast["kerim"].user, reason="A drill.", actor=actor("viktor"))
    with pytest.raises(PersonFacingError, match="last data protection officer"):
        leaving.end_membership(cast["maral"], reason="Retires.", actor=actor("viktor"))


@pytest.mark.django_db(transaction=True)
def test_two_suspensions_at_once_leave_one_dpo(cast: Cast) -> None:
    done = at_once(
        lambda: leaving.suspend(cast["kerim"].user, reason="A drill.", actor=cast.actor("viktor")),
        lambda: leaving.suspend(cast["maral"].user, reason="A drill.", actor=cast.actor("viktor")),
    )
    assert sorted(done) == [False, True]
    assert Membership.objects.current(cast.now).filter(role=Role.DPO).count() == 1


@pytest.mark.parametrize("by", ["viktor", "elena"])
def test_a_supervisor_lets_in_nobody_whom_others_suspended(cast: Cast, browse: Browse, by: str) -> None:
    """Neither whom an administrator did, nor whom the supervisor of another agency did; nor takes it over first."""
    dowlet = cast["dowlet"].user
    Membership.objects.create(user=dowlet, agency=cast["aman"].agency, role=Role.TRAINER, since=cast.now)
    leaving.suspend(dowlet, reason="Lost laptop.", actor=cast.actor(by))
    assert "Let in again" not in read(browse("aman"), f"/people/{dowlet.pk}")
    for act in (leaving.suspend, leaving.readmit):
        with pytest.raises(Refused):
            act(dowlet, reason="Why not.", actor=cast.actor("aman"))
    dowlet.refresh_from_db()
    assert not dowlet.is_active
    leaving.readmit(dowlet, reason="Found.", actor=cast.actor("viktor"))
    assert dowlet.is_active
