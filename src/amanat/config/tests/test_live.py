"""The live stream without a network: whom it answers, what it sends, and what ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import OperationalError

from amanat.config.tree import live
from amanat.people.sessions import digest_of

pytestmark = pytest.mark.sqlcipher_only  # no database is asked: what it is asked stands in people/tests/test_looks.py

HERE, PAGES = "localhost:8001", "http://localhost:8000"
DOORS = live.Doors(frozenset({HERE}), frozenset({PAGES}), "session")


class Page:
    """A browser's side of a connection."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self.heard: asyncio.Queue[str] = asyncio.Queue()
        self.gone = asyncio.Event()

    async def client_disconnect(self) -> None:
        await self.gone.wait()

    def response_empty(self, status: int, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers = status, dict(headers)

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Page:
        self.response_empty(status, headers)
        return self

    async def send_str(self, text: str) -> None:
        if self.gone.is_set():
            raise RuntimeError("closed")
        self.heard.put_nowait(text)


class House:
    """The stream, and whose sessions stand."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.lines = live.Lines(DOORS)
        self.sessions: dict[str, UUID] = {}
        self.news: set[UUID] = set()
        self.fails = False
        patch.setattr(live, "holders", self._holders)
        patch.setattr(live.News, "users", self._users)

    def _holders(self, digests: Iterable[str], _now: datetime) -> dict[str, UUID]:
        return {one: self.sessions[one] for one in digests if one in self.sessions}

    def _users(self, _now: datetime) -> set[UUID]:
        if self.fails:
            raise OperationalError("the server is gone")
        news, self.news = self.news, set()
        return news

    def comes(self, key: str, user: UUID | None = None) -> tuple[Page, asyncio.Task[None]]:
        """A page with the cookie of a session; of one that stands, where somebody is named."""
        if user:
            self.sessions[digest_of(key)] = user
        page = Page()
        return page, asyncio.ensure_future(self.answer(page, cookie=f"language=ru; session={key}"))

    async def answer(self, page: Page, path: str = "/live", method: str = "GET", **headers: str) -> None:
        scope = SimpleNamespace(path=path, method=method, authority=HERE, headers={"origin": PAGES} | headers)
        await self.lines(scope, page)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> House:
    return House(monkeypatch)


def run(test: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """In a thread of its own: a browser, where one was needed before, keeps a loop in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, test()).result()


def test_each_page_of_whom_something_waits_for_is_told_and_nobody_else(house: House) -> None:
    async def told() -> None:
        jemal, merdan = uuid4(), uuid4()
        pages = [house.comes("a", jemal)[0], house.comes("b", jemal)[0], house.comes("c", merdan)[0]]
        assert [await page.heard.get() for page in pages] == [live.FIRST] * 3
        house.news = {jemal}
        await house.lines.round(whether_they_stand=True)
        assert [await page.heard.get() for page in pages[:2]] == [live.LOOK] * 2
        house.news = {merdan}
        await house.lines.round(whether_they_stand=False)
        assert await pages[2].heard.get() == live.LOOK
        assert [page.heard.qsize() for page in pages] == [0, 0, 0]
        assert pages[0].headers["access-control-allow-origin"] == PAGES
        assert pages[0].headers["content-type"] == "text/event-stream"
        house.lines.end()

    run(told)


def test_a_session_that_ended_is_cut_and_the_others_go_on(house: House) -> None:
    async def told() -> None:
        user = uuid4()
        (page, ending), (other, going_on) = house.comes("a", user), house.comes("b", user)
        await page.heard.get(), await other.heard.get()
        del house.sessions[digest_of("a")]
        await house.lines.round(whether_they_stand=True)
        await ending
        house.news = {user}
        await house.lines.round(whether_they_stand=True)
        assert await other.heard.get() == live.LOOK
        house.lines.end()
        await going_on

    run(told)


@pytest.mark.parametrize(
    "asked",
    [
        {"cookie": "session=b"},
        {"cookie": ""},
        {"cookie": "session=a", "origin": "http://localhost:8000.example"},
        {"cookie": "session=a", "origin": "null"},
    ],
)
def test_strangers_and_pages_of_others_hear_nothing(house: House, asked: dict[str, str]) -> None:
    async def told() -> None:
        house.sessions[digest_of("a")] = uuid4()
        page = Page()
        await house.answer(page, **asked)
        assert page.status == 401
        assert page.heard.empty()
        assert page.headers.get("access-control-allow-origin") in (None, PAGES)

    run(told)


def test_nothing_else_is_served(house: House) -> None:
    async def told() -> None:
        page = Page()
        await house.answer(page, path="/", cookie="session=a")
        assert page.status == 404

    run(told)


def test_one_worker_can_not_keep_all_others_out(house: House) -> None:
    async def told() -> None:
        user = uuid4()
        pages = [house.comes("a", user)[0] for _ in range(live.MOST_OF_ONE)]
        assert [await page.heard.get() for page in pages] == [live.FIRST] * live.MOST_OF_ONE
        refused, ended = house.comes("a", user)
        await ended
        assert refused.status == 503
        pages[0].gone.set()
        other, _going_on = house.comes("b", uuid4())
        assert await other.heard.get() == live.FIRST
        again, _going_on = house.comes("a", user)
        assert await again.heard.get() == live.FIRST
        house.lines.end()

    run(told)


def test_a_database_that_is_away_cuts_nobody_and_is_asked_again(house: House, caplog: pytest.LogCaptureFixture) -> None:
    async def told() -> None:
        user = uuid4()
        page, _going_on = house.comes("a", user)
        await page.heard.get()
        house.news, house.fails = {user}, True
        await house.lines.round(whether_they_stand=True)
        await house.lines.round(whether_they_stand=True)
        assert page.heard.empty()
        assert len(caplog.records) == 1
        house.fails = False
        await house.lines.round(whether_they_stand=True)
        assert await page.heard.get() == live.LOOK
        house.lines.end()

    run(told)


def test_a_line_that_says_nothing_for_long_is_kept_alive(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "HEARTBEAT", 0.0)

    async def told() -> None:
        page, _going_on = house.comes("a", uuid4())
        assert [await page.heard.get() for _ in range(3)] == [live.FIRST, live.NOTHING_NEW, live.NOTHING_NEW]
        house.lines.end()

    run(told)
