"""The list of workers and a worker's page: who sees whom, in which order, in which state."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from amanat.access.actor import Actor
from amanat.cases.actions import guarding, handing
from amanat.cases.models import Case
from amanat.office import workers
from amanat.office.actions import leaving
from amanat.office.tests.ways import proposed, read
from amanat.people.models import Membership, Role, User
from tests.cast import HARBOUR, MECHANISM, NORTH, Cast

Browse = Callable[..., Client]


def named(page: str) -> list[str]:
    """The workers of the tables, in order."""
    return re.findall(r'<a href="/people/[0-9a-f-]{36}">([^<]+?) <small', page)


def test_an_administrator_and_a_dpo_see_every_agency(cast: Cast, browse: Browse) -> None:
    for name in ("viktor", "kerim"):
        page = read(browse(name), "/people")
        assert all(agency in page for agency in (NORTH, HARBOUR, MECHANISM))
        assert len(named(page)) == len(cast)


def test_a_supervisor_sees_the_workers_of_the_own_agency_alone(cast: Cast, browse: Browse) -> None:
    own = {member.user.display_name for member in cast.values() if member.agency == cast["aman"].agency}
    page = read(browse("aman"), "/people")
    assert set(named(page)) == own
    assert HARBOUR not in page


@pytest.mark.parametrize("name", ["jemal", "irina", "selbi", "andrei"])
def test_for_everybody_else_there_is_no_such_page(cast: Cast, browse: Browse, name: str) -> None:
    client = browse(name)
    assert client.get("/people").status_code == 404
    assert client.get(f"/people/{cast['merdan'].user_id}").status_code == 404


@pytest.mark.parametrize(
    ("language", "order"),
    [("tk", ["Cemal", "Çary", "Dursun", "Žale", "Şirin"]), ("en", ["Çary", "Cemal", "Dursun", "Şirin", "Žale"])],
)
def test_names_stand_in_the_alphabetical_order_of_the_language(
    cast: Cast, browse: Browse, language: str, order: list[str]
) -> None:
    for name in sorted(order):
        add_worker(cast, name)
    client = browse("aman")
    client.cookies["language"] = language
    assert [name for name in named(read(client, "/people")) if name in order] == order


def test_who_is_on_leave_suspended_without_factor_or_waiting_is_told_in_words(
    cast: Cast, browse: Browse, actor: Callable[..., Actor]
) -> None:
    viktor = browse("viktor")
    before = read(viktor, f"/people?agency={cast['jemal'].agency_id.hex}")
    assert before.count("no second factor yet") == 8
    Authenticator.objects.create(user=cast["jemal"].user, type=Authenticator.Type.TOTP, data={})
    leaving.set_leave(
        cast["jemal"],
        away_from=cast.now - timedelta(days=1),
        away_until=cast.now + timedelta(days=1),
        deputy=cast["merdan"],
        actor=actor("jemal"),
    )
    leaving.suspend(cast["sona"].user, reason="A drill.", actor=actor("aman"))
    proposed(cast, cast["merdan"].user, Role.LAWYER)
    page = read(viktor, f"/people?agency={cast['jemal'].agency_id.hex}")
    for words in ("on leave until", "deputy: Merdan", "suspended", "waits for the second person"):
        assert words in page
    assert page.count("no second factor yet") == 7


def test_whoever_works_nowhere_any_more_stands_apart(cast: Cast, browse: Browse, actor: Callable[..., Actor]) -> None:
    leaving.end_membership(cast["andrei"], reason="Moved.", actor=actor("viktor"))
    assert "Work nowhere now" in read(browse("viktor"), "/people")
    assert "This worker holds no role now." in read(browse("viktor"), f"/people/{cast['andrei'].user_id}")


def test_one_agency_at_a_time_where_there_are_many_workers(cast: Cast, browse: Browse) -> None:
    for number in range(workers.AT_ONCE):
        add_worker(cast, f"Worker {number:03d}", "dowlet")
    viktor = browse("viktor")
    assert len(named(read(viktor, "/people"))) == 8, "the administrator's own agency"
    assert len(named(read(viktor, "/people", agency=cast["dowlet"].agency_id.hex))) == workers.AT_ONCE + 3


def test_an_agency_that_is_none_is_passed_over(cast: Cast, browse: Browse) -> None:
    assert len(named(read(browse("viktor"), "/people", agency="' OR 1=1"))) == len(cast)


def test_the_dpo_sees_by_code_name_where_a_worker_stands(cast: Cast, case: Case, browse: Browse) -> None:
    page = read(browse("kerim"), f"/people/{cast['jemal'].user_id}")
    assert f'<a href="{case.get_absolute_url()}">{case.child.code_name}</a>' in page
    assert "Aylar" not in page


def test_nobody_else_sees_where_a_worker_stands(cast: Cast, case: Case, browse: Browse) -> None:
    for name in ("aman", "viktor"):
        page = read(browse(name), f"/people/{cast['jemal'].user_id}")
        assert case.child.code_name not in page
        assert "circles of care</h2>" not in page


def test_a_file_from_which_a_conflict_keeps_the_dpo_out_is_not_named(
    cast: Cast, case: Case, browse: Browse, actor: Callable[..., Actor]
) -> None:
    guarding.record_conflict(case, user=cast["kerim"].user, reason="An uncle.", actor=actor("jemal"))
    address = f"/people/{cast['jemal'].user_id}"
    assert case.child.code_name not in read(browse("kerim"), address)
    assert case.child.code_name in read(browse("maral"), address)


def test_a_page_offers_what_its_reader_can_do_and_no_more(cast: Cast, browse: Browse) -> None:
    offers = {
        "viktor": {"Propose a role", "Ask for a new way in", "Suspend"},
        "aman": {"Ask for a new way in", "Suspend"},
        "kerim": {"What they did, in the log"},
    }
    for name, expected in offers.items():
        page = read(browse(name), f"/people/{cast['jemal'].user_id}")
        every = {"Propose a role", "Ask for a new way in", "Suspend", "What they did, in the log", "Let in again"}
        assert {text for text in every if f"</svg>{text}</a>" in page} == expected


def test_nobody_is_offered_to_do_anything_about_themselves(cast: Cast, browse: Browse) -> None:
    assert "What you can do" not in read(browse("viktor"), f"/people/{cast['viktor'].user_id}")


def test_handing_over_and_back_leaves_one_place(
    cast: Cast, case: Case, browse: Browse, actor: Callable[..., Actor]
) -> None:
    handing.hand_over(case, to=cast["merdan"], reason="Leave.", actor=actor("jemal"))
    assert case.child.code_name not in read(browse("kerim"), f"/people/{cast['jemal'].user_id}")
    assert case.child.code_name in read(browse("kerim"), f"/people/{cast['merdan'].user_id}")


def add_worker(cast: Cast, name: str, like: str = "jemal") -> Membership:
    user = User.objects.create_user(name.replace(" ", ".").lower(), None, display_name=name)
    return Membership.objects.create(user=user, agency=cast[like].agency, role=Role.SOCIAL_WORKER, since=cast.now)
