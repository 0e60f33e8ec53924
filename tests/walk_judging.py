"""What a page answered to somebody, judged by what `tests.walk` says it should: status, content, log, and what it changed.

Also what is worth sending: the form of each page, filled in once by somebody whom the page lets in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection
from django.test import Client

from amanat.access.pages import Page
from amanat.audit.models import Entry, Outcome
from tests import walk, walk_pages
from tests.walk import Barred, Held, Standing, standings
from tests.walk_pages import address, answered, expected, missing_address
from tests.walk_world import CODE_NAME, Body, World, marker, taken_back

CSRF = re.compile(rb'(name="csrfmiddlewaretoken" value=")[^"]+')
# These words and no others: a random token may well look like one.
MARKERS = re.compile("|".join(marker(part) for part in walk.PARTS).encode())
OF_REFERRALS = ("referral_summary", "service_notes")
# What a page keeps of a form whose sender has to prove first who they are.
KEPT = {"access_draft", "vault_subject"}


# --- what came back --------------------------------------------------------------------------------------------------


def body_of(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def says_too_much(world: World, standing: Standing, body: bytes) -> list[str]:
    """What stands in an answer and must not: words of parts that are closed, the code name or reference of what one may not know of."""
    found = {word.decode() for word in MARKERS.findall(body)}
    at_a_matter = walk.before_a_matter(standing)
    allowed = {marker(part) for part in walk.PARTS if walk.sees(standing, part)}
    allowed |= {marker(part) for part in walk.ONLY_OF_MATTERS if walk.sees(at_a_matter, part)}
    at_a_referral = walk.before_a_referral(standing)
    allowed |= {marker(part) for part in OF_REFERRALS if walk.sees(at_a_referral, part)}
    hints = [] if walk.knows(standing) else [CODE_NAME, world.case.pk.hex, str(world.case.pk)]
    return sorted(found - allowed) + [hint for hint in hints if hint.encode() in body]


def logged(standing: Standing, world: World, page: Page, since: set[Any]) -> set[str]:
    """Outcomes of the entries of this page that were not there before."""
    rows = Entry.objects.filter(page=page.name, user=world.membership(standing).user).exclude(pk__in=since)
    return set(rows.values_list("outcome", flat=True))


class Walk:
    """One standing's way through the pages; `wrong` says where the product did something else than it should."""

    def __init__(self, world: World, standing: Standing) -> None:
        self.world = world
        self.standing = standing
        self.browser: Client = world.browser(standing)
        self.wrong: list[str] = []
        self.before = snapshot()
        self.entries = set(Entry.objects.values_list("pk", flat=True))
        self.missing: dict[str, Any] = {}  # how a reference that leads nowhere looks, by method

    def read(self, page: Page) -> None:
        with taken_back():
            self._judge(page, "GET", self.browser.get(address(self.world, page)))

    def write(self, page: Page, body: dict[str, Any]) -> None:
        with taken_back():
            with writes() as written:
                response = self.browser.post(address(self.world, page), walk_pages.ready(body))
            if answered(response) == "proof":
                written -= KEPT  # what was typed waits for the proof
            if answered(response) != "open" and written and snapshot() != self.before:
                self._wrong(page, "POST", f"a refused write changed {sorted(written)}")
            self._judge(page, "POST", response, sent=body)

    def _judge(self, page: Page, method: str, response: Any, sent: dict[str, Any] | None = None) -> None:
        told, should = answered(response), expected(page, self.standing)
        if told != should:
            self._wrong(page, method, f"{told}, not {should}")
        echo = set((sent or {}).values())  # what one typed oneself tells nothing
        if too_much := set(says_too_much(self.world, self.standing, body_of(response))) - echo:
            self._wrong(page, method, f"shows {sorted(too_much)}")
        outcomes = logged(self.standing, self.world, page, self.entries)
        if told in ("closed", "hidden") and Outcome.REFUSED not in outcomes:
            self._wrong(page, method, "a refusal that is not in the log")
        if response.status_code == 200 and page.loads and Outcome.READ not in outcomes:
            self._wrong(page, method, "a look that is not in the log")
        if told == "hidden" and page.loads:
            self._like_missing(page, method, response)

    def _like_missing(self, page: Page, method: str, hidden: Any) -> None:
        """Byte for byte and header for header, but for the token of its form."""
        if method not in self.missing:
            self.missing[method] = _looks(self.browser.generic(method, missing_address(self.world, page)))
        if _looks(hidden) != self.missing[method]:
            self._wrong(page, method, "hidden does not look like missing")

    def _wrong(self, page: Page, method: str, what: str) -> None:
        self.wrong.append(f"{page.name} {method} {self.standing}: {what}")


