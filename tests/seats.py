"""A tab for each worker of the house, and what is asked of a page in it: sizes, focus, axe. What should be found is said in the tests."""

from __future__ import annotations

from collections.abc import Callable
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings

from tests import lived_in
from tests.lived_in import KEEPER, Visit
from tests.walk_world import World

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

HEIGHT = 800
# The rules of WCAG 2.2 AA that axe leaves off by itself. What it finds right is not told, which takes it half as long.
OPTIONS = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}

NARROWER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
# Whatever reaches over the right edge and is in no box of its own that scrolls: what one would look for.
OVER_THE_EDGE = """[...document.querySelectorAll('main *, header *, footer *')]
  .filter(one => one.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .slice(0, 3).map(one => one.outerHTML.slice(0, 100))"""
# A link inside a sentence is as high as its line; every other target has 44 px, alone or with the label around it.
TOO_SMALL = """(() => {
  const inSentence = one => {
    const around = one.closest('p, li, dd, td, th, small');
    return around && around.innerText.trim().length > one.innerText.trim().length + 10;
  };
  return [...document.querySelectorAll('a, button, summary, select, textarea, input:not([type=hidden])')]
  .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.closest('.skip, .unseen'))
  .filter(one => !(one.matches('a') && getComputedStyle(one).display === 'inline' && inSentence(one)))
  .filter(one => (one.closest('label') || one).getBoundingClientRect().height < 43.5)
  .map(one => one.outerHTML.slice(0, 120));
})()"""
HEADINGS = "[...document.querySelectorAll('h1')].map(one => one.innerText.trim())"
MOVES = """[...document.querySelectorAll('*')].filter(one => {
    const style = getComputedStyle(one);
    const longest = text => Math.max(...text.split(',').map(parseFloat));
    return longest(style.transitionDuration) > 0.01 || (style.animationName !== 'none' && longest(style.animationDuration) > 0.01);
  }).slice(0, 3).map(one => one.outerHTML.slice(0, 100))"""
# What has the focus: whether one sees that it has, and whether something lies over it.
FOCUS = """() => {
  const one = document.activeElement, box = one.getBoundingClientRect(), style = getComputedStyle(one);
  const drawnByBrowser = one.matches('[type=file], [type=radio], [type=checkbox]');
  const shown = drawnByBrowser || style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  const middle = document.elementFromPoint(box.left + Math.min(box.width / 2, 20), box.top + box.height / 2);
  const free = !middle || one === middle || one.contains(middle) || middle.contains(one) || middle.closest('label')?.control === one;
  return {what: one.outerHTML.slice(0, 120), shown, free, inside: box.bottom > 0 && box.top < innerHeight};
}"""
EDGED = ".button:not(.quiet), input:not([type=hidden], [type=radio], [type=checkbox]), textarea, select, .badge"
NO_EDGE = f"""[...document.querySelectorAll('{EDGED}')]
  .filter(one => one.getClientRects().length && parseFloat(getComputedStyle(one).borderTopWidth) < 1)
  .map(one => one.outerHTML.slice(0, 100))"""


class Seats:
    """A tab for each of the house, opened when first asked for."""

    def __init__(self, world: World, new_context: Callable[..., BrowserContext], address: str) -> None:
        self.world, self.new_context, self.address = world, new_context, address
        self.tabs: dict[str, Page] = {}

    def of(self, who: str = KEEPER, **options: Any) -> Page:
        """`options` open a new tab, with a browser of its own."""
        if who in self.tabs and not options:
            return self.tabs[who]
        # axe puts a script of its own into the page, which the content policy would refuse.
        tab = self.new_context(bypass_csp=True, locale="en-GB", **options).new_page()
        held = lived_in.client(self.world, who).cookies.items()
        tab.context.add_cookies([{"name": name, "value": one.value, "url": self.address} for name, one in held])
        return self.tabs.setdefault(who, tab) if not options else tab

    def opens(self, visit: Visit, language: str, width: int, theme: str) -> Page:
        tab = self.of(visit.who)
        tab.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": self.address}])
        tab.set_viewport_size({"width": width, "height": HEIGHT})
        tab.emulate_media(color_scheme="dark" if theme == "dark" else "light")
        answer = tab.goto(visit.address)
        assert answer is not None
        assert answer.status == (404 if visit == lived_in.NOTHING else 200), visit
        return tab


def complaints_of_axe(tab: Page) -> list[str]:
    found = Axe().run(tab, options=OPTIONS).response["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"][:3]]


def focus_goes_wrong(tab: Page, steps: int) -> list[str]:
    """What the Tab key comes to without its being seen."""
    wrong = []
    for _step in range(steps):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement === document.body"):
            break
        focus = tab.evaluate(FOCUS)
        wrong += [f"{fault}: {focus['what']}" for fault in ("shown", "free", "inside") if not focus[fault]]
    return wrong


def tab_to(tab: Page, wanted: str) -> None:
    """Press Tab until what is wanted has the focus; all on the way must be seen."""
    for _step in range(150):
        tab.keyboard.press("Tab")
        focus = tab.evaluate(FOCUS)
        assert focus["shown"], focus
        assert focus["free"], focus
        if tab.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
    raise AssertionError(f"the Tab key never came to {wanted}")


class Spoken(HTMLParser):
    """What a page says: the pieces of its text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.feed(page)

    def handle_data(self, data: str) -> None:
        self.pieces.append(" ".join(data.split()))
