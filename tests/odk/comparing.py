"""The same filling in ODK's engine, in Chromium, and in ours: what each asks, holds and offers, question by question."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from lxml import etree

from amanat.forms.compiling import CompiledForm
from amanat.forms.filling import Filling
from amanat.forms.model import Shown
from tests.cast import NOW
from tests.odk.building import CLIENT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ZONE: Final = ZoneInfo("Asia/Ashgabat")
ROUNDS: Final = 3
_PAGE: Final = '<meta charset="utf-8"><script type="module">window.odk = await import("./client.js")</script>'

Step = tuple[list[list[Any]], list[dict[str, Any]]]


@dataclass(frozen=True)
class TheirEngine:
    """ODK's engine in a page of Chromium."""

    page: Page

    @classmethod
    @contextmanager
    def opened(cls, browser: Browser, address: str) -> Iterator[TheirEngine]:
        """In a page of this address, in Ashgabat at the moment of the cast."""
        with browser.new_context(base_url=address, timezone_id=ZONE.key, locale="en-GB") as context:
            page = context.new_page()
            page.clock.set_fixed_time(NOW)
            page.route("**/odk/", lambda route: route.fulfill(body=_PAGE, content_type="text/html"))
            page.route("**/odk/client.js", lambda route: route.fulfill(path=CLIENT, content_type="text/javascript"))
            page.goto("/odk/")
            page.wait_for_function("Boolean(window.odk)")
            yield cls(page)

    def call(self, name: str, *arguments: Any) -> Any:
        """What a function of driver.mjs gives."""
        return self.page.evaluate("([name, given]) => odk[name](...given)", [name, arguments])

    def course(
        self, form: CompiledForm, seed: int, language: str, chosen: Mapping[str, str] | None = None
    ) -> list[Step]:
        """Fill the loaded form by chance."""
        spoken = form.translations.languages.get(language, "")
        found: list[Step] = json.loads(self.call("course", seed, spoken, ROUNDS, dict(chosen or {})))
        return found


def differences(form: CompiledForm, steps: list[Step], filling: Filling, *, close: bool = False) -> set[str]:
    """Do in ours what was done in theirs, and tell where the two part. `close`: numbers may differ in their last digits."""
    found = set()
    for done, theirs in steps:
        for what, path, *rest in done:
            {"put": filling.put, "add": filling.add, "remove": filling.remove}[what](path, *rest)
        found |= {
            f"{path}: theirs {one!r}, ours {other!r}" for path, one, other in _parting(theirs, filling, close=close)
        }
    return found


def _parting(theirs: list[dict[str, Any]], filling: Filling, *, close: bool) -> Iterator[tuple[str, Any, Any]]:
    ours = {shown.path: shown for screen in filling.screens() for shown in screen.questions}
    values = {answer.path: answer.value for answer in filling.answers()}
    faults = filling.faults()
    asked = {one["path"]: one for one in theirs if "/meta/" not in one["path"]}
    for path in ours.keys() - asked.keys():
        yield path, "not asked", "asked"
    for path, one in asked.items():
        if one["kind"] == "model-value":
            if not same(one["value"], values.get(path, ""), close=close):
                yield path, one["value"], values.get(path, "")
        elif path not in ours:
            yield path, "asked", "not asked"
        else:
            yield from _of_a_question(one, ours[path], faults.get(path, ""), close=close)


def _of_a_question(one: dict[str, Any], shown: Shown, fault: str, *, close: bool) -> Iterator[tuple[str, Any, Any]]:
    if not same(one["value"], shown.value, close=close or one["type"] == "decimal"):
        yield shown.path, one["value"], shown.value
    # A dash stands in an XForm where a sheet leaves out a text in one language; ours says it in another then.
    their_words = one["message"].strip().removeprefix("-")
    pairs = {
        "required": (one["required"], shown.required),
        "read only": (one["read_only"], shown.read_only or one["kind"] == "note"),
        # Spaces at its ends come from how the sheet is turned into an XForm; neither draws them.
        "label": (one["label"].strip(), shown.label.strip()),
        "hint": (one["hint"].strip(), shown.hint.strip()),
        "choices": (one["choices"], [[choice.value, choice.label] for choice in shown.choices]),
        "holds": (not one["broken"], not fault),
        "what is said": (their_words or fault, fault),
    }
    for name, (their, our) in pairs.items():
        if their != our:
            yield f"{shown.path} ({name})", their, our


def same(one: str, other: str, *, close: bool) -> bool:
    """Whether two values are the same text, or where `close` the same number."""
    if one == other or not close:
        return one == other
    try:
        return math.isclose(float(one), float(other), rel_tol=1e-7, abs_tol=1e-9)
    except ValueError:
        return False


def answers_of(instance: str | bytes) -> dict[str, list[str]]:
    """The answers of an XForm instance by their paths, without empty ones and without what names the instance."""
    root = etree.fromstring(instance.encode() if isinstance(instance, str) else instance)
    found: dict[str, list[str]] = {}
    for element in root.iter("{*}*"):
        path = "/".join(etree.QName(one).localname for one in (*reversed(list(element.iterancestors())), element))
        if not len(element) and element.text and "/meta/" not in path:
            found.setdefault(path, []).append(element.text)
    return found
