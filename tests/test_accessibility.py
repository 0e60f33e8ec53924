"""Every page as people use it: narrow and wide, light and dark, in four languages, by keyboard, enlarged, without JavaScript.

By default each page is looked at once, in the language with the longest words and in widths and themes in turn; one page of each
kind in the other languages too. AMANAT_TEST_ALL looks at every page in all of them. What single components do is tested in `web`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.urls import reverse
from django.utils.translation.trans_real import translation

from amanat.cases.models import Case, Event, EventKind
from tests import lived_in
from tests.cast import PASSWORD, Cast
from tests.people_at_work import MovingClock, Worker
from tests.plugin import FULL_MATRIX
from tests.seats import (
    HEADINGS,
    HEIGHT,
    MOVES,
    NARROWER,
    NO_EDGE,
    OVER_THE_EDGE,
    TOO_SMALL,
    Seats,
    Spoken,
    complaints_of_axe,
    focus_goes_wrong,
    tab_to,
)
from tests.walk_world import SOME_PDF, World, marker

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.django_db(transaction=True)

LANGUAGES, WIDTHS, THEMES = ("tk", "ru", "en", "ro"), (320, 768, 1280), ("light", "dark")
IN_FORMS = ("Age", "Turkmen", "there", "kept")  # a form's or a package's own words, which are no messages of ours
PARTS = 4  # of the pages, so that more processes than one can look at them


@pytest.fixture
def house(transactional_db: None, clock: MovingClock) -> World:
    return lived_in.build()


@pytest.fixture
def seats(house: World, new_context: Callable[..., BrowserContext], live_server: Any) -> Seats:
    return Seats(house, new_context, live_server.url)


def looks(place: int) -> list[tuple[str, int, str]]:
    """How the page at this place of the list is looked at."""
    if FULL_MATRIX:
        return list(product(LANGUAGES, WIDTHS, THEMES))
    return [("ru", *turn(place))]


def turn(place: int) -> tuple[int, str]:
    """Three widths and two themes in turn: six pages meet every pair of them."""
    return WIDTHS[place % 3], THEMES[place % 2]


def faults_of(tab: Page) -> list[str]:
    """What axe finds, what is small, and what is wider than the screen, with all that folds opened; the tab is left at the widest."""
    tab.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true; })")
    found = [*complaints_of_axe(tab), *(f"small: {one}" for one in tab.evaluate(TOO_SMALL))]
    for width in WIDTHS:
        tab.set_viewport_size({"width": width, "height": HEIGHT})
        if tab.evaluate(NARROWER) > 0:
            found.append(f"wider than {width}: {tab.evaluate(OVER_THE_EDGE)}")
    return found


def test_the_usual_sample_meets_every_pair_of_width_and_theme() -> None:
    assert {turn(place) for place in range(6)} == set(product(WIDTHS, THEMES))


# --- every page ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Saying:
    """What no page may say in its title, and the English of what is translated: a sentence that was looked up when the program
    started would stay English."""

    of_the_child: tuple[str, ...]
    english: frozenset[str]

    @classmethod
    def of(cls, house: World) -> Saying:
        told = [pair for pair in translation("ru")._catalog.items() if pair[0] != pair[1]]
        translated = {text for _english, text in told}
        english = (
            {text for text, _translated in told if isinstance(text, str)} - translated - {"", "English", *IN_FORMS}
        )
        assert "Cases" in english
        spoken = (marker("identity"), marker("contacts"), "Name0", house.case.child.code_name)
        return cls(spoken, frozenset(english))

    def faults(self, tab: Page, language: str) -> list[str]:
        title = tab.title().strip()
        found = [] if title and not any(word in title for word in self.of_the_child) else [f"title {title!r}"]
        if language == "ru":
            found += [f"English: {piece}" for piece in Spoken(tab.content()).pieces if piece in self.english]
        return found


@pytest.mark.parametrize("part", range(PARTS))
def test_axe_finds_nothing_and_a_page_fits_with_large_targets_a_heading_a_title_a_way_past_the_navigation_and_no_english(
    house: World, seats: Seats, part: int
) -> None:
    wrong, saying = [], Saying.of(house)
    for place, visit in list(enumerate(lived_in.pages(house)))[part::PARTS]:
        for look in looks(place):
            tab = seats.opens(visit, *look)
            found = faults_of(tab)
            if len(headings := tab.evaluate(HEADINGS)) != 1 or not headings[0]:
                found.append(f"headings {headings}")
            if visit.name != "web.neutral" and tab.locator("a.skip[href='#main'] ~ * main#main").count() != 1:
                found.append("nothing to skip to")
            found += saying.faults(tab, look[0])
            wrong += [f"{visit} {look}: {one}" for one in found]
    assert wrong == [], "\n" + "\n".join(wrong)


# --- some pages, in other ways ---------------------------------------------------------------------------------------


def key_pages(world: World) -> list[str]:
    """One of each kind: a day, a list, a file, a long form, a short form, a table, an account page."""
    file = reverse("cases.file", args=[world.case])
    return [
        "/",
        "/cases",
        file,
        f"{file}?section=known",
        f"{file}/note",
        f"{file}/circle",
        "/cases/register",
        "/policy",
        "/account",
    ]


@pytest.mark.skipif(FULL_MATRIX, reason="every page is looked at in every language above")
def test_a_page_of_each_kind_has_no_fault_in_another_language(house: World, seats: Seats) -> None:
    """For the usual run, in which every page is looked at in one language; in the full matrix there is nothing left for it to look at."""
    wrong = []
    for place, address in enumerate(key_pages(house)):
        language = ("tk", "en", "ro")[place % 3]
        tab = seats.opens(lived_in.Visit(address, address, lived_in.KEEPER), language, *turn(place))
        wrong += [f"{address} ({language}): {one}" for one in faults_of(tab)]
    assert wrong == [], "\n" + "\n".join(wrong)


def test_nothing_is_lost_at_four_hundred_percent(house: World, seats: Seats) -> None:
    """1280 × 1024 px enlarged four times: one column, nothing cut off, nothing over what has the focus."""
    tab = seats.of(viewport={"width": 320, "height": 256}, device_scale_factor=4)
    wrong = []
    for address in key_pages(house):
        tab.goto(address)
        if tab.evaluate(NARROWER) > 0:
            wrong.append(f"{address} is wider than the screen: {tab.evaluate(OVER_THE_EDGE)}")
        wrong += [f"{address}: {one}" for one in focus_goes_wrong(tab, steps=25)]
    assert wrong == [], "\n" + "\n".join(wrong)


def test_the_focus_is_seen_on_every_step_through_a_page(house: World, seats: Seats) -> None:
    wrong = []
    for width in (320, 1280):
        tab = seats.of(viewport={"width": width, "height": HEIGHT})
        for address in key_pages(house):
            tab.goto(address)
            wrong += [f"{width} {address}: {one}" for one in focus_goes_wrong(tab, steps=60)]
    assert wrong == [], "\n" + "\n".join(wrong)


def test_forced_colours_leave_everything_readable(house: World, seats: Seats) -> None:
    wrong = []
    tab = seats.of(forced_colors="active", viewport={"width": 768, "height": HEIGHT})
    for address in key_pages(house):
        tab.goto(address)
        wrong += [f"{address}: {one}" for one in complaints_of_axe(tab)]
        # Colours are gone: what is pressed or chosen must have an edge.
        wrong += [f"{address}: no edge: {one}" for one in tab.evaluate(NO_EDGE)]
    assert wrong == []


def test_nothing_moves_for_whoever_wants_no_motion(house: World, seats: Seats) -> None:
    tab = seats.of(reduced_motion="reduce")
    moving = {}
    for address in key_pages(house):
        tab.goto(address)
        moving[address] = tab.evaluate(MOVES)
    assert {address: found for address, found in moving.items() if found} == {}


# --- somebody at work ------------------------------------------------------------------------------------------------


def test_a_child_is_registered_a_note_written_and_the_day_ended_by_keyboard_alone(
    cast: Cast, house_of_cast: Page
) -> None:
    tab = house_of_cast
    tab.goto("/")
    tab_to(tab, "a.skip")
    tab.keyboard.press("Enter")
    tab_to(tab, "main a[href='/cases/register']")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/cases/register")
    tab_to(tab, "[name=child0-given_name]")
    tab.keyboard.type("Aylar")
    tab_to(tab, "[name=child0-risk]")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Tab")
    tab_to(tab, "form .actions .button")
    tab.keyboard.press("Enter")
    tab.wait_for_url(re.compile(r"/cases/[0-9a-f]{32}$"))
    tab_to(tab, "a[href$='/note']")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/note")
    tab_to(tab, "textarea[name=text]")
    tab.keyboard.type("She came by herself.")
    tab_to(tab, "form .actions .button")
    tab.keyboard.press("Enter")
    tab.get_by_text("The note is saved.").wait_for()
    assert Event.objects.filter(kind=EventKind.NOTE).count() == 1
    tab_to(tab, "form[action='/account/sign-out'] button")
    tab.keyboard.press("Enter")
    tab.wait_for_url("**/account/sign-in")


@pytest.fixture
def house_of_cast(
    cast: Cast, browse: Callable[..., Any], new_context: Callable[..., BrowserContext], live_server: Any
) -> Page:
    """A tab in which jemal is signed in, with no child yet."""
    tab = new_context(locale="en-GB").new_page()
    held = browse("jemal").cookies.items()
    tab.context.add_cookies([{"name": name, "value": one.value, "url": live_server.url} for name, one in held])
    return tab


def test_every_task_is_finished_without_javascript(
    cast: Cast, clock: MovingClock, new_context: Callable[..., BrowserContext]
) -> None:
    secret = generate_totp_secret()
    TOTP.activate(cast["jemal"].user, secret)
    jemal = Worker.at(new_context(java_script_enabled=False, locale="en-GB"), "jemal", clock, secret)
    jemal.signs_in(PASSWORD)
    jemal.speaks("Română")
    assert jemal.language == "ro"
    jemal.speaks("English")
    jemal.opens("/cases/register")
    jemal.fills(child0__given_name="Aylar")
    jemal.presses("Register")
    jemal.is_told("Registered, with the code name")
    case = Case.objects.get()
    jemal.follows("Write a note")
    jemal.fills(text="She came by herself.")
    jemal.sends()
    jemal.is_told("The note is saved.")
    jemal.follows("Attach a document")
    jemal.page.locator("main [name=upload]").set_input_files({"name": "letter.pdf", "mimeType": "", "buffer": SOME_PDF})
    jemal.sends()
    jemal.is_told("The document is kept, sealed.")
    jemal.opens(f"/cases/{case.pk.hex}/hand-over")
    jemal.chooses("to", "Merdan")
    jemal.fills(reason="My leave begins on Tuesday.")
    jemal.presses("Hand over")
    jemal.is_told("Merdan is the case manager now.")
    jemal.signs_out()


def test_back_after_a_form_was_sent_leads_to_the_form_and_sends_nothing_twice(house: World, seats: Seats) -> None:
    tab = seats.of()
    before = Event.objects.count()
    note = reverse("cases.note", args=[house.case])
    tab.goto(note)
    tab.locator("main [name=text]").fill("She came by herself.")
    tab.locator("main form .actions button").last.click()
    tab.wait_for_url(f"**{house.case.get_absolute_url()}")
    tab.go_back()
    tab.wait_for_url(f"**{note}")
    tab.reload()
    tab.go_forward()
    tab.wait_for_url(f"**{house.case.get_absolute_url()}")
    assert Event.objects.count() == before + 1


@pytest.mark.parametrize("way", ["button", "keys"])
def test_leaving_quickly_shows_a_neutral_page_and_back_shows_no_file(house: World, seats: Seats, way: str) -> None:
    tab = seats.of()
    tab.goto(house.case.get_absolute_url())
    if way == "button":
        tab.locator("[data-leave]").click()
    else:
        for _press in range(3):
            tab.keyboard.press("Shift")
    tab.wait_for_url("**/neutral")
    tab.locator("h1").wait_for()
    tab.go_back()
    tab.goto(house.case.get_absolute_url())  # somebody who types the address finds it locked
    assert "/account/locked" in tab.url
    assert marker("identity") not in tab.content()
