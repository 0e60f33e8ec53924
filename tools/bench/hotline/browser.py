"""A worker's browser, as far as the hotline needs one: an address of its own, cookies, kept connections, and the page that listens.

It does what `amanat.js` and htmx do: on *look*, when the stream opens, and every ten seconds (every minute while the stream is open)
it asks `/waiting`, and fetches the region of the page that says so. Loopback only; nothing of the product is used.
"""

from __future__ import annotations

import asyncio
import gzip
import html
import json
import re
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

PATIENCE = 60.0  # seconds
ASK_EVERY, BEATS, LISTEN_AGAIN, RETRY = 10.0, 6, 60.0, 3.0  # as amanat.js and the stream have them
LOOK = b"event: look"
TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
REGION = re.compile(r'data-look-refresh hx-get="([^"]+)"')
REST = re.compile(r'data-beat-refresh hx-get="([^"]+)"')
FORM = "application/x-www-form-urlencoded"
AS_A_PIECE = {"Unattended": "yes", "HX-Request": "true"}


class NoAnswer(OSError):
    """Nobody answered, the answer broke off, or the server could not."""


class Unexpected(Exception):
    """The server answered something else than the benchmark needs; a figure for it would be made up."""


@dataclass(frozen=True)
class Ports:
    """Of the pages and of the live stream; the same after each start."""

    pages: int
    live: int


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    text: str

    @property
    def location(self) -> str:
        return self.headers.get("location", "")


@dataclass
class Connection:
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def to(cls, port: int, own: str) -> Connection:
        return cls(*await asyncio.open_connection("127.0.0.1", port, local_addr=(own, 0), limit=2**20))

    async def exchange(self, request: bytes) -> Answer:
        self.writer.write(request)
        status, headers, cookies = await self.head()
        body = await self._body(headers)
        text = (gzip.decompress(body) if headers.get("content-encoding") == "gzip" else body).decode(errors="replace")
        return Answer(status, headers | ({"set-cookie": "\n".join(cookies)} if cookies else {}), text)

    async def head(self) -> tuple[int, dict[str, str], list[str]]:
        lines = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        named = [(name.lower(), value.strip()) for name, _colon, value in (line.partition(":") for line in lines[1:-2])]
        cookies = [value for name, value in named if name == "set-cookie"]
        return int(lines[0].split(" ", 2)[1]), dict(named), cookies

    async def _body(self, headers: dict[str, str]) -> bytes:
        if headers.get("transfer-encoding") != "chunked":
            return await self.reader.readexactly(int(headers.get("content-length", "0")))
        body = b""
        while size := int(await self.reader.readline(), 16):
            body += (await self.reader.readexactly(size + 2))[:-2]
        await self.reader.readline()
        return body

    def close(self) -> None:
        self.writer.close()


@dataclass
class Browser:
    """`cookies` carry the session. `took`: called with what was asked for and its seconds."""

    ports: Ports
    own: str
    cookies: dict[str, str]
    took: Callable[[str, float], None] = lambda _what, _seconds: None
    idle: list[Connection] = field(default_factory=list)

    async def get(self, path: str, what: str = "page") -> str:
        """Raises:
        NoAnswer: nobody did.
        Unexpected: the page is not a 200.
        """
        answer = await self.ask("GET", path, what=what)
        if answer.status != 200:
            raise Unexpected(f"GET {path}: {answer.status} {answer.location}")
        return answer.text

    async def post(self, path: str, page: str, fields: list[tuple[str, str]], what: str) -> str:
        """Send a form of a page that was got before; where it leads.

        Raises:
            NoAnswer: nobody did.
            Unexpected: it did not lead on.
        """
        token = TOKEN.search(page)
        sent = [("csrfmiddlewaretoken", token[1] if token else ""), *fields]
        answer = await self.ask("POST", path, urlencode(sent), what=what)
        if answer.status != 302:
            told = re.findall(r'<a href="#id[^>]*>(.*?)<', answer.text)
            raise Unexpected(f"POST {path}: {answer.status} {told[:3]}")
        return answer.location

    async def ask(self, method: str, path: str, body: str | None = None, *, what: str = "", **headers: str) -> Answer:
        request, began = self._request(method, path, body, headers), time.perf_counter()
        try:
            async with asyncio.timeout(PATIENCE):
                answer = await self._exchanged(request)
        except (TimeoutError, OSError, EOFError, ValueError) as error:
            raise NoAnswer(f"{method} {path}") from error
        if answer.status >= 500:
            raise NoAnswer(f"{method} {path}: {answer.status}")
        if what:
            self.took(what, time.perf_counter() - began)
        for cookie in answer.headers.get("set-cookie", "").splitlines():
            name, _, rest = cookie.partition("=")
            self.cookies[name] = rest.split(";")[0]
        return answer

    async def _exchanged(self, request: bytes) -> Answer:
        """On a kept connection, and where the server closed that meanwhile on a new one, whatever the method: as browsers do."""
        if self.idle:
            try:
                return await self._on(self.idle.pop(), request)
            except (ConnectionError, EOFError):
                self.hang_up()
        return await self._on(await Connection.to(self.ports.pages, self.own), request)

    async def _on(self, connection: Connection, request: bytes) -> Answer:
        try:
            answer = await connection.exchange(request)
        except BaseException:
            connection.close()
            raise
        self.idle.append(connection)
        return answer

    def _request(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> bytes:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        told = {"Host": "localhost", "Cookie": cookies, "Accept-Language": "en", "Accept-Encoding": "gzip"}
        if body is not None:
            told |= {"Content-Type": FORM, "Content-Length": str(len(body))}
        told |= headers
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in told.items())]
        return "\r\n".join([*lines, "", body or ""]).encode()

    def hang_up(self) -> None:
        for connection in self.idle:
            connection.close()
        self.idle.clear()