def _looks(response: Any) -> tuple[int, bytes, dict[str, str]]:
    return response.status_code, CSRF.sub(rb"\1", body_of(response)), dict(response.headers)


# --- bodies that are worth refusing ----------------------------------------------------------------------------------


def who_may(page: Page) -> list[Standing]:
    """Those whom a page lets in, the ones with the most to do first."""
    own = [Standing(role) for role in walk.DESK_VERBS["look.my_day"]]
    others_conflict = Standing("supervisor", conflicts=(Barred(own=False),))
    likely = [others_conflict, Standing("social_worker", grants=(Held("case_manager"),)), *own]
    found = [standing for standing in likely if expected(page, standing) == "open"]
    return found or [standing for standing in standings() if expected(page, standing) == "open"][:1]


def valid_body(world: World, page: Page) -> Body:
    """Found once: whoever may do it opens the page and sends its form, filled in as a person could. Whether a page on which nothing
    is done has a form at all, the first three of them see."""
    if page.name not in world.bodies:
        world.bodies[page.name] = Body({}, does=False)
        for standing in who_may(page)[: None if does_something(page) else 3]:
            if not world.bodies[page.name].does:
                tried = _tried(world, page, standing)
                world.bodies[page.name] = tried if tried and (tried.fields or tried.does) else world.bodies[page.name]
    return world.bodies[page.name]


def does_something(page: Page) -> bool:
    return page.does is not None and not page.does.startswith("look.")


def _tried(world: World, page: Page, standing: Standing) -> Body | None:
    with world.stand(standing):
        walk_pages.prepare(world, page)
        where, browser = address(world, page), world.browser(standing)
        shown = browser.get(where)
        if shown.status_code != 200 or shown.streaming:
            return None
        fields = walk_pages.filled_in(where, shown.content.decode(errors="replace"))
        browser.post(where, walk_pages.ready(fields))
        return Body(fields, Entry.objects.filter(outcome=Outcome.DONE, page=page.name).exists())


# --- whether anything changed ----------------------------------------------------------------------------------------

# What a refused request writes as well: that it was refused, and that somebody was there.
BESIDE = {"audit.Entry", "audit.Pending", "people.Session"}
WRITES = re.compile(r'^\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"(\w+)"')


def snapshot() -> dict[str, list[Any]]:
    """Every row of every table but those of `BESIDE`, as the database holds it."""
    with connection.cursor() as cursor:
        return {table: _rows(cursor, table) for table in sorted(_tables())}


def _tables() -> set[str]:
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table for model in models if model._meta.managed and model._meta.label not in BESIDE}


def _rows(cursor: Any, table: str) -> list[Any]:
    cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
    return sorted(tuple(map(repr, row)) for row in cursor.fetchall())


@contextmanager
def writes() -> Iterator[set[str]]:
    """The tables that statements inside the block write to, but those of `BESIDE`; also where that is rolled back."""
    seen: set[str] = set()
    tables = _tables()

    def watch(execute: Any, statement: str, *more: Any) -> Any:
        if (found := WRITES.match(statement)) and found[1] in tables:
            seen.add(found[1])
        return execute(statement, *more)

    with connection.execute_wrapper(watch):
        yield seen
