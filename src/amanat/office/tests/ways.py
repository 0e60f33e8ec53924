"""What the office's tests share: pages as text, forms sent, tables read, and the log's last line."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from html.parser import HTMLParser
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from amanat.audit.models import Entry
from amanat.office.actions import proposing
from amanat.office.models import Proposal
from amanat.people.models import Role, User
from amanat.vault.sealing import open_sealed
from amanat.web.errors import PersonFacingError
from tests.cast import Cast

CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
CODE = re.compile(r"<span>(\d{5})</span>")


def read(client: Client, address: str, **query: str) -> str:
    """The page, which must be there."""
    answer = client.get(address, query)
    assert answer.status_code == 200, (address, answer.status_code, answer.headers.get("Location"))
    return answer.content.decode()


def send(client: Client, address: str, **typed: Any) -> str:
    """A form sent, followed to where it leads."""
    answer = client.post(address, typed, follow=True)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def code_on(page: str) -> str:
    """The one-time code that a page shows, "" if it shows none."""
    return "-".join(CODE.findall(page))


def entries_of(verb: str) -> list[tuple[Entry, dict[str, Any]]]:
    """What the log says of a verb, with the details."""
    rows = Entry.objects.select_related("subject", "user").filter(verb=verb).order_by("at")
    return [(row, open_sealed(row, "details") or {}) for row in rows]


def proposed(cast: Cast, user: User, role: Role, agency_of: str = "jemal", by: str = "viktor") -> Proposal:
    """A role in the agency of one of the cast, proposed."""
    found = proposing.propose_role(
        user, role=role, agency=cast[agency_of].agency, site=None, reason="The team grows.", actor=cast.actor(by)
    )
    assert isinstance(found, Proposal)
    return found


@contextmanager
def counting() -> Iterator[list[str]]:
    """The statements run inside, without those that only begin or end transactions."""
    found: list[str] = []
    with CaptureQueriesContext(connection) as captured:
        yield found
    found += [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(CONTROL)]


def at_once(*acts: Callable[[], object]) -> list[bool]:
    """Each in a connection of its own, all begun at the same moment: which were done, and which got a sentence instead."""
    begin = threading.Barrier(len(acts))

    def run(act: Callable[[], object]) -> bool:
        try:
            connection.ensure_connection()
            begin.wait()
            act()
        except PersonFacingError:
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(run, acts))


class Tables(HTMLParser):
    """The policy's tables of a page: {table: {row: [(column, mark, text, mine)]}}."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: dict[str, dict[str, list[tuple[str, str, str, bool]]]] = {}
        self.table = self.row = ""
        self.cell: list[Any] | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if tag == "table":
            self.table = held.get("data-table") or ""
            self.found.setdefault(self.table, {})
        elif tag == "tr":
            self.row = held.get("data-row") or ""
        elif tag == "td" and "data-mark" in held:
            self.cell = [held["data-label"], held["data-mark"], "", held.get("class") == "mine"]

    def handle_data(self, data: str) -> None:
        if self.cell:
            self.cell[2] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "td" and self.cell:
            self.found[self.table].setdefault(self.row, []).append(tuple(self.cell))
            self.cell = None
