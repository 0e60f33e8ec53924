"""Confirming and declining: by the right second person, and never by somebody who is part of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from amanat.access.actor import Actor
from amanat.office.actions import proposing
from amanat.office.models import Proposal, ProposalKind
from amanat.office.tests.ways import at_once, code_on, entries_of, proposed, read, send
from amanat.people.models import Membership, Role, User
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import CAST, Cast

Browse = Callable[..., Client]


def test_what_the_dpo_confirms_holds_from_that_moment(cast: Cast, browse: Browse) -> None:
    proposal = proposed(cast, cast["andrei"].user, Role.LAWYER)
    page = send(browse("kerim"), f"/people/proposals/{proposal.pk}/confirm")
    assert "Confirmed. The role holds from now on." in page
    assert code_on(page) == ""
    given = Membership.objects.get(user=cast["andrei"].user, role=Role.LAWYER)
    assert (given.since, given.agency) == (cast.now, cast["jemal"].agency)


@pytest.mark.parametrize("name", [name for name, (_agency, role) in CAST.items() if role != Role.DPO])
def test_nobody_but_a_dpo_decides_on_a_usual_role(cast: Cast, actor: Callable[..., Actor], name: str) -> None:
    proposal = proposed(cast, cast["andrei"].user, Role.LAWYER)
    for act, more in ((proposing.confirm, {}), (proposing.decline, {"reason": "No."})):
        with pytest.raises(Refused):
            act(proposal, actor=actor(name), **more)
    assert Proposal.objects.waiting().count() == 1


@pytest.mark.parametrize("name", [name for name, (_agency, role) in CAST.items() if role != Role.SUPERVISOR])
def test_nobody_but_a_supervisor_decides_on_a_dpo(cast: Cast, actor: Callable[..., Actor], name: str) -> None:
    proposal = proposed(cast, cast["andrei"].user, Role.DPO)
    with pytest.raises(Refused):
        proposing.confirm(proposal, actor=actor(name))
    proposing.confirm(proposal, actor=actor("aman"))
    assert Membership.objects.filter(user=cast["andrei"].user, role=Role.DPO).exists()


def test_nobody_confirms_what_they_proposed(cast: Cast, actor: Callable[..., Actor]) -> None:
    """Even where the same person holds both roles, in two agencies."""
    Membership.objects.create(user=cast["aman"].user, agency=cast["jemal"].agency, role=Role.DPO, since=cast.now)
    proposal = proposing.propose_reset(cast["jemal"].user, reason="Lost phone.", actor=actor("aman"))
    as_dpo = Membership.objects.get(user=cast["aman"].user, role=Role.DPO)
    both = Actor.of(as_dpo, cast.now, proved_at=cast.now, second_factor=True)
    with pytest.raises(Refused):
        proposing.confirm(proposal, actor=both)


def test_nobody_confirms_their_own_role(cast: Cast, actor: Callable[..., Actor]) -> None:
    proposal = proposed(cast, cast["kerim"].user, Role.COORDINATOR)
    with pytest.raises(Refused):
        proposing.confirm(proposal, actor=actor("kerim"))
    assert proposing.confirm(proposal, actor=actor("maral")) == ""


def test_a_refused_decision_stands_in_the_log(cast: Cast, actor: Callable[..., Actor]) -> None:
    proposal = proposed(cast, cast["andrei"].user, Role.LAWYER)
    with pytest.raises(Refused):
        proposing.confirm(proposal, actor=actor("aman"))
    ((entry, _details),) = entries_of("people.confirm")
    assert (entry.outcome, entry.user) == ("refused", cast["aman"].user)


def test_what_was_decided_is_not_decided_again(cast: Cast, actor: Callable[..., Actor], browse: Browse) -> None:
    proposal = proposed(cast, cast["andrei"].user, Role.LAWYER)
    proposing.decline(proposal, reason="I do not know him.", actor=actor("kerim"))
    page = send(browse("maral"), f"/people/proposals/{proposal.pk}/confirm")
    assert "This was decided before." in page
    assert not Membership.objects.filter(user=cast["andrei"].user, role=Role.LAWYER).exists()


def test_declining_changes_nothing_and_keeps_its_reason_in_the_log(cast: Cast, browse: Browse) -> None:
    proposal = proposed(cast, cast["andrei"].user, Role.LAWYER)
    page = send(browse("kerim"), f"/people/proposals/{proposal.pk}/decline", reason="I do not know him.")
    assert "Nothing waits for you" in page
    assert not Membership.objects.filter(user=cast["andrei"].user, role=Role.LAWYER).exists()
    ((_entry, details),) = entries_of("people.decline")
    assert details["reason"] == "I do not know him."


def test_a_role_that_no_longer_goes_together_with_what_they_hold_is_not_confirmed(
    cast: Cast, actor: Callable[..., Actor]
) -> None:
    """Between the two people, somebody made the worker an administrator."""
    proposal = proposed(cast, cast["andrei"].user, Role.LAWYER)
    proposing.propose_role(
        cast["andrei"].user,
        role=Role.ADMINISTRATOR,
        agency=cast["jemal"].agency,
        site=None,
        reason="Help.",
        actor=actor("viktor"),
    )
    with pytest.raises(PersonFacingError, match="no role that reaches children"):
        proposing.confirm(proposal, actor=actor("kerim"))
    assert Proposal.objects.waiting().count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_roles_given_at_once_go_together_all_the_same(cast: Cast) -> None:
    """One person makes the worker an administrator while another confirms a role that reaches children."""
    andrei = cast["andrei"].user
    proposal = proposed(cast, andrei, Role.LAWYER)
    asked = {"role": Role.ADMINISTRATOR, "agency": cast["jemal"].agency, "site": None, "reason": "Help."}
    done = at_once(
        lambda: proposing.confirm(proposal, actor=cast.actor("kerim")),
        lambda: proposing.propose_role(User.objects.get(pk=andrei.pk), **asked, actor=cast.actor("viktor")),
    )
    assert sorted(done) == [False, True]
    assert len(set(andrei.memberships.values_list("role", flat=True)) & {Role.LAWYER, Role.ADMINISTRATOR}) == 1


def test_the_page_shows_only_what_this_person_decides(cast: Cast, browse: Browse) -> None:
    proposed(cast, cast["andrei"].user, Role.LAWYER)
    proposed(cast, cast["tamara"].user, Role.DPO)
    kerim, aman = read(browse("kerim"), "/people/proposals"), read(browse("aman"), "/people/proposals")
    assert ("Andrei" in kerim, "Tamara" in kerim) == (True, False)
    assert ("Andrei" in aman, "Tamara" in aman) == (False, True)


def test_a_proposal_of_others_does_not_exist_for_this_person(cast: Cast, browse: Browse) -> None:
    proposal = proposed(cast, cast["andrei"].user, Role.LAWYER)
    assert browse("aman").get(f"/people/proposals/{proposal.pk}/confirm").status_code == 404
    assert browse("viktor").get(f"/people/proposals/{proposal.pk}/confirm").status_code == 404


def test_deciding_asks_for_a_fresh_sign_in(cast: Cast, browse: Browse) -> None:
    assert browse("kerim", proved=False).get("/people/proposals").headers["Location"].startswith("/account/")


def test_everybody_who_looks_after_people_sees_what_waits_and_for_whom(cast: Cast, browse: Browse) -> None:
    proposed(cast, cast["andrei"].user, Role.LAWYER)
    for name in ("viktor", "kerim", "maral"):
        page = read(browse(name), "/people")
        assert "Waits for the second person" in page
    assert "Look at it and decide" in read(browse("kerim"), "/people")
    assert "Look at it and decide" not in read(browse("viktor"), "/people")


def test_the_kinds_of_proposals_are_those_of_the_design() -> None:
    assert set(ProposalKind.values) == {"role", "reset"}


def test_what_waits_for_somebody_stands_on_their_day(cast: Cast, browse: Browse) -> None:
    assert "waits for you" not in read(browse("kerim"), "/")
    proposed(cast, cast["andrei"].user, Role.LAWYER)
    assert 'href="/people/proposals"' in read(browse("kerim"), "/")
    assert "proposal waits for you" in read(browse("kerim"), "/")
    assert "waits for you" not in read(browse("jemal"), "/")
