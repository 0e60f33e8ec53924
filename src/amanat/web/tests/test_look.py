"""The page with most of its parts, an error and two versions: for axe, at the narrowest and the widest, light, dark and forced colours."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page
    from pytest_django import Settings

TARGET = 44  # px, DESIGN §8
TOO_SMALL = f"""[...document.querySelectorAll('a, button, select, textarea, input:not([type=hidden])')]
  .map(target => target.closest('label') || target)
  .filter(target => target.getClientRects().length && !target.classList.contains('skip'))
  .filter(target => target.getBoundingClientRect().height < {TARGET - 0.5})
  .map(target => target.outerHTML.slice(0, 80))"""

STAYS_AT_THE_TOP = """() => {
  const form = document.querySelector('form.form');
  form.insertAdjacentHTML('afterbegin', '<div id="stays">Save</div>');
  const stays = document.getElementById('stays');
  Object.assign(stays.style, {position: 'sticky', zIndex: 1, top: 'calc(var(--bar) + var(--waiting))'});
  Object.assign(form.style, {paddingBottom: '2000px'});
}"""
IS_ON_TOP = """one => {
  const {left, top, width, height} = one.getBoundingClientRect();
  return [0.1, 0.5, 0.9].every(part => one.contains(document.elementFromPoint(left + width / 2, top + height * part)));
}"""

LOOKS = [
    (320, {"color_scheme": "light"}, "tk"),
    (320, {"color_scheme": "dark"}, "ru"),
    (768, {"color_scheme": "dark"}, "en"),
    (1280, {"color_scheme": "light"}, "ro"),
    (1280, {"forced_colors": "active"}, "ru"),
]


def two_versions(page: Page) -> None:
    """A note that met a newer version, with one field missing a choice."""
    page.goto("/note")
    page.locator("[name=seen]").evaluate("field => { field.value = '1' }")
    page.locator("#id_name").fill("Aynur")
    page.locator("#id_risk_0").check()
    page.locator("#id_note").fill("Mine.")
    page.locator("#id_told").check()
    page.locator(".form button").click()
    page.locator(".versions").first.wait_for()
    page.locator(".form button").click()
    page.locator(".field-wrong").first.wait_for()


@pytest.mark.parametrize(("width", "look", "language"), LOOKS)
def test_axe_finds_nothing_nothing_overflows_and_every_target_is_large_enough(
    new_context: Callable[..., BrowserContext], live_server: object, width: int, look: dict[str, str], language: str
) -> None:
    # axe puts its own script into the page, which the content policy would refuse.
    page = new_context(viewport={"width": width, "height": 800}, bypass_csp=True, **look).new_page()
    page.context.add_cookies([{"name": "language", "value": language, "url": str(live_server)}])
    two_versions(page)
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert page.evaluate(TOO_SMALL) == []


@pytest.mark.parametrize("language", ["en", "ro", "ru", "tk"])
def test_the_bar_fits_beside_a_scrollbar_on_the_narrowest_screen(
    settings: Settings, new_context: Callable[..., BrowserContext], live_server: object, language: str
) -> None:
    settings.AMANAT_KIND = "demo"  # the ribbon needs room too
    page = new_context(viewport={"width": 305, "height": 800}).new_page()
    page.context.add_cookies([{"name": "language", "value": language, "url": str(live_server)}])
    page.goto("/note")
    assert page.locator(".ribbon").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 305


@pytest.mark.parametrize("width", [320, 1280])
def test_what_waits_covers_neither_the_way_out_nor_what_stays_at_the_top(
    new_context: Callable[..., BrowserContext], live_server: object, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    monkeypatch.setattr(
        "amanat.web.tests.urls.WAITING", [{"kind": "call", "sentence": "A call is waiting.", "at": "/note"}]
    )
    page = new_context(viewport={"width": width, "height": 700}).new_page()
    page.goto(f"{live_server}/note")
    page.locator(".waiting.on").wait_for()
    page.evaluate(STAYS_AT_THE_TOP)
    page.evaluate("scrollTo(0, 900)")
    for seen in (".leave", ".waiting [data-told] a", "#stays"):
        assert page.locator(seen).evaluate(IS_ON_TOP), seen
    page.locator("#id_name").focus()  # scrolled up to it, below all of them
    assert page.locator("#id_name").evaluate(IS_ON_TOP)


def test_the_printed_page_leaves_out_what_only_a_screen_needs(page: Page) -> None:
    page.goto("/note")
    page.emulate_media(media="print")
    assert page.get_by_role("heading", name="Write a note").is_visible()
    for gone in (".top-bar", ".top-tools", ".primary", ".foot", ".actions", ".back"):
        assert not page.locator(gone).first.is_visible()
