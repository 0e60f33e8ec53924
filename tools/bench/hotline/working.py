"""What an operator and a worker on duty do at their browsers, and what they were told was done."""

from __future__ import annotations

import asyncio
import random
import re
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TypeVar
from urllib.parse import urlencode

from tools.bench.hotline.browser import Browser, NoAnswer, Page
from tools.bench.hotline.ledger import Call
from tools.bench.hotline.seeding import SUMMARY, fields

ANSWER = re.compile(r'action="/calls/([0-9a-f]{32})/answer"')
SEEN = re.compile(r'name="seen" value="(\d+)"')
TAKE = re.compile(r'action="/alerts/([0-9a-f-]{36})/take"')
FILE = re.compile(r'href="/cases/([0-9a-f]{32})"')
RUNS, WAS_OPENED = 'value="advised"', "A case came out of this matter already"
SAVES, EMERGENCY_AFTER = 3, 2
Found = TypeVar("Found")


@dataclass(frozen=True)
class Pace:
    """Seconds from the call on the screen to the press, and between two saves; `again`: until what got no answer is done once more.

    `refresh`: until somebody who sees nothing opens the page anew. Without these two nobody is stubborn.
    """

    reaction: tuple[float, float]
    writing: tuple[float, float]
    again: float = 0.0
    refresh: float = 0.0


AS_PEOPLE = Pace((1.0, 3.0), (4.0, 8.0))
AT_ONCE = Pace((0.0, 0.1), (0.05, 0.2), again=0.05, refresh=0.5)


@dataclass
class Book:
    """What happened: seconds by what was asked for, and when which screen showed which call."""

    pace: Pace
    chance: random.Random
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    seen: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    raised: dict[str, float] = field(default_factory=dict)  # by case
    noticed: dict[str, float] = field(default_factory=dict)
    taken: dict[str, str] = field(default_factory=dict)  # alerts, each by whom

    def took(self, what: str, seconds: float) -> None:
        self.seconds[what].append(seconds)

    async def pause(self, between: tuple[float, float]) -> None:
        await asyncio.sleep(self.chance.uniform(*between))


class Worker:
    """Somebody at a browser; `home` is the page that they come back to."""

    home = "/"

    def __init__(self, name: str, browser: Browser, book: Book) -> None:
        self.name, self.browser, self.book = name, browser, book
        self.page = Page(browser, self.shown, self.told)
        browser.took = book.took
        self.is_free = True

    def shown(self, text: str) -> None:
        """The region that changes by itself."""

    async def told(self, kinds: list[str]) -> None:
        """What waits."""

    async def sure(self, act: Callable[[], Awaitable[Found]], missed: Callable[[], None] = lambda: None) -> Found:
        """Until it is answered, where people are stubborn."""
        while True:
            try:
                return await act()
            except NoAnswer:
                missed()
                if not self.book.pace.again:
                    raise
                await asyncio.sleep(self.book.pace.again)

    async def open(self, path: str) -> str:
        text = await self.sure(lambda: self.browser.get(path))
        self.page.show(text)
        return text

    async def be_there(self) -> None:
        """Look at the page now and then, so that it does not lock."""
        while True:
            await self.book.pause((120.0, 240.0))
            if self.is_free:
                await self.open(self.home)


