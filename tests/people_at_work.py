"""Workers at browsers of their own, for tests that read like a day: they sign in, fill in pages, press buttons, and what they saw is kept.

What a worker does on one page stands here under its own name; what should come of it is said in the tests.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import resolve
from django.utils import translation

from amanat.people.clock import stopped
from amanat.people.factors import STEP, code_at

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import BrowserContext, Page, Response

    from tests.cast import Cast

Seat = Callable[..., "Page"]  # a browser of their own for somebody by name, signed in


class MovingClock:
    """The product's clock: it stands still until somebody moves it on."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._stack = ExitStack()

    def move(self, **by: float) -> None:
        """`clock.move(hours=4)`."""
        self.now += timedelta(**by)
        self._stack.enter_context(stopped(self.now))


@contextmanager
def moving_clock(now: datetime) -> Iterator[MovingClock]:
    """Stands at `now`; afterwards time is what it was."""
    clock = MovingClock(now)
    with clock._stack:
        clock.move()
        yield clock


@dataclass
class Worker:
    """Somebody at a browser. `seen` holds the path of each page that was shown to them, as often as it was."""

    name: str
    page: Page
    clock: MovingClock
    secret: str = ""
    seen: list[str] = field(default_factory=list)

    @classmethod
    def at(cls, context: BrowserContext, name: str, clock: MovingClock, secret: str = "") -> Worker:
        worker = cls(name, context.new_page(), clock, secret)
        worker.page.on("response", worker._look)
        return worker

    def _look(self, response: Response) -> None:
        if response.request.resource_type == "document" and response.status == 200:
            self.seen.append(urlsplit(response.url).path)

    # --- on any page -------------------------------------------------------------------------------------------------

    def opens(self, path: str) -> None:
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, f"{self.name}: {answer.status} at {path}"

    def follows(self, link: str | re.Pattern[str]) -> None:
        self.page.get_by_role("link", name=link, exact=isinstance(link, str)).first.click()

    def presses(self, button: str) -> None:
        self.page.locator("main").get_by_role("button", name=button, exact=True).click()

    def sends(self) -> None:
        """The form of the page, by its own button, whatever that says."""
        self.page.locator("main form .actions button").last.click()

    def fills(self, **fields: str) -> None:
        """By the names of the fields, which no language changes: `fills(text="…", child1__given_name="Aylar")`."""
        for name, value in fields.items():
            self.page.locator(f"main [name='{name.replace('__', '-')}']").fill(value)

    def ticks(self, name: str, *values: str) -> None:
        for value in values:
            self.page.locator(f"main [name='{name}'][value='{value}']").check()

    def chooses(self, name: str, text: str) -> None:
        """The one choice of a list in which `text` stands."""
        choices = self.page.locator(f"main select[name='{name}'] option").filter(has_text=text)
        self.page.locator(f"main select[name='{name}']").select_option(value=choices.first.get_attribute("value"))

    def is_told(self, sentence: str) -> None:
        self.page.locator("main").get_by_text(sentence).first.wait_for()

    @property
    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()

    @property
    def text(self) -> str:
        """All that can be read on the page."""
        return self.page.locator("body").inner_text()

    @property
    def language(self) -> str | None:
        return self.page.locator("html").get_attribute("lang")

    def speaks(self, name: str) -> None:
        """The switch that stands on every page."""
        with self.page.expect_navigation():
            self.page.locator(".languages").get_by_role("button", name=name).click()

    # --- coming in and going out -------------------------------------------------------------------------------------

    def begins(self, code: str, password: str) -> None:
        """With the code of an invitation: a password, then an app on the phone; the key of the app is `secret` from now on."""
        self.opens("/account/begin")
        self.fills(code=code)
        self.presses("Continue")
        self.fills(password=password, again=password)
        self.presses("Continue")
        self.follows(re.compile("An app on your phone"))
        self.secret = self.page.locator("code.secret").text_content() or ""
        self.fills(code=self.code())
        self.presses("Continue")
        self.follows("I have kept them")

    def code(self) -> str:
        """What the app shows now."""
        return code_at(self.secret.replace(" ", ""), int(self.clock.now.timestamp()) // STEP)

    def signs_in(self, password: str) -> None:
        """A code is good once, so half a minute passes first."""
        self.clock.move(seconds=STEP)
        self.opens("/account/sign-in")
        self.fills(username=self.name, password=password)
        self.presses("Sign in")
        self.page.wait_for_url("**/second-step*")
        self.fills(code=self.code())
        self.presses("Sign in")
        self.page.wait_for_url(re.compile(r"/$"))

    def comes_back(self, password: str) -> None:
        """To a page that was locked meanwhile: one factor opens it again."""
        self.opens("/")
        self.page.wait_for_url("**/account/locked*")
        self.page.goto("/account/locked?way=password")
        self.fills(password=password)
        self.presses("Continue")
        self.page.wait_for_url(re.compile(r"/$"))

    def signs_out(self) -> None:
        self.page.locator(".top").get_by_role("button", name="Sign out").click()
        self.page.wait_for_url("**/account/sign-in*")

    # --- what was seen -----------------------------------------------------------------------------------------------

    def asks_for(self, path: str) -> tuple[int, str]:
        """The status and the text of an address, asked for without looking at it in a tab."""
        answer = self.page.request.get(path, max_redirects=0)
        if answer.status == 200:
            self.seen.append(urlsplit(answer.url).path)
        return answer.status, answer.text()

    def looks(self) -> Counter[tuple[str, str]]:
        """How often each page of a file was shown, by the page's name and the reference in its address."""
        found: Counter[tuple[str, str]] = Counter()
        for path in self.seen:
            match = resolve(path)
            if reference := match.kwargs.get("case"):
                found[match.url_name, reference.hex] += 1
        return found


class Hand:
    """One worker's hand on one browser: each press, choice and field that is filled is an action; each page that comes is a load."""

    actions = loads = 0

    def __init__(self, page: Page, language: str) -> None:
        self.page, self.language = page, language
        url = re.match(r"https?://[^/]+", page.url) or re.match(r"https?://[^/]+", page.evaluate("location.href"))
        assert url
        page.context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": url[0]}])
        page.reload()
        page.on("response", self._came)

    def _came(self, answer: Response) -> None:
        if answer.request.is_navigation_request() and answer.status == 200:
            Hand.loads += 1

    def key(self, letter: str) -> None:
        Hand.actions += 1
        self.page.keyboard.press(letter)

    def key_to(self, letter: str, page: str) -> None:
        """A key that leads to another page."""
        with self.page.expect_navigation(url=re.compile(page)):
            self.key(letter)

    def tick(self, name: str, value: str) -> None:
        Hand.actions += 1
        self.page.locator(f"main [name='{name}'][value='{value}']").check(force=True)

    def choose(self, where: str, value: str) -> None:
        Hand.actions += 1
        self.page.locator(where).select_option(value=value)

    def write(self, name: str, text: str) -> None:
        Hand.actions += 1
        self.page.locator(f"main [name='{name}']").fill(text)

    def press(self, where: str) -> None:
        Hand.actions += 1
        self.page.locator(where).first.click()

    def press_to(self, where: str, page: str) -> None:
        with self.page.expect_navigation(url=re.compile(page)):
            self.press(where)

    def looks_up(self) -> None:
        """What a look of the live stream does, or ten seconds without one."""
        self.page.evaluate("dispatchEvent(new Event('focus'))")
        self.page.evaluate(
            "document.querySelectorAll('[data-look-refresh]').forEach(one => one.dispatchEvent(new Event('look')))"
        )

    def says(self, text: str) -> str:
        """A sentence of the catalogue in this worker's language."""
        with translation.override(self.language):
            return translation.gettext(text)

    @property
    def text(self) -> str:
        return self.page.locator("body").inner_text()


@dataclass
class Workers:
    """Each at a browser of their own, in their language, else `usual`; who was away for a time signs in again."""

    seat: Seat
    browse: Callable[..., Client]
    cast: Cast
    clock: MovingClock
    languages: Mapping[str, str]
    usual: str = ""
    hands: dict[str, Hand] = field(default_factory=dict)
    seen_at: dict[str, datetime] = field(default_factory=dict)

    def __call__(self, name: str) -> Hand:
        self.cast.now = self.clock.now
        if name not in self.hands:
            page = self.seat(name)
            page.goto("/")
            self.hands[name] = Hand(page, self.languages.get(name, self.usual))
        if self.seen_at.get(name) != self.clock.now:
            self._signs_in(name)
        return self.hands[name]

    def client(self, name: str) -> Client:
        self.cast.now = self.clock.now
        return self.browse(name)

    def _signs_in(self, name: str) -> None:
        """Away from the page first: what it asks for by itself in a session that is over would take the new cookie away."""
        page = self.hands[name].page
        at, origin = page.url, page.evaluate("location.origin")
        page.goto("about:blank")
        held = self.browse(name).cookies.items()
        page.context.add_cookies([{"name": key, "value": one.value, "url": origin} for key, one in held])
        page.goto(at)
        self.seen_at[name] = self.clock.now
