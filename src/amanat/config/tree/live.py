"""Who waits on the live stream, and when they are told. An event says *look* and nothing else: the page asks `/waiting` what there is.

Any number of open pages costs one query a look at the database, and no thread.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.db import Error, close_old_connections, connection
from django.http.cookie import parse_cookie

from amanat.people.clock import clock
from amanat.people.looks import News, holders
from amanat.people.sessions import digest_of

log = logging.getLogger(__name__)
Found = TypeVar("Found")

EVERY = 0.25  # seconds between two looks at the database
ROUNDS = 8  # looks at the database until those who wait are asked for whether their session still stands
HEARTBEAT = 20.0  # seconds without anything, after which a proxy might think that nobody is there
MOST, MOST_OF_ONE = 2000, 20  # open pages: of all, of one worker
FIRST, LOOK, NOTHING_NEW = "retry: 3000\n\n", "event: look\ndata:\n\n", ":\n\n"
HEADERS = [
    ("content-type", "text/event-stream"),
    ("cache-control", "no-store"),
    ("x-accel-buffering", "no"),  # nginx would keep an event until there are more of them
    ("x-content-type-options", "nosniff"),
]


@dataclass(eq=False)
class Line:
    """One page that waits."""

    digest: str
    user: UUID
    looks: bool = False
    over: bool = False
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    def look(self) -> None:
        self.looks = True
        self.woken.set()

    def end(self) -> None:
        self.over = True
        self.woken.set()

    async def next(self) -> str:
        """What to send next."""
        try:
            async with asyncio.timeout(HEARTBEAT):
                await self.woken.wait()
        except TimeoutError:
            return NOTHING_NEW
        self.woken.clear()
        looks, self.looks = self.looks, False
        return LOOK if looks else ""


@dataclass(frozen=True)
class Doors:
    """Whom the stream answers: `hosts` as a browser names them, pages of `origins`, the session in the cookie of this name."""

    hosts: frozenset[str]
    origins: frozenset[str]
    cookie: str

    def digest(self, headers: Any, authority: str) -> str | None:
        """Of the session that asks; None for a stranger, and for a page of somebody else's."""
        origin = headers.get("origin")
        if authority not in self.hosts or (origin is not None and origin not in self.origins):
            return None
        key = parse_cookie(headers.get("cookie") or "").get(self.cookie)
        return digest_of(key) if key else None


class Lines:
    """All pages that wait: an RSGI application, and the loop that looks for them."""

    def __init__(self, doors: Doors, now: Callable[[], datetime] = clock) -> None:
        self._doors = doors
        self._now = now
        self._news = News()
        self._lines: set[Line] = set()
        self._database = ThreadPoolExecutor(1, "database")  # one connection for all
        self._failing = False
        self._ended = False

    async def __call__(self, scope: Any, protocol: Any) -> None:
        digest = self._doors.digest(scope.headers, scope.authority or scope.headers.get("host") or "")
        if scope.path != "/live" or scope.method != "GET" or digest is None:
            protocol.response_empty(404 if scope.path != "/live" else 401, [("cache-control", "no-store")])
            return
        status, line = await self._admit(digest)
        origin = scope.headers.get("origin")
        cors = [("access-control-allow-origin", origin), ("access-control-allow-credentials", "true")] if origin else []
        if line is None:
            protocol.response_empty(status, [*cors, ("cache-control", "no-store")])
            return
        await self._tell(line, protocol, [*HEADERS, ("vary", "origin"), *cors])

    async def _admit(self, digest: str) -> tuple[int, Line | None]:
        """A line of whoever holds this session; else why not."""
        try:
            user = (await self._asked(partial(holders, [digest]))).get(digest)
        except Error:
            return 503, None
        if user is None:
            return 401, None
        if len(self._lines) >= MOST or sum(line.user == user for line in self._lines) >= MOST_OF_ONE or self._ended:
            return 503, None
        line = Line(digest, user)
        self._lines.add(line)
        return 200, line

    async def _tell(self, line: Line, protocol: Any, headers: list[tuple[str, str]]) -> None:
        gone = asyncio.ensure_future(protocol.client_disconnect())
        gone.add_done_callback(lambda _gone: line.end())
        try:
            transport = protocol.response_stream(200, headers)
            await transport.send_str(FIRST)
            while not line.over:
                if told := await line.next():
                    await transport.send_str(told)
        except RuntimeError:  # RSGIProtocolClosed: it went while it was told
            line.end()
        finally:
            self._lines.discard(line)
            gone.cancel()

    # --- the loop -------------------------------------------------------------------------------------------------------

    async def watch(self) -> None:
        """Look at the database while somebody waits, until the end."""
        rounds = 0
        while not self._ended:
            await asyncio.sleep(EVERY)
            if self._lines:
                rounds += 1
                await self.round(whether_they_stand=rounds % ROUNDS == 0)

    async def round(self, *, whether_they_stand: bool) -> None:
        """Tell whom something waits for; once in a while end those whose session has ended. What fails is tried again."""
        try:
            for user in await self._asked(self._news.users):
                self._look(user)
            if whether_they_stand:
                asked = {line.digest for line in self._lines}
                self._end_all(asked - (await self._asked(partial(holders, asked))).keys())
            self._failing = False
        except Error:
            if not self._failing:  # once, not four times a second
                log.exception("The stream can't look at the database; it is tried again.")
            self._failing = True

    def _look(self, user: UUID) -> None:
        for line in self._lines:
            if line.user == user:
                line.look()

    def _end_all(self, digests: Collection[str]) -> None:
        for line in self._lines:
            if line.digest in digests:
                line.end()

    def end(self) -> None:
        """Let everybody go; a browser comes back by itself."""
        self._ended = True
        self._end_all({line.digest for line in self._lines})

    async def _asked(self, question: Callable[[datetime], Found]) -> Found:
        def ask() -> Found:
            close_old_connections()
            try:
                return question(self._now())
            except Error:
                connection.close()
                raise

        return await asyncio.get_running_loop().run_in_executor(self._database, ask)