class Operator(Worker):
    home = "/hotline"
    desk = ""  # the last text of the desk with something to press

    def __init__(self, name: str, browser: Browser, book: Book) -> None:
        super().__init__(name, browser, book)
        self.on_screen: set[str] = set()
        self._changed = asyncio.Event()

    def shown(self, text: str) -> None:
        rings, now = set(ANSWER.findall(text)), time.perf_counter()
        for ref in rings - self.on_screen:
            self.book.seen[ref].setdefault(self.name, now)
        self.on_screen = rings
        self.desk = text if rings else self.desk
        self._changed.set()

    async def until_it_rings(self, ref: str) -> None:
        """Until the screen shows this call."""
        refresh = self.book.pace.refresh
        while ref not in self.on_screen:
            self._changed.clear()
            try:
                async with asyncio.timeout(refresh or None):
                    await self._changed.wait()
            except TimeoutError:
                await self.open(self.home)
                if ref not in self.on_screen:
                    return  # it rang for too long, or its end is a page away

    async def take(self, call: Call, *, outcome: str, urgent: bool) -> None:
        """All of a call, from its ring to the desk."""
        await self.until_it_rings(call.ref)
        await self.book.pause(self.book.pace.reaction)
        page = await self._answer(call)
        for number in range(1, SAVES + 1 if RUNS in page else 0):
            await self.book.pause(self.book.pace.writing)
            page = await self._save(call, page, number, urgent)
            if urgent and number == EMERGENCY_AFTER:
                page = await self._raise(call)
        if RUNS in page:
            await self._end(call, page, outcome, urgent)
        await self.open(self.home)

    async def _answer(self, call: Call) -> str:
        path = f"/calls/{call.ref}"
        where = await self.sure(
            lambda: self.browser.post(f"{path}/answer", self.desk, [], "answer"), lambda: call.unsure("answer")
        )
        if where == path:
            call.answered, call.by = True, self.name
        return await self.open(path)

    async def _save(self, call: Call, page: str, number: int, urgent: bool) -> str:
        path, call.sent = f"/calls/{call.ref}", number
        draft = [("page", path), ("body", urlencode(written(call, page, urgent)))]
        await self.sure(lambda: self.browser.ask("POST", "/draft", _signed(page, draft), what="draft"))
        await self._sent(call, page, urgent, "save")
        call.saved = number
        return await self.open(path)

    async def _sent(self, call: Call, page: str, urgent: bool, what: str, do: str = "") -> str:
        """Where the page of a call leads that was sent; it is got anew where no answer came, since it may have been taken."""
        path, now = f"/calls/{call.ref}", page

        async def act() -> str:
            nonlocal now
            now = now or await self.browser.get(path)
            return await self.browser.post(path, now, [*written(call, now, urgent), ("do", do)], what)

        def missed() -> None:
            nonlocal now
            now = ""
            call.unsure(what)

        return await self.sure(act, missed)

    async def _raise(self, call: Call) -> str:
        path, began = f"/calls/{call.ref}/emergency", time.perf_counter()
        told = [("what_happened", SUMMARY), ("where", "behind the market"), ("called", "Aygul")]

        async def act() -> bool:
            form = await self.browser.get(path)
            if WAS_OPENED in form:
                return False  # by a press of which no answer came
            nonlocal began
            began = time.perf_counter()
            await self.browser.post(path, form, told, "emergency")
            return True

        call.alerted = await self.sure(act, lambda: call.unsure("emergency"))
        page = await self.open(f"/calls/{call.ref}")
        for case in FILE.findall(page)[:1]:
            self.book.raised[case] = began
        return page

    async def _end(self, call: Call, page: str, outcome: str, urgent: bool) -> None:
        where = await self._sent(call, page, urgent, "end", outcome)
        if where == self.home:
            call.outcome = "emergency" if urgent else outcome


class OnDuty(Worker):
    async def told(self, kinds: list[str]) -> None:
        if "alert" not in kinds or not self.is_free:
            return
        self.is_free, now = False, time.perf_counter()
        try:
            while await self._take_one(now):
                pass
        finally:
            self.is_free = True

    async def _take_one(self, now: float) -> bool:
        async def act() -> tuple[str, str] | None:
            page = await self.browser.get("/alerts")
            for alert in TAKE.findall(page):
                return alert, await self.browser.post(f"/alerts/{alert}/take", page, [], "take")
            return None

        if (done := await self.sure(act)) is None:
            return False
        alert, where = done
        self.book.taken[alert.replace("-", "")] = self.name
        self.book.noticed[where.rpartition("/")[2]] = now
        return True


def written(call: Call, page: str, urgent: bool) -> list[tuple[str, str]]:
    """The fields of a call's page; the summary says which save it is, and grows with it."""
    told = fields("P1" if urgent else "P3") | {
        "number": call.number,
        "summary": f"save {call.sent} {SUMMARY * call.sent}",
    }
    seen = SEEN.search(page)
    listed = [(name, one) for name, value in told.items() for one in (value if isinstance(value, list) else [value])]
    return [(name, "on" if one is True else str(one)) for name, one in listed] + [("seen", seen[1] if seen else "")]


def _signed(page: str, fields: list[tuple[str, str]]) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    return urlencode([("csrfmiddlewaretoken", found[1] if found else ""), *fields])
