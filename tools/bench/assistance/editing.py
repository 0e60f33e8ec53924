"""Five people write one plan at the same time, each in a session of their own: own rows and each other's. No word may be lost.

Every text that is sent holds a word that is sent once. It is *acknowledged* when the page leads on. Who is shown two versions chooses
their own and sends again; what was not taken has to stand in the form that came back.
"""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final
from urllib.parse import urlencode

from tools.bench.client import Client, Unexpected

PAUSE: Final = (0.5, 3.0)  # seconds of writing between the page and its sending
TRIES: Final = 5  # of one text, where others were quicker
COMMENTED: Final = 0.1  # of all texts: said beside a row instead of written into it
SENTENCES: Final = (
    "The school is asked again on Monday.",
    "She goes there with the aunt and comes back before dark.",
    "The doctor looks at the glasses in the second week.",
)
KINDS = "application/x-www-form-urlencoded"


class Sheet(HTMLParser):
    """The fields of the form of a page, as a browser would send them: of the one that holds long texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.fields: dict[str, str] = {}
        self.long: list[str] = []
        self._form: dict[str, str] = {}
        self._texts: list[str] = []
        self._area = self._choice = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        name = told.get("name", "")
        if tag == "form":
            self._form, self._texts = {}, []
        elif tag == "textarea":
            self._area = name
            self._texts.append(name)
            self._form[name] = ""
        elif tag == "select":
            self._choice = name
            self._form[name] = ""
        elif tag == "option" and ("selected" in told or not self._form.get(self._choice)) and told.get("value"):
            self._form[self._choice] = told["value"] if "selected" in told or self._choice == "owner" else ""
        elif tag == "input" and name and (told.get("type") not in ("radio", "checkbox") or "checked" in told):
            self._form[name] = told.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._form[self._area] = self._form[self._area].removeprefix("\n")
            self._area = ""
        elif tag == "select":
            self._choice = ""
        elif tag == "form" and self._texts:
            self.fields, self.long = self._form, self._texts

    def handle_data(self, data: str) -> None:
        if self._area:
            self._form[self._area] += data


@dataclass
class Book:
    """What happened to each word that was sent, by the words themselves."""

    acknowledged: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)  # not taken in the end, and there in the form
    gone: set[str] = field(default_factory=set)  # not taken, and not there either
    met: int = 0  # how often somebody else was quicker
    waits: list[float] = field(default_factory=list)


class Writer:
    """One of them."""

    def __init__(self, client: Client, name: str, case: str, until: float, run: str) -> None:
        self.client, self.name, self.plan, self.until, self.run = client, name, f"/cases/{case}/plan", until, run
        self.draw, self.book, self._number = random.Random(name + run), Book(), 0

    def work(self) -> Book:
        """Until the time is over."""
        self._add_own()
        while time.monotonic() < self.until:
            page = self.client.get(self.plan)
            rows = sorted(set(re.findall(rf'href="({self.plan}/(?:rows|needs)/[0-9a-f-]{{36}})"', page)))
            said = sorted(set(re.findall(rf'href="({self.plan}/rows/[0-9a-f-]{{36}}/comment)"', page)))
            comments = said and self.draw.random() < COMMENTED
            self._write(self.draw.choice(said if comments else rows))
        return self.book

    def _add_own(self) -> None:
        """A row that this one began."""
        page = self.client.get(self.plan)
        found = re.findall(rf'href="({self.plan}/[0-9a-f-]{{36}}/add/activity)"', page)
        self._write(self.draw.choice(sorted(set(found))))

    def _write(self, address: str) -> None:
        sheet = Sheet(self.client.get(address))
        self._number += 1
        word, name = f"w{self.run}{self.name}n{self._number}w", "words" if "words" in sheet.long else sheet.long[-1]
        time.sleep(self.draw.uniform(*PAUSE))
        kept = False
        for _try in range(TRIES):
            sheet.fields[name] = f"{word} {self.draw.choice(SENTENCES)}"
            began = time.perf_counter()
            status, text = self.client.send("POST", address, urlencode(sheet.fields), KINDS)
            self.book.waits.append(time.perf_counter() - began)
            if status == 302:
                return self.book.acknowledged.add(word)
            if status != 200 or ("theirs-" not in text and 'name="seen"' not in text):
                raise Unexpected(f"POST {address}: {status}")
            self.book.met += 1
            sheet, kept = Sheet(text), word in text
            # Whoever saw both keeps their own of what they wrote, and of the rest what the other one wrote.
            for both in [one.removeprefix("theirs-") for one in sheet.fields if one.startswith("theirs-")]:
                sheet.fields[f"keep-{both}"] = "mine" if both == name else "theirs"
        return (self.book.refused if kept else self.book.gone).add(word)


def edited(doors: Any, told: Mapping[str, Any], seconds: float) -> dict[str, Any]:
    """What five people were told in so many seconds: their words, by what became of them."""
    run, until = f"{int(time.time()) % 10_000_000:x}", time.monotonic() + seconds
    writers = [Writer(doors.of(name), name, told["edited"], until, run) for name in told["team"]]
    with ThreadPoolExecutor(len(writers)) as pool:
        books = list(pool.map(Writer.work, writers))
    return {
        "people": len(writers),
        "minutes": seconds / 60,
        "acknowledged": sorted(_all(book.acknowledged for book in books)),
        "refused": sorted(_all(book.refused for book in books)),
        "gone": sorted(_all(book.gone for book in books)),
        "met": sum(book.met for book in books),
        "waits": sorted(wait for book in books for wait in book.waits),
    }


def _all(words: Iterable[set[str]]) -> set[str]:
    return set().union(*words)


def lost(acknowledged: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Words that were acknowledged and stand in no text."""
    there = {word for text in texts for word in re.findall(r"\bw\w+n\d+w\b", text)}
    return sorted(set(acknowledged) - there)
