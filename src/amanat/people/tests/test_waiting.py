"""What a page hears when it asks what waits: that something does, and where; on the locked screen only that it does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import pytest
from django.test import Client

from amanat.people import waiting
from amanat.people.clock import clock
from amanat.people.models import Membership, Role, User


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[list[Membership]]:
    """By which memberships a room was asked for calls, all of which find one."""
    monkeypatch.setattr(waiting, "_askers", {})
    found: list[list[Membership]] = []

    def a_call(held: Sequence[Membership], _now: datetime) -> bool:
        found.append(list(held))
        return bool(held)

    waiting.register("call", a_call, "account")
    waiting.register("call", a_call, "account")  # `ready()` may come twice
    return found


def test_a_page_hears_that_a_call_waits_and_where(at_work: Client, asked: list[list[Membership]], merdan: User) -> None:
    call = {"kind": "call", "sentence": "A call is waiting.", "at": "/account"}
    assert at_work.get("/waiting").json() == {"whose": str(merdan.pk), "waiting": [call]}
    assert [[row.user for row in held] for held in asked] == [[merdan]]


def test_the_locked_screen_hears_only_that_it_does(at_work: Client, asked: list[list[Membership]]) -> None:
    assert 'data-url="/waiting"' in at_work.get("/account/locked").content.decode()
    assert at_work.get("/waiting").json() == {
        "whose": "",
        "waiting": [{"kind": "call", "sentence": "A call is waiting."}],
    }


def test_an_alert_stands_before_a_call(at_work: Client, asked: list[list[Membership]]) -> None:
    waiting.register("alert", lambda _held, _now: True)
    told = at_work.get("/waiting").json()["waiting"]
    assert [(one["kind"], one["at"]) for one in told] == [("alert", "/"), ("call", "/account")]


def test_a_deputy_hears_of_what_waits_for_whom_they_stand_in_for(
    merdan: User, jemal: User, asked: list[list[Membership]]
) -> None:
    own = Membership.objects.get(user=merdan)
    away = Membership.objects.get(user=jemal)
    away.deputy, away.away_from, away.away_until = own, clock() - timedelta(days=1), clock() + timedelta(days=1)
    away.save()
    assert set(waiting.acts_by(merdan, clock())) == {own, away}
    assert waiting.acts_by(merdan, clock() + timedelta(days=2)) == [own]
    own.until = clock()
    own.save()
    assert waiting.acts_by(merdan, clock()) == []


def test_what_waits_for_another_role_of_theirs_is_told_too(merdan: User, asked: list[list[Membership]]) -> None:
    held = Membership.objects.get(user=merdan)
    also = Membership.objects.create(user=merdan, agency=held.agency, role=Role.HOTLINE_OPERATOR, since=held.since)
    assert [one.kind for one in waiting.what_waits(merdan, clock())] == ["call"]
    assert set(asked[0]) == {held, also}


def test_somebody_without_a_second_factor_hears_nothing(client: Client, jemal: User) -> None:
    client.force_login(jemal)
    assert client.get("/waiting").status_code == 401


def test_a_kind_that_nobody_could_be_told_of_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        waiting.register("fire", lambda _held, _now: True)


def test_a_region_that_looks_by_itself_keeps_nobody_awake(at_work: Client) -> None:
    from amanat.people.tests.test_idle_lock import later

    with later(at_work, minutes=9):
        assert at_work.get("/note", headers={"Unattended": "yes"}).status_code == 200
    with later(at_work, minutes=11):
        assert at_work.get("/note").status_code == 302
