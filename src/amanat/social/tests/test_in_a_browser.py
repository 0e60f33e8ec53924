"""The pages of this room as a person has them: without JavaScript, on a phone, and as axe reads them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse

from amanat.cases.models import Case
from amanat.social.actions import helping, ties
from amanat.social.tests.test_family import asked, assess

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
LETTERS = """() => {
  const picture = document.querySelector("svg.around");
  const size = parseFloat(getComputedStyle(picture.querySelector(".who text")).fontSize);
  return size * picture.getBoundingClientRect().width / picture.viewBox.baseVal.width;
}"""
PAGES = ("helps", "spendings", "spend", "family", "ask_child", "around", "record_help")


@pytest.fixture
def lived(case: Case, actor: Any, write_down: Callable[..., Any], spend: Callable[..., Any]) -> Case:
    """A child with a network, a way to the family, help and money."""
    aunt = write_down()
    write_down("Gurban Orazow", "guardian")
    write_down("Batyr Orazow", "father", suspect=True)
    write_down("Ogulsona", "teacher")
    ties.place_person(case, person=aunt, ring="household", safe="yes", words="Calls weekly.", actor=actor("jemal"))
    assess(case, actor, asked(case, actor, person=aunt.pk.hex, words="I want to see my aunt."), household=["Gurban"])
    helping.record_help(
        case,
        kind="home_visit",
        on=case.opened_in,
        what="Visited the aunt.",
        result="done",
        met=[aunt.pk.hex],
        words="Two warm rooms.",
        actor=actor("jemal"),
    )
    spend()
    return case


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    seat: Callable[..., Page], lived: Case, width: int, scheme: str
) -> None:
    page = seat("jemal", width, color_scheme=scheme)
    for name in PAGES:
        page.goto(reverse(f"social.{name}", args=[lived]))
        assert Axe().run(page).response["violations"] == [], name
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
    page.goto(reverse("social.around", args=[lived]))
    assert page.evaluate(LETTERS) >= 11, "numbers in the picture can be read on a phone"
    page.goto(reverse("social.budgets"))
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_money_is_spent_without_javascript(seat: Callable[..., Page], case: Case, budget: Any) -> None:
    page = seat("jemal", java_script_enabled=False)
    page.goto(reverse("social.spend", args=[case]))
    page.get_by_label("Amount", exact=True).fill("1 000,01")
    page.get_by_label("What it was for").fill("Bus to Mary")
    page.get_by_role("button", name="Write it down").click()
    assert "are left" in page.get_by_role("alert").inner_text()
    page.get_by_label("Amount", exact=True).fill("99,90")
    page.get_by_role("button", name="Write it down").click()
    page.get_by_text("Bus to Mary").wait_for()
