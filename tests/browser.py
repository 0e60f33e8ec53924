"""A real Chromium for tests that look at pages as a person does. What the pages should do is said in the tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from django.test import Client
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

NewContext = Callable[..., "BrowserContext"]

# It talks to nobody but the served product.
QUIET = ["--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"]
AS_ROOT = ["--no-sandbox"]  # root's Chromium starts only so


def chromium() -> str | None:
    """The installed browser: Debian's, or what AMANAT_CHROMIUM names. Without a shell around it, it takes half the time."""
    names = [
        os.environ.get("AMANAT_CHROMIUM"),
        "chromium-headless-shell",
        "chromium",
        "chromium-browser",
        "google-chrome",
    ]
    return next((path for name in names if name and (path := shutil.which(name))), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the process; each test takes fresh contexts of it."""
    from playwright.sync_api import sync_playwright

    program = chromium()
    if not program:
        without = pytest.fail if os.environ.get("CI") else pytest.skip
        without("Chromium is not installed (Debian: apt-get install chromium-headless-shell)")
    arguments = [*QUIET, *AS_ROOT] if os.geteuid() == 0 else QUIET
    with sync_playwright() as playwright, pytest.MonkeyPatch.context() as patch:
        # Playwright keeps an event loop in this thread; Django would take each query of a test for one from inside it.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        with playwright.chromium.launch(executable_path=program, args=arguments) as launched:
            yield launched


@pytest.fixture
def new_context(browser: Browser, live_server: Any) -> Iterator[NewContext]:
    """Makes a browser of one person: `new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})`.

    Addresses are relative to the served product. A script error or a blocked style or script in any of its pages fails
    the test when it ends.
    """
    complaints: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text:
            complaints.append(message.text)

    def watch(page: Page) -> None:
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", listen)

    with ExitStack() as contexts:

        def make(**options: Any) -> BrowserContext:
            context = contexts.enter_context(browser.new_context(base_url=live_server.url, **options))
            context.set_default_timeout(15_000)
            context.on("page", watch)
            return context

        yield make
    assert complaints == []


@pytest.fixture
def page(new_context: NewContext) -> Page:
    """One page in a browser of its own."""
    return new_context().new_page()


@pytest.fixture
def seat(new_context: NewContext, live_server: Any, browse: Callable[..., Client]) -> Callable[..., Page]:
    """`seat("jemal", width=320)`: a page in a browser in which jemal is signed in; it is in English."""

    def sit_down(name: str, width: int = 1280, **options: Any) -> Page:
        context = new_context(viewport={"width": width, "height": 800}, bypass_csp=True, **options)
        held = {key: cookie.value for key, cookie in browse(name).cookies.items()} | {"language": "en"}
        context.add_cookies([{"name": key, "value": value, "url": live_server.url} for key, value in held.items()])
        return context.new_page()

    return sit_down
