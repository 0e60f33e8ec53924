"""The table of numbers (DESIGN §8) on every page of a house that has been lived in, and on its source.

Not here, because its room already holds it: existence answers a day (cases/tests/test_known.py), counts beyond 1,000
(web/tests/test_paging.py), the idle lock (people/tests/test_idle_lock.py, web/tests/test_script.py), the moment at which a draft
is sent (web/tests/test_script.py), the limit of an upload (cases/tests/test_attach_page.py). Sealing within a second is
measured by `./run bench`; touch targets and widths are looked at in `test_accessibility.py`. Nothing shows presence yet.
"""

from __future__ import annotations

import ast
import gzip
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django.plugin import DjangoDbBlocker

from amanat.access import drafts
from amanat.audit import recording
from amanat.people import doors
from amanat.people.clock import stopped
from amanat.web.paging import PAGE_SIZE
from tests import lived_in
from tests.cast import NOW
from tests.walk_world import taken_back

pytestmark = pytest.mark.sqlcipher_only  # whatever the database

FIRST_VISIT, LATER_PAGE = 60 * 1024, 15 * 1024  # bytes, compressed, with headers
QUERIES = 12
YEAR = 365 * 24 * 60 * 60  # seconds
LINES = {"file": 300, "view": 15, "function": 30}  # about
SOURCE = Path(__file__).resolve().parents[1] / "src"
CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET ")
FETCHED = re.compile(r'(?:href|src)="(/static/[^"]+)"')


