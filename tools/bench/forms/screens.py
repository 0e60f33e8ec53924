"""A worker fills in the form at a browser, screen by screen: each is shown, kept as a draft, evaluated anew at a change, and sent."""

from __future__ import annotations

import html
import json
import re
import time
from collections import defaultdict
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from tools.bench.client import TOKEN, Client, Unexpected
from tools.bench.forms.accepting import milliseconds
from tools.bench.forms.sheet import name_of
from tools.bench.people import worker_name

FORM = "application/x-www-form-urlencoded"
FIELD = re.compile(r'<input type="(text|radio)" name="(q[0-9a-f]{10})"')
HIDDEN = re.compile(r'<input type="hidden" name="(shown|instance_id|seen)" value="([^"]*)"')
LAST = ">Save the form<"


class Filler:
    """Who fills in one form; `seconds` and `bytes` by what was asked for."""

    def __init__(self, client: Client) -> None:
        self.client = client
        self.seconds: dict[str, list[float]] = defaultdict(list)
        self.bytes: dict[str, list[int]] = defaultdict(list)  # over the wire, and of the page before it was compressed
        self.raw: dict[str, list[int]] = defaultdict(list)

    def fill(self, address: str) -> None:
        """From the first screen to the record."""
        self.client.ask("GET", address)
        address = self.client.location
        while "/records/" not in address:
            address = self._screen(address)

    def _screen(self, address: str) -> str:
        page = self._timed("page", "GET", address)
        answers = [(name, "yes" if kind == "radio" else "some words") for name, kind in fields(page).items()]
        answers += [(name, html.unescape(value)) for name, value in HIDDEN.findall(page)]
        token = TOKEN.search(page)
        assert token
        signed = ("csrfmiddlewaretoken", token[1])
        self._timed("draft", "POST", "/draft", [signed, ("page", address), ("body", urlencode(answers))])
        self._timed("swap", "POST", address, [signed, *answers, ("go", "look")])
        self._timed("save" if LAST in page else "continue", "POST", address, [signed, *answers, ("go", "next")])
        if not self.client.location:
            raise Unexpected(f"{address} was not taken")
        return self.client.location

    def _timed(self, what: str, method: str, address: str, form: list[tuple[str, str]] | None = None) -> str:
        began = time.perf_counter()
        status, text = self.client.send(method, address, urlencode(form) if form else None, FORM)
        took = time.perf_counter() - began
        if status >= 400:
            raise Unexpected(f"{method} {address}: {status}")
        self.note(what, took, text)
        return text

    def note(self, what: str, seconds: float, text: str) -> None:
        self.seconds[what].append(seconds)
        self.bytes[what].append(self.client.bytes)
        self.raw[what].append(len(text.encode()))


def fields(page: str) -> dict[str, str]:
    """The questions of a screen: the name of the field, and its kind."""
    return {name: kind for kind, name in FIELD.findall(page)}


def filled_in(workspace: Path, port: int, questions: int, times: int) -> dict[str, Any]:
    """Figures of so many fillings, each about another child; what comes before them is not measured."""
    client = Client(port)
    client.sign_in(worker_name(0))
    cases = json.loads((workspace / "phone.json").read_text())["cases"]
    Filler(client).fill(f"/cases/{cases[-1]}/forms/{name_of(questions)}")
    filler = Filler(client)
    for case in cases[:times]:
        filler.fill(f"/cases/{case}/forms/{name_of(questions)}")
    return {
        what: milliseconds(told) | {"count": len(told), "bytes": max(filler.bytes[what]), "raw": max(filler.raw[what])}
        for what, told in filler.seconds.items()
    }
