"""Finding a child as people do: as they type, by the keyboard alone, on a phone, without JavaScript, and back again."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

from amanat.cases.models import Case
from amanat.cases.tests.looking import many
from tests.cast import Cast
from tests.seats import NARROWER, TOO_SMALL, focus_goes_wrong, tab_to

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db(transaction=True)
Seat = Callable[..., "Page"]
FIND = "/find-a-child"
PLACE = re.compile(r"/find-a-child\?search=[0-9a-f]{32}$")
PICTURES = os.environ.get("AMANAT_PICTURES")


def picture(page: Page, name: str) -> None:
    """For somebody to look at, where they ask for it."""
    if PICTURES:
        page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)


def speak(page: Page, language: str) -> None:
    origin = re.match(r"https?://[^/]+", page.url)
    assert origin
    page.context.add_cookies([{"name": "language", "value": language, "url": origin[0]}])
    page.reload()


def is_told(page: Page, sentence: str) -> None:
    page.locator("#found-count").get_by_text(sentence).wait_for()


def test_as_one_types_the_child_is_found_and_nothing_is_left_in_the_history(seat: Seat, case: Case) -> None:
    page = seat("jemal")
    page.goto(FIND)
    is_told(page, "Looks through 1 file that you see.")
    before = page.evaluate("history.length")
    page.get_by_role("searchbox").press_sequentially("айл", delay=30)
    is_told(page, "1 file fits.")
    page.get_by_role("link", name="Aylar Çaryýewa").wait_for()
    assert page.evaluate("history.length") == before
    assert PLACE.search(page.url)
    assert "Aylar" not in page.title()
    page.get_by_role("searchbox").press_sequentially("м", delay=30)
    is_told(page, "No file fits.")
    page.get_by_role("searchbox").fill("")
    is_told(page, "Looks through 1 file that you see.")
    assert page.locator("#found .empty").count() == 0


def test_by_the_keyboard_alone_one_comes_to_the_file_and_back(seat: Seat, case: Case) -> None:
    page = seat("jemal")
    page.goto(FIND)
    tab_to(page, "#id_text")
    page.keyboard.type("caryyewa")
    page.keyboard.press("Enter")
    is_told(page, "1 file fits.")
    assert page.evaluate("document.activeElement.id") == "id_text"
    tab_to(page, f"a[href='{case.get_absolute_url()}']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{case.get_absolute_url()}")
    page.go_back()
    page.get_by_role("link", name="Aylar Çaryýewa").wait_for()
    assert page.get_by_role("searchbox").input_value() == "caryyewa"


def test_from_the_box_of_the_caseload_the_way_back_leads_to_what_was_found(
    seat: Seat,
    cast: Cast,
    case: Case,
) -> None:
    many(cast, 3)
    page = seat("jemal")
    page.goto("/cases")
    page.get_by_role("searchbox").fill("463500")
    is_told(page, "1 file fits.")
    assert page.get_by_text("4 cases").is_hidden()
    page.get_by_role("link", name="Aylar Çaryýewa").first.click()
    page.wait_for_url(f"**{case.get_absolute_url()}")
    page.go_back()
    page.wait_for_url(PLACE)
    assert page.get_by_role("searchbox").input_value() == "463500"
    page.get_by_role("link", name="Aylar Çaryýewa").wait_for()


def test_an_emptied_box_gives_the_caseload_back(seat: Seat, cast: Cast, case: Case) -> None:
    page = seat("jemal")
    page.goto("/cases")
    page.get_by_role("searchbox").fill("nobody")
    is_told(page, "No file fits.")
    page.get_by_role("searchbox").fill("")
    page.locator(".listed").get_by_role("link", name="Aylar Çaryýewa").wait_for()
    assert page.get_by_text("No file fits.").is_hidden()


@pytest.mark.parametrize("width", [320, 1280])
def test_without_javascript_one_presses_find_and_comes_back_to_it(
    seat: Seat,
    cast: Cast,
    case: Case,
    width: int,
) -> None:
    page = seat("jemal", width, java_script_enabled=False)
    page.goto("/cases")
    page.get_by_role("searchbox").fill("Айлар")
    page.locator("#find").get_by_role("button", name="Find").click()
    page.wait_for_url(PLACE)
    is_told(page, "1 file fits.")
    page.get_by_text("Narrow down").click()
    page.get_by_label("Stage").select_option("closed")
    page.get_by_role("searchbox").press("Enter")
    is_told(page, "No file fits.")
    page.go_back()
    is_told(page, "1 file fits.")
    page.get_by_role("link", name="Aylar Çaryýewa").click()
    page.wait_for_url(f"**{case.get_absolute_url()}")
    page.go_back()
    assert page.get_by_role("searchbox").input_value() == "Айлар"


def test_a_line_that_is_down_is_said_to_be(seat: Seat, case: Case) -> None:
    page = seat("jemal")
    page.goto(FIND)
    page.context.set_offline(True)
    page.get_by_role("searchbox").fill("ayl")
    is_told(page, "No answer. Check the connection, then press Find.")
    page.context.set_offline(False)
    page.get_by_role("button", name="Find").click()
    is_told(page, "1 file fits.")
    assert page.get_by_text("No answer.").is_hidden()


@pytest.mark.parametrize("language", [pytest.param("en", marks=pytest.mark.thorough), "ru"])
@pytest.mark.parametrize(("width", "scheme"), [(320, "dark"), (1280, "light")])
def test_axe_finds_nothing_and_all_fits(
    seat: Seat,
    cast: Cast,
    case: Case,
    width: int,
    scheme: str,
    language: str,
) -> None:
    many(cast, 30)
    page = seat("jemal", width, color_scheme=scheme)
    page.goto(FIND)
    speak(page, language)
    for name, text in (("empty", ""), ("some", "Name"), ("one", "чарыева"), ("none", "zzyzx")):
        if text:
            with page.expect_response(f"**{FIND}"):
                page.get_by_role("searchbox").fill(text)
            page.locator(".htmx-request, .htmx-swapping, .htmx-settling").first.wait_for(state="detached")
        assert Axe().run(page).response["violations"] == [], name
        assert page.evaluate(NARROWER) <= 0, name
        assert page.evaluate(TOO_SMALL) == [], name
        picture(page, f"find-{name}-{language}-{width}")
    page.goto("/cases")
    picture(page, f"caseload-{language}-{width}")
    page.goto(FIND)
    assert focus_goes_wrong(page, 60) == []