@pytest.fixture(scope="module")
def built(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[lived_in.World]:
    """Once a module, and taken back whole."""
    with django_db_blocker.unblock(), stopped(NOW), taken_back():
        world = lived_in.build()
        # A process asks for the office's subject once; here nothing is ever committed, so it would ask again and again.
        recording._remember_office(recording.office_subject())
        yield world
        recording.forget_office()


@pytest.fixture
def house(built: lived_in.World, db: None) -> Iterator[lived_in.World]:
    """What a test writes is taken back."""
    with stopped(NOW), taken_back():
        yield built


# --- bytes -----------------------------------------------------------------------------------------------------------


def weight(answer: Any) -> int:
    """Bytes of an answer as it travels: the status line, the headers and the body."""
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    lines = [
        f"HTTP/1.1 {answer.status_code} {answer.reason_phrase}",
        *(f"{name}: {value}" for name, value in answer.items()),
    ]
    lines += [f"Set-Cookie: {cookie.OutputString()}" for cookie in answer.cookies.values()]
    return sum(len(line.encode()) + 2 for line in lines) + 2 + len(body)


def ask(browser: Client, address: str) -> Any:
    return browser.get(address, headers={"accept-encoding": "gzip, deflate, br"})


def fetched_by(page: Any) -> set[str]:
    """The static files that a page asks for."""
    return set(FETCHED.findall(gzip.decompress(page.content).decode()))


def test_static_files_are_kept_by_the_browser_for_a_year(house: lived_in.World) -> None:
    browser = lived_in.client(house, lived_in.KEEPER)
    for name in fetched_by(ask(browser, "/cases")):
        kept = ask(browser, name).headers["Cache-Control"]
        assert int(re.findall(r"max-age=(\d+)", kept)[0]) >= YEAR
        assert "immutable" in kept
        assert ask(browser, name).headers.get("Content-Encoding") in ("br", "gzip") or name.endswith(".svg")


# --- queries ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cost:
    """Of a page: the statements without those that only begin or end transactions, its bytes, and the static files that it asks for."""

    asked: list[str]
    page: int
    files: set[str]


def cost(world: lived_in.World) -> dict[lived_in.Visit, Cost]:
    found, browsers = {}, {}
    for visit in lived_in.visits(world):
        if visit.who not in browsers:
            browsers[visit.who] = lived_in.client(world, visit.who)
            browsers[visit.who].get("/account")  # the first page of a session writes down that somebody is there
        with CaptureQueriesContext(connection) as captured:
            answer = ask(browsers[visit.who], visit.address)
            page = weight(answer)
        asked = [query["sql"] for query in captured.captured_queries if not query["sql"].startswith(CONTROL)]
        is_page = visit.name not in lived_in.NO_PAGES
        found[visit] = Cost(asked, page, fetched_by(answer) if is_page else set())
    return found


def test_every_page_is_small_and_asks_twelve_queries_at_most_and_no_more_for_a_larger_caseload(
    house: lived_in.World,
) -> None:
    of_file = cache(lambda name: weight(ask(Client(), name)))
    small = cost(house)
    pages = {visit: told for visit, told in small.items() if visit.name not in lived_in.NO_PAGES}
    first = {visit: told.page + sum(map(of_file, told.files)) for visit, told in pages.items()}
    assert [visit for visit, told in pages.items() if not told.files] == []
    heavy = [visit for visit in pages if pages[visit].page > LATER_PAGE or first[visit] > FIRST_VISIT]
    assert [f"{visit}: {pages[visit].page} bytes, {first[visit]} on a first visit" for visit in heavy] == []
    lived_in.enlarge(270)
    large = cost(house)
    dear = {str(visit): len(told.asked) for visit, told in small.items() if len(told.asked) > QUERIES}
    grew = [visit for visit in small if len(small[visit].asked) != len(large[visit].asked)]
    growing = {str(visit): (len(small[visit].asked), len(large[visit].asked)) for visit in grew}
    assert (dear, growing) == ({}, {})


# --- times and lists -------------------------------------------------------------------------------------------------


def test_lists_have_pages_of_twenty_five(house: lived_in.World) -> None:
    page = lived_in.client(house, lived_in.KEEPER).get("/cases").content.decode()
    assert PAGE_SIZE == 25
    assert len(set(re.findall(r'href="/cases/([0-9a-f]{32})"', page))) == 25


def test_a_session_locks_after_ten_minutes_and_warns_a_minute_before(house: lived_in.World) -> None:
    browser = lived_in.client(house, lived_in.KEEPER)
    page = browser.get("/cases").content.decode()
    assert 'data-idle-seconds="600"' in page
    assert 'data-idle-warning-seconds="60"' in page
    with stopped(NOW + doors.IDLE - timedelta(seconds=1)):
        assert browser.get("/policy").status_code == 200
    with stopped(NOW + 2 * doors.IDLE):
        assert browser.get("/cases").headers["Location"].startswith("/account/locked")


def test_a_draft_is_kept_for_thirty_days(house: lived_in.World) -> None:
    user, page = house.keeper.user, f"/cases/{house.case.pk.hex}/note"
    drafts.save(user, page, QueryDict("text=typed"), NOW, house.case.subject)
    assert drafts.read(user, page, NOW + timedelta(days=30, seconds=-1))
    assert drafts.read(user, page, NOW + timedelta(days=30)) is None


def test_an_upload_has_twenty_megabytes_at_most() -> None:
    assert settings.UPLOAD_LIMIT == 20 * 1024 * 1024


# --- source ----------------------------------------------------------------------------------------------------------


def modules() -> Iterator[tuple[Path, str]]:
    """The product's own modules: no tests, no migrations."""
    for path in sorted(SOURCE.rglob("*.py")):
        if not {"tests", "migrations"} & set(path.parts):
            yield path.relative_to(SOURCE), path.read_text()


def functions(text: str) -> Iterator[tuple[str, int, bool]]:
    """Name, lines from `def` to the end without the docstring, and whether it is a view."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            told = ast.get_docstring(node, clean=False)
            decorated = {getattr(getattr(one, "func", one), "id", "") for one in node.decorator_list}
            lines = (node.end_lineno or 0) - node.lineno + 1 - (len(told.splitlines()) if told else 0)
            yield node.name, lines, "page" in decorated


def test_files_views_and_functions_stay_short() -> None:
    """A third more than about the number is where a part with its own name has been missed."""
    long = []
    for path, text in modules():
        if (lines := len(text.splitlines())) > LINES["file"] * 4 / 3:
            long.append(f"{path}: {lines} lines")
        for name, lines, is_view in functions(text):
            if lines > LINES["view" if is_view else "function"] * 4 / 3:
                long.append(f"{path}, {name}: {lines} lines")
    assert long == []
