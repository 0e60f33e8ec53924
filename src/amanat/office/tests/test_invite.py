"""Inviting: a code on paper, once; no password is made for anybody."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from amanat.access.actor import Actor
from amanat.office.actions import inviting
from amanat.office.models import Proposal
from amanat.office.tests.ways import code_on, entries_of, read, send
from amanat.people.clock import stopped
from amanat.people.invitations import open_invitation
from amanat.people.models import Invitation, Membership, Role, User
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import Cast

Browse = Callable[..., Client]
ACCEPTED = "nine green boats sailing"


def typed(cast: Cast, **changed: Any) -> dict[str, Any]:
    usual = {
        "display_name": "Gözel Annayewa",
        "username": "gozel",
        "language": "tk",
        "role": "social_worker",
        "agency": cast["jemal"].agency_id,
        "site": cast["jemal"].site_id,
        "reason": "The team grows.",
    }
    return usual | changed


def test_the_sheet_carries_the_code_a_number_and_who_printed_it(cast: Cast, browse: Browse) -> None:
    page = send(browse("viktor"), "/people/invite", **typed(cast))
    code = code_on(page)
    assert open_invitation(code, cast.now).user.username == "gozel"
    number = Invitation.objects.get().pk
    assert f"Sheet {number}, printed by Viktor, Northern Network" in page
    assert "data-print" in page


def test_the_code_is_shown_once_and_never_again(cast: Cast, browse: Browse) -> None:
    viktor = browse("viktor")
    code = code_on(send(viktor, "/people/invite", **typed(cast)))
    gozel = User.objects.get(username="gozel")
    for address in ("/people", f"/people/{gozel.pk}", "/people/invite", f"/people/{gozel.pk}/new-code"):
        assert code_on(read(viktor, address)) == ""
    sent_again = send(viktor, "/people/invite", **typed(cast))
    assert "This sign-in name is taken." in sent_again
    assert code_on(sent_again) == ""
    assert code.replace("-", "") not in str(list(Invitation.objects.values()))


def test_the_answer_is_kept_by_no_cache(cast: Cast, browse: Browse) -> None:
    answer = browse("viktor").post("/people/invite", typed(cast))
    assert "no-store" in answer.headers["Cache-Control"]


def test_an_invited_worker_has_no_password_until_they_choose_one(cast: Cast, actor: Callable[..., Actor]) -> None:
    invited = invite(cast, actor("viktor"))
    assert not invited.user.has_usable_password()
    client = Client()
    with stopped(cast.now):
        assert client.post("/account/begin", {"code": invited.code}).status_code == 302
        client.post("/account/begin/password", {"password": ACCEPTED, "again": ACCEPTED})
        assert User.objects.get(username="gozel").check_password(ACCEPTED)
        assert client.get("/account").headers["Location"] == "/account/second-factors"


def test_a_role_that_reaches_children_waits_so_that_the_newcomer_sees_nothing(
    cast: Cast, actor: Callable[..., Actor]
) -> None:
    invited = invite(cast, actor("viktor"))
    assert not Membership.objects.filter(user=invited.user).exists()
    assert Proposal.objects.waiting().get().user == invited.user


def test_a_role_that_reaches_no_children_holds_at_once(cast: Cast, actor: Callable[..., Actor]) -> None:
    invited = invite(cast, actor("viktor"), role=Role.TRAINER)
    assert Membership.objects.get(user=invited.user).role == Role.TRAINER
    assert not Proposal.objects.exists()


def test_the_log_names_the_newcomer_and_the_reason_and_not_the_code(cast: Cast, actor: Callable[..., Actor]) -> None:
    invited = invite(cast, actor("viktor"))
    ((entry, details),) = entries_of("people.invite")
    assert (entry.user, details["about"], details["reason"]) == (
        cast["viktor"].user,
        "Gözel Annayewa",
        "The team grows.",
    )
    assert invited.code not in str(details)


@pytest.mark.parametrize("name", ["JEMAL", "Jemal"])
def test_a_sign_in_name_that_differs_by_capitals_alone_is_taken(
    cast: Cast, actor: Callable[..., Actor], name: str
) -> None:
    with pytest.raises(PersonFacingError, match="taken"):
        invite(cast, actor("viktor"), username=name)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("username", "two words", "Use letters, digits"),
        ("role", "superuser", "Select a valid choice"),
        ("display_name", "", "This field is required"),
        ("reason", "", "Write the reason. One sentence is enough."),
    ],
)
def test_bad_input_gets_a_sentence_and_keeps_what_was_typed(
    cast: Cast, browse: Browse, field: str, value: str, sentence: str
) -> None:
    page = send(browse("viktor"), "/people/invite", **typed(cast, **{field: value}))
    assert sentence in page
    assert ("Gözel Annayewa" in page) or field == "display_name"
    assert not User.objects.filter(username="gozel").exists()


def test_a_site_of_another_agency_is_refused(cast: Cast, browse: Browse) -> None:
    page = send(browse("viktor"), "/people/invite", **typed(cast, site=cast["dowlet"].site_id))
    assert "This site belongs to another agency." in page
    assert not User.objects.filter(username="gozel").exists()


@pytest.mark.parametrize("name", ["jemal", "aman", "kerim", "irina", "andrei"])
def test_only_an_administrator_invites(cast: Cast, browse: Browse, actor: Callable[..., Actor], name: str) -> None:
    assert browse(name).get("/people/invite").status_code == 404
    with pytest.raises(Refused):
        invite(cast, actor(name))


def test_a_new_code_replaces_one_that_was_never_used(cast: Cast, actor: Callable[..., Actor], browse: Browse) -> None:
    invited = invite(cast, actor("viktor"))
    page = send(browse("viktor"), f"/people/{invited.user.pk}/new-code")
    assert code_on(page) not in ("", invited.code)
    with pytest.raises(PersonFacingError):
        open_invitation(invited.code, cast.now)
    assert open_invitation(code_on(page), cast.now).user == invited.user


def test_whoever_has_begun_gets_no_new_code_from_one_person_alone(cast: Cast, actor: Callable[..., Actor]) -> None:
    with pytest.raises(PersonFacingError, match="has begun"):
        inviting.invite_again(cast["jemal"].user, actor=actor("viktor"))


def test_a_code_opens_nothing_after_three_days(cast: Cast, actor: Callable[..., Actor]) -> None:
    invited = invite(cast, actor("viktor"))
    with pytest.raises(PersonFacingError):
        open_invitation(invited.code, cast.now + timedelta(days=3))


def test_inviting_asks_for_a_fresh_sign_in(cast: Cast, browse: Browse) -> None:
    answer = browse("viktor", proved=False).get("/people/invite")
    assert answer.headers["Location"].startswith("/account/")


def invite(cast: Cast, actor: Actor, **changed: Any) -> inviting.Invited:
    given = typed(cast, **changed) | {"agency": cast["jemal"].agency, "site": cast["jemal"].site}
    given["role"] = Role(given["role"])
    return inviting.invite(actor=actor, **given)


def test_the_sheet_names_the_address_the_words_of_the_link_and_who_confirms(cast: Cast, browse: Browse) -> None:
    sheet = browse("viktor").post("/people/invite", typed(cast)).content.decode()
    assert "Open testserver, choose &quot;I was given a code to begin with&quot; and type the code." in sheet
    assert "begins when the data protection officer has confirmed it" in sheet
