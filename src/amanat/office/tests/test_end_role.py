"""The end of a role, once nobody's file rests on it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from amanat.access.actor import Actor
from amanat.cases.actions import passing_on
from amanat.cases.models import Case
from amanat.office.actions import leaving
from amanat.office.tests.ways import at_once, entries_of, read, send
from amanat.people.models import Membership, Role
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import Cast

Browse = Callable[..., Client]


def test_an_ended_role_lets_nobody_in_any_more(cast: Cast, browse: Browse) -> None:
    merdan = browse("merdan")
    assert merdan.get("/policy").status_code == 200
    page = send(browse("aman"), f"/people/roles/{cast['merdan'].pk}/end", reason="Moved to the capital.")
    assert "The role has ended." in page
    assert merdan.get("/policy").status_code == 403
    ((_entry, details),) = entries_of("people.end_role")
    assert details["about"] == "Merdan (social worker, Northern Network)"


def test_whoever_stands_in_circles_hands_the_caseload_over_first(
    cast: Cast, case: Case, browse: Browse, actor: Callable[..., Actor]
) -> None:
    address = f"/people/roles/{cast['jemal'].pk}/end"
    assert "Hand the caseload over first" in read(browse("aman"), address)
    with pytest.raises(PersonFacingError, match="circles of care"):
        leaving.end_membership(cast["jemal"], reason="Leaves.", actor=actor("aman"))
    passing_on.hand_over_caseload(cast["jemal"], to=cast["merdan"], reason="Leaves.", actor=actor("aman"))
    assert "Hand the caseload over first" not in read(browse("aman"), address)
    leaving.end_membership(cast["jemal"], reason="Leaves.", actor=actor("aman"))
    assert not Membership.objects.get(pk=cast["jemal"].pk).is_current(cast.now)


def test_a_supervisor_ends_no_role_in_another_agency(cast: Cast, browse: Browse, actor: Callable[..., Actor]) -> None:
    """Not even of somebody who works in both."""
    own = Membership.objects.create(
        user=cast["dowlet"].user, agency=cast["aman"].agency, role="trainer", since=cast.now
    )
    assert own.agency == cast["aman"].agency
    assert browse("aman").get(f"/people/roles/{cast['dowlet'].pk}/end").status_code == 404
    with pytest.raises(Refused):
        leaving.end_membership(cast["dowlet"], reason="Why not.", actor=actor("aman"))


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.DPO])
def test_nor_any_role_of_those_who_look_after_all_agencies(
    cast: Cast, browse: Browse, actor: Callable[..., Actor], role: Role
) -> None:
    own = Membership.objects.create(user=cast["andrei"].user, agency=cast["aman"].agency, role=role, since=cast.now)
    assert f"/people/roles/{own.pk}/end" not in read(browse("aman"), f"/people/{cast['andrei'].user_id}")
    with pytest.raises(Refused):
        leaving.end_membership(own, reason="Why not.", actor=actor("aman"))
    assert Membership.objects.get(pk=own.pk).until is None


def test_nobody_ends_their_own_role(cast: Cast, actor: Callable[..., Actor]) -> None:
    for name in ("aman", "viktor"):
        with pytest.raises(Refused):
            leaving.end_membership(cast[name], reason="Tired.", actor=actor(name))


def test_the_last_dpo_stays(cast: Cast, actor: Callable[..., Actor]) -> None:
    leaving.end_membership(cast["kerim"], reason="Retires.", actor=actor("viktor"))
    with pytest.raises(PersonFacingError, match="last data protection officer"):
        leaving.end_membership(cast["maral"], reason="Retires.", actor=actor("viktor"))


@pytest.mark.parametrize("name", ["merdan", "kerim", "irina"])
def test_nobody_else_ends_roles(cast: Cast, browse: Browse, actor: Callable[..., Actor], name: str) -> None:
    assert browse(name).get(f"/people/roles/{cast['jemal'].pk}/end").status_code == 404
    with pytest.raises(Refused):
        leaving.end_membership(cast["jemal"], reason="Why not.", actor=actor(name))


def test_the_last_administrator_stays(cast: Cast, actor: Callable[..., Actor]) -> None:
    """Even where the one who ends the role was suspended a moment ago, and so does not count."""
    other = Membership.objects.create(
        user=cast["andrei"].user, agency=cast["irina"].agency, role=Role.ADMINISTRATOR, since=cast.now
    )
    leaving.suspend(cast["viktor"].user, reason="A drill.", actor=Actor.of(other, cast.now, proved_at=cast.now))
    with pytest.raises(PersonFacingError, match="last administrator"):
        leaving.end_membership(other, reason="Retires.", actor=actor("viktor"))


@pytest.mark.django_db(transaction=True)
def test_two_ends_at_once_leave_one_dpo(cast: Cast) -> None:
    done = at_once(
        lambda: leaving.end_membership(cast["kerim"], reason="Retires.", actor=cast.actor("viktor")),
        lambda: leaving.suspend(cast["maral"].user, reason="A drill.", actor=cast.actor("viktor")),
    )
    assert sorted(done) == [False, True]
    assert Membership.objects.current(cast.now).filter(role=Role.DPO).count() == 1
