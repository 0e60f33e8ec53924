"""A lost second factor: two people and a sheet of paper, no e-mail."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from amanat.access.actor import Actor
from amanat.office.actions import proposing
from amanat.office.models import Proposal
from amanat.office.tests.ways import code_on, entries_of, read, send
from amanat.people.clock import stopped
from amanat.people.models import Membership, Role, User
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import PASSWORD, Cast

Browse = Callable[..., Client]
CHOSEN = "nine green boats sailing"


def ask(cast: Cast, name: str, by: Actor) -> Proposal:
    return proposing.propose_reset(cast[name].user, reason="The phone fell into the lake.", actor=by)


def give_factor(user: User) -> None:
    Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": "lost"})


def test_from_the_lost_phone_to_a_new_way_in_by_two_people_and_no_mail(cast: Cast, browse: Browse) -> None:
    jemal = cast["jemal"].user
    give_factor(jemal)
    signed_in = browse("jemal")
    assert signed_in.get("/policy").status_code == 200
    send(browse("viktor"), f"/people/{jemal.pk}/new-way-in", reason="The phone fell into the lake.")
    assert signed_in.get("/policy").status_code == 200, "asking alone ends nothing"
    assert Authenticator.objects.filter(user=jemal).exists()

    kerim = browse("kerim")
    assert "The phone fell into the lake." in read(kerim, "/people/proposals")
    page = send(kerim, f"/people/proposals/{Proposal.objects.get().pk}/confirm")
    code = code_on(page)
    assert len(code.replace("-", "")) == 40
    assert "printed by Kerim" in page
    assert code_on(read(kerim, "/people/proposals")) == "", "shown once"
    assert signed_in.get("/policy").status_code == 302, "all sessions have ended"
    assert not Authenticator.objects.filter(user=jemal).exists()
    jemal.refresh_from_db()
    assert not jemal.check_password(PASSWORD)

    paper = Client()
    with stopped(cast.now):
        assert paper.post("/account/begin", {"code": code}).headers["Location"] == "/account/begin/password"
        paper.post("/account/begin/password", {"password": CHOSEN, "again": CHOSEN})
        assert paper.get("/account").headers["Location"] == "/account/second-factors"
    jemal.refresh_from_db()
    assert jemal.check_password(CHOSEN)
    assert getattr(mail, "outbox", []) == []


def test_the_log_says_who_asked_who_confirmed_and_for_whom(cast: Cast, actor: Callable[..., Actor]) -> None:
    proposing.confirm(ask(cast, "jemal", actor("viktor")), actor=actor("kerim"))
    ((asked, told),) = entries_of("people.reset")
    ((confirmed, confirmed_told),) = entries_of("people.confirm")
    assert (asked.user, told["about"], told["reason"]) == (
        cast["viktor"].user,
        "Jemal",
        "The phone fell into the lake.",
    )
    assert confirmed.user == cast["kerim"].user
    assert confirmed_told["about"].startswith("Jemal: a new way in")


def test_a_supervisor_asks_for_workers_of_the_own_agency(cast: Cast, actor: Callable[..., Actor]) -> None:
    ask(cast, "jemal", actor("aman"))
    with pytest.raises(Refused):
        ask(cast, "dowlet", actor("aman"))


def test_a_supervisor_asks_for_the_only_administrator_who_could_not_ask_themselves(
    cast: Cast, actor: Callable[..., Actor]
) -> None:
    proposal = ask(cast, "viktor", actor("aman"))
    with pytest.raises(Refused):
        proposing.confirm(proposal, actor=actor("viktor"))
    assert proposing.confirm(proposal, actor=actor("kerim"))


def test_the_new_way_in_of_a_dpo_is_asked_by_an_administrator_and_confirmed_by_a_supervisor(
    cast: Cast, actor: Callable[..., Actor]
) -> None:
    proposal = ask(cast, "kerim", actor("viktor"))
    for name in ("maral", "kerim", "viktor"):
        with pytest.raises(Refused):
            proposing.confirm(proposal, actor=actor(name))
    assert proposing.confirm(proposal, actor=actor("elena"))


def test_a_supervisor_does_not_ask_for_a_dpo_of_the_same_agency(cast: Cast, actor: Callable[..., Actor]) -> None:
    Membership.objects.create(user=cast["kerim"].user, agency=cast["aman"].agency, role=Role.TRAINER, since=cast.now)
    with pytest.raises(Refused):
        ask(cast, "kerim", actor("aman"))


def test_a_suspended_dpo_is_still_one_when_a_new_way_in_is_confirmed(cast: Cast, actor: Callable[..., Actor]) -> None:
    cast["kerim"].user.is_active = False
    cast["kerim"].user.save()
    proposal = ask(cast, "kerim", actor("viktor"))
    with pytest.raises(Refused):
        proposing.confirm(proposal, actor=actor("maral"))


def test_nobody_asks_for_themselves(cast: Cast, actor: Callable[..., Actor]) -> None:
    with pytest.raises(Refused):
        ask(cast, "viktor", actor("viktor"))


def test_it_is_asked_for_once(cast: Cast, actor: Callable[..., Actor]) -> None:
    ask(cast, "jemal", actor("viktor"))
    with pytest.raises(PersonFacingError, match="asked for already"):
        ask(cast, "jemal", actor("aman"))


@pytest.mark.parametrize("name", ["merdan", "kerim", "irina", "tamara"])
def test_nobody_else_asks(cast: Cast, browse: Browse, actor: Callable[..., Actor], name: str) -> None:
    assert browse(name).get(f"/people/{cast['jemal'].user_id}/new-way-in").status_code == 404
    with pytest.raises(Refused):
        ask(cast, "jemal", actor(name))
