"""A worker at a browser, as far as a benchmark needs one: one kept connection, cookies, forms. Loopback only."""

from __future__ import annotations

import base64
import gzip
import hmac
import http.client
import re
import time
from urllib.parse import urlencode

from tools.bench.people import PASSWORD, SECRET

TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')
VALUE = re.compile(r'<input type="(?:hidden|datetime-local|date)" name="([^"]+)" value="([^"]*)"')
STEP, LONGEST_ANSWER = 30, 3.0  # seconds: that a code of the app lasts; that the server may take to look at it


class Unexpected(Exception):
    """The server answered something else than the benchmark needs; a figure for it would be made up."""


class Client:
    """Requests to the served workspace; `bytes` is the size of the last answer as it went over the wire, headers included."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.cookies: dict[str, str] = {}
        self.location, self.bytes = "", 0

    def ask(self, method: str, path: str, form: dict[str, str] | None = None) -> tuple[int, str]:
        """Status and text of an answer."""
        return self.send(method, path, None if form is None else urlencode(form), "application/x-www-form-urlencoded")

    def send(self, method: str, path: str, body: str | bytes | None, kind: str) -> tuple[int, str]:
        """Status and text of the answer to a body of that media type."""
        headers = {
            "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items()),
            "Accept-Language": "en",
        }
        headers |= {"Accept-Encoding": "gzip", "Host": "localhost", "User-Agent": "bench"}
        if body is not None:
            headers["Content-Type"] = kind
        answer = self._answer(method, path, body, headers)
        raw = answer.read()
        self.bytes = len(raw) + sum(len(name) + len(value) + 4 for name, value in answer.getheaders())
        self.location = answer.getheader("Location", "") or ""
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.strip().partition("=")
                self.cookies[key] = rest.split(";")[0]
        return answer.status, _text(raw, answer.getheader("Content-Encoding"))

    def _answer(
        self, method: str, path: str, body: str | bytes | None, headers: dict[str, str]
    ) -> http.client.HTTPResponse:
        self.connection.request(method, path, body, headers)
        try:
            return self.connection.getresponse()
        except http.client.RemoteDisconnected:
            if method != "GET":
                raise
            self.connection.close()  # the server closes what was idle for long; a browser would ask again, too
            self.connection.request(method, path, body, headers)
            return self.connection.getresponse()

    def get(self, path: str) -> str:
        """Raises:
        Unexpected: the page is not a 200.
        """
        status, text = self.ask("GET", path)
        if status != 200:
            raise Unexpected(f"GET {path}: {status} {self.location}")
        return text

    def post(self, path: str, page: str, **form: str) -> None:
        """Send a form of a page that was got before.

        Raises:
            Unexpected: it did not lead on.
        """
        token = TOKEN.search(page)
        sent = form | {"csrfmiddlewaretoken": token[1] if token else ""}
        status, text = self.ask("POST", path, _filled(page) | sent)
        if status != 302:
            told = re.findall(r'<a href="#id[^>]*>(.*?)<', text)
            raise Unexpected(f"POST {path}: {status} {told[:3]}")

    def sign_in(self, name: str) -> float:
        """Password and a code of the app; the seconds that the worker waited for the server."""
        page = self.get("/account/sign-in")
        start = time.perf_counter()
        self.post("/account/sign-in", page, username=name, password=PASSWORD)
        second_step = self.location
        page = self.get(second_step)
        waited = _until_a_code_lasts()
        try:
            self.post(second_step, page, code=app_code(SECRET, int(time.time()) // STEP))
        except Unexpected:  # once more with the next one
            time.sleep(again := STEP - time.time() % STEP)
            waited += again
            self.post(second_step, page, code=app_code(SECRET, int(time.time()) // STEP))
        self.get(self.location)
        return time.perf_counter() - start - waited


def _until_a_code_lasts() -> float:
    """Wait where the app is about to show another code: it would come too late. The seconds that were waited."""
    left = STEP - time.time() % STEP
    if left > LONGEST_ANSWER:
        return 0.0
    time.sleep(left)
    return left


def app_code(secret: str, step: int) -> str:
    """The six digits that an authenticator app shows in a 30-second step (RFC 6238, SHA-1)."""
    told = hmac.digest(base64.b32decode(secret), step.to_bytes(8, "big"), "sha1")
    place = told[-1] & 15
    return f"{(int.from_bytes(told[place : place + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06d}"


def _filled(page: str) -> dict[str, str]:
    """What stands in the page's fields already: hidden ones, days and times."""
    return dict(VALUE.findall(page))


def _text(raw: bytes, encoding: str | None) -> str:
    return (gzip.decompress(raw) if encoding == "gzip" else raw).decode(errors="replace")
