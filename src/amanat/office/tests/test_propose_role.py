"""Roles are proposed by an administrator; those that reach children wait for a second person."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from amanat.access.actor import Actor
from amanat.access.policy import REACHES_CHILDREN
from amanat.office.actions import proposing
from amanat.office.models import Proposal
from amanat.office.tests.ways import entries_of, proposed, read, send
from amanat.people.models import Membership, Role
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import Cast

Browse = Callable[..., Client]
APART = [Role.ADMINISTRATOR, Role.TRAINER, Role.OUTREACH_OFFICER, Role.STATISTICIAN]


def test_exactly_the_roles_that_can_stand_in_a_relation_to_a_file_reach_children() -> None:
    assert frozenset(Role) - frozenset(APART) == REACHES_CHILDREN


@pytest.mark.parametrize("role", sorted(REACHES_CHILDREN))
def test_a_role_that_reaches_children_waits(cast: Cast, role: Role) -> None:
    before = set(cast["andrei"].user.memberships.values_list("role", flat=True))
    proposed(cast, cast["andrei"].user, role)
    assert set(cast["andrei"].user.memberships.values_list("role", flat=True)) == before


def test_a_role_that_reaches_no_children_holds_at_once(cast: Cast, actor: Callable[..., Actor]) -> None:
    given = propose(cast, "jemal", Role.TRAINER, actor("viktor"))
    assert isinstance(given, Membership)
    assert given.is_current(cast.now)


def test_the_page_proposes_and_says_that_it_waits(cast: Cast, browse: Browse) -> None:
    address = f"/people/{cast['andrei'].user_id}/role"
    page = send(
        browse("viktor"), address, role="lawyer", agency=cast["selbi"].agency_id, site="", reason="He studied law."
    )
    assert "Proposed. It waits for the second person." in page
    assert "Data protection officer" in page


@pytest.mark.parametrize("role", sorted(REACHES_CHILDREN))
def test_an_administrator_can_not_hold_a_role_that_reaches_children(
    cast: Cast, actor: Callable[..., Actor], role: Role
) -> None:
    other = Membership.objects.create(
        user=cast["tamara"].user, agency=cast["jemal"].agency, role=Role.ADMINISTRATOR, since=cast.now
    )
    with pytest.raises(PersonFacingError, match="no role that reaches children"):
        propose(cast, "tamara", role, actor("viktor"))
    assert set(other.user.memberships.values_list("role", flat=True)) == {Role.STATISTICIAN, Role.ADMINISTRATOR}


@pytest.mark.parametrize("suspended", [False, True])
def test_whoever_reaches_children_can_not_become_an_administrator(
    cast: Cast, actor: Callable[..., Actor], suspended: bool
) -> None:
    cast["jemal"].user.is_active = not suspended
    cast["jemal"].user.save()
    with pytest.raises(PersonFacingError, match="no role that reaches children"):
        propose(cast, "jemal", Role.ADMINISTRATOR, actor("viktor"))


def test_nobody_proposes_a_role_for_themselves(cast: Cast, actor: Callable[..., Actor]) -> None:
    with pytest.raises(Refused):
        propose(cast, "viktor", Role.TRAINER, actor("viktor"))
    assert entries_of("people.propose")[0][0].outcome == "refused"


def test_the_same_role_is_proposed_once(cast: Cast, actor: Callable[..., Actor]) -> None:
    proposed(cast, cast["andrei"].user, Role.LAWYER)
    with pytest.raises(PersonFacingError, match="proposed already"):
        propose(cast, "andrei", Role.LAWYER, actor("viktor"))
    assert Proposal.objects.count() == 1


def test_a_role_that_is_held_is_not_proposed_again(cast: Cast, actor: Callable[..., Actor]) -> None:
    with pytest.raises(PersonFacingError, match="already"):
        propose(cast, "jemal", Role.SOCIAL_WORKER, actor("viktor"))


@pytest.mark.parametrize("name", ["jemal", "aman", "kerim", "irina"])
def test_only_an_administrator_proposes(cast: Cast, browse: Browse, actor: Callable[..., Actor], name: str) -> None:
    assert browse(name).get(f"/people/{cast['andrei'].user_id}/role").status_code == 404
    with pytest.raises(Refused):
        propose(cast, "andrei", Role.LAWYER, actor(name))


def test_the_reason_is_sealed_and_waits_for_the_second_person_alone(cast: Cast, browse: Browse) -> None:
    proposal = proposed(cast, cast["andrei"].user, Role.LAWYER)
    assert repr(proposal.reason) == "<sealed>"
    assert "The team grows." in read(browse("kerim"), "/people/proposals")


def propose(cast: Cast, name: str, role: Role, actor: Actor) -> Membership | Proposal:
    user = cast[name].user
    return proposing.propose_role(
        user, role=role, agency=cast["jemal"].agency, site=None, reason="Needed.", actor=actor
    )