class Page:
    """The page that is open: it listens, and has a region that is fetched anew, or none."""

    def __init__(self, browser: Browser, shown: Callable[[str], None], waits: Callable[[list[str]], Awaitable[None]]):
        """`shown` gets each new text of the region, `waits` what `/waiting` says."""
        self.browser, self._shown, self._waits = browser, shown, waits
        self.region = self.rest = ""  # what is fetched at each look, and what only when the page asks by itself
        self.heard: list[float] = []  # when the stream said *look*
        self.is_listening = False
        self._fetching = self._again = False
        self._tasks: set[asyncio.Task[None]] = set()
        self.failed: BaseException | None = None

    def show(self, text: str) -> None:
        """A page was opened, or its region came."""
        found, rest = REGION.search(text), REST.search(text)
        self.region = html.unescape(found[1]) if found else ""
        if rest or not found:
            self.rest = html.unescape(rest[1]) if rest else ""
        self._shown(text if found else "")

    async def live(self) -> None:
        """Listen and ask until it is cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._listen())
            group.create_task(self._ask_again())

    async def _listen(self) -> None:
        while True:
            try:
                await asyncio.sleep(LISTEN_AGAIN if await self._hear() else RETRY)
            except (OSError, EOFError, ValueError):
                await asyncio.sleep(RETRY)
            finally:
                self.is_listening = False

    async def _hear(self) -> bool:
        """Until the line is cut; True where it was refused."""
        line = await Connection.to(self.browser.ports.live, self.browser.own)
        try:
            line.writer.write(self._request())
            status, _headers, _cookies = await line.head()
            if status != 200:
                return True
            self.is_listening = True
            self.look()
            while told := await line.reader.readline():
                if told.startswith(LOOK):
                    self.heard.append(time.perf_counter())
                    self.look()
            return False
        finally:
            line.close()

    def _request(self) -> bytes:
        ports = self.browser.ports
        told = {
            "Host": f"localhost:{ports.live}",
            "Origin": f"http://localhost:{ports.pages}",
            "Cookie": f"session={self.browser.cookies['session']}",
        }
        return "\r\n".join(["GET /live HTTP/1.1", *(f"{name}: {said}" for name, said in told.items()), "", ""]).encode()

    async def _ask_again(self) -> None:
        beats = 0
        while True:
            await asyncio.sleep(ASK_EVERY)
            beats += 1
            if not self.is_listening or beats % BEATS == 0:
                self._begin(self._fetch_rest())
                self.look()

    def look(self) -> None:
        """Both at once, as the script does."""
        self._begin(self._ask_waiting(), self._fetch_region())

    def _begin(self, *tasks: Coroutine[Any, Any, None]) -> None:
        for task in tasks:
            begun = asyncio.ensure_future(task)
            self._tasks.add(begun)
            begun.add_done_callback(self._done)

    @property
    def asks(self) -> bool:
        """Whether an answer is still to come."""
        return bool(self._tasks)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            self.failed = self.failed or task.exception()

    async def _ask_waiting(self) -> None:
        try:
            answer = await self.browser.ask("GET", "/waiting", what="waiting")
        except NoAnswer:
            return
        if answer.status == 200:
            await self._waits([one["kind"] for one in json.loads(answer.text)["waiting"]])
        else:
            self.browser.took(f"refused: waiting {answer.status}", 0.0)

    async def _fetch_rest(self) -> None:
        if not self.rest:
            return
        try:
            answer = await self.browser.ask("GET", self.rest, what="rest", **AS_A_PIECE)
        except NoAnswer:
            return
        if answer.status == 200 and (found := REST.search(answer.text)):
            self.rest = html.unescape(found[1])
        elif answer.status not in (200, 204):
            self.browser.took(f"refused: rest {answer.status}", 0.0)

    async def _fetch_region(self) -> None:
        """One at a time; what came meanwhile is one more, as htmx has it."""
        if self._fetching or not self.region:
            self._again = self._fetching
            return
        self._fetching, region = True, self.region
        try:
            answer = await self.browser.ask("GET", region, what="region", **AS_A_PIECE)
        except NoAnswer:
            return
        finally:
            self._fetching = False
        if answer.status == 200 and self.region == region:
            self.show(answer.text)
        elif answer.status not in (200, 204):
            self.browser.took(f"refused: region {answer.status}", 0.0)
        if self._again:
            self._again = False
            await self._fetch_region()
