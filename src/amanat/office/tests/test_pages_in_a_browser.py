"""The office as a person sees it: nothing for axe to find, nothing wider than a phone, the policy as a table and as names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from amanat.cases.actions import guarding
from amanat.cases.models import Case
from amanat.office.actions import leaving, proposing
from amanat.office.backups.models import DestinationKind, Trouble
from amanat.office.tests import state
from amanat.office.tests.ways import proposed
from amanat.people.models import Role
from tests.cast import Cast

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
Seat = Callable[..., "Page"]
LOOKS = [(320, "light"), (768, "dark"), (1280, "light"), (320, "dark")]  # a page takes the next of them


@pytest.fixture
def busy(cast: Cast, case: Case) -> dict[str, list[str]]:
    """A day on which every page has something to show; the pages by who opens them."""
    aman, viktor, jemal = cast.actor("aman"), cast.actor("viktor"), cast.actor("jemal")
    role = proposed(cast, cast["andrei"].user, Role.LAWYER)
    proposing.propose_reset(cast["merdan"].user, reason="The phone fell into the lake.", actor=aman)
    leaving.suspend(cast["sona"].user, reason="Shared a password.", actor=viktor)
    week = {"away_from": cast.now - timedelta(days=1), "away_until": cast.now + timedelta(days=6)}
    leaving.set_leave(cast["jemal"], **week, deputy=cast["merdan"], actor=jemal)
    guarding.record_conflict(case, user=cast["bahar"].user, reason="A cousin.", actor=jemal)
    shelf = state.place(cast.now, "blue disk", reached_at=cast.now, trouble=Trouble.LIST)
    stick = "/media/usb-of-the-office-with-a-long-name-000000000000/backups/amanat"
    state.place(cast.now, stick, kind=DestinationKind.ON_DEMAND, place=stick)
    worker, held, agency = cast["jemal"].user_id, cast["jemal"].pk, cast["jemal"].agency_id
    return {
        "viktor": [
            "/people",
            "/people/invite",
            f"/people/{worker}",
            f"/people/{worker}/role",
            "/agencies",
            "/agencies/add",
            f"/agencies/{agency}/site",
            "/health",
            "/backups/restored",
            "/backups",
            "/backups",
            f"/backups/{shelf.pk}/remove",
        ],
        "aman": [f"/people/{worker}/suspend", f"/people/roles/{held}/end", f"/people/{worker}/new-way-in", "/leave"],
        "kerim": [
            f"/people/{worker}",
            "/people/proposals",
            f"/people/proposals/{role.pk}/confirm",
            f"/people/proposals/{role.pk}/decline",
            "/desk",
            "/desk/grants",
            "/desk/roles",
            "/desk/verify",
            "/desk/log",
        ],
        "jemal": ["/leave", f"/leave/{held}/end", "/policy"],
    }


@pytest.mark.parametrize("name", ["viktor", "aman", "kerim", "jemal"])
def test_axe_finds_nothing_and_no_page_is_wider_than_the_screen(
    seat: Seat, busy: dict[str, list[str]], name: str
) -> None:
    for place, address in enumerate(busy[name]):
        width, scheme = LOOKS[place % len(LOOKS)]
        page = seat(name, width, color_scheme=scheme)
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200, address
        assert Axe().run(page).response["violations"] == [], (address, width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (address, width)


def test_bad_input_is_summed_up_with_the_keyboard_on_it(seat: Seat, cast: Cast) -> None:
    page = seat("viktor", 320)
    page.goto("/people/invite")
    page.get_by_role("button", name="Make the code").click()
    page.get_by_role("alert").get_by_role("link", name="Sign-in name").click()
    assert page.evaluate("document.activeElement.id") == "id_username"
    assert Axe().run(page).response["violations"] == []


def test_a_code_is_made_without_javascript_and_its_sheet_fits_a_phone(seat: Seat, cast: Cast) -> None:
    page = seat("viktor", 320, java_script_enabled=False)
    page.goto("/people/invite")
    page.get_by_label("Name", exact=True).fill("Gözel Annayewa")
    page.get_by_label("Sign-in name").fill("gozel")
    page.get_by_label("Role").select_option("social_worker")
    page.get_by_label("Reason").fill("The team grows.")
    page.get_by_role("button", name="Make the code").click()
    page.get_by_text("This code is shown once").wait_for()
    assert page.locator(".code span").count() == 8
    assert page.get_by_role("button", name="Print").count() == 0, "printing by the browser's own menu"


def test_the_policy_is_a_grid_on_a_wide_screen_and_names_on_a_phone(seat: Seat, cast: Cast) -> None:
    wide, phone = seat("jemal", 1280), seat("jemal", 320)
    for page in (wide, phone):
        page.goto("/policy")
    nothing = '[data-row="identity"] [data-label="coordinator"]'
    sees = '[data-row="identity"] [data-label="lawyer"]'
    assert (wide.locator(nothing).is_visible(), phone.locator(nothing).is_visible()) == (True, False)
    assert (wide.locator(sees).is_visible(), phone.locator(sees).is_visible()) == (True, True)
    assert phone.get_by_text("Who is not named under a heading may not.").first.is_visible()


def test_a_printed_policy_is_the_grid_whatever_the_screen(seat: Seat, cast: Cast) -> None:
    page = seat("jemal", 320)
    page.goto("/policy")
    page.emulate_media(media="print")
    assert page.locator('[data-row="identity"] [data-label="coordinator"]').is_visible()
    assert page.get_by_text("printed by Jemal, Northern Network").is_visible()
    assert not page.get_by_role("navigation", name="Main").is_visible()
