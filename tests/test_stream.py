"""The live stream and the public site as they are served: each by a process and on a port of its own."""

from __future__ import annotations

import http.client
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from amanat.config.tree import live, locking
from tests.served import Visitor
from tests.tree import PATIENCE, Tree, free_port, tree

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Rolled back for Aman, committed for the two others.
LOOK = """
from django.db import transaction
from amanat.people.looks import look
from amanat.people.models import User
aman, nurana, merdan = (User.objects.get(username=name) for name in ("aman", "nurana", "merdan"))
try:
    with transaction.atomic():
        look([aman, nurana])
        raise ZeroDivisionError
except ZeroDivisionError:
    look([nurana, merdan])
"""


@dataclass
class Beside:
    """A served workspace with both ports."""

    served: Tree
    live: int
    site: int


@pytest.fixture(scope="module")
def house(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Beside]:
    ports = free_port(), free_port()
    words = ["--live-port", str(ports[0]), "--site-port", str(ports[1])]
    with tree(environment, tmp_path_factory.mktemp("log") / "log", *words) as served:
        served.until(lambda: {"stream", "site"} <= served.pids().keys())
        yield Beside(served, *ports)
    locking.unmark(served.folder)


class Listener:
    """Somebody at a browser whose page listens."""

    def __init__(self, house: Beside, name: str) -> None:
        self.visitor = Visitor(house.served.port)
        self.visitor.come_in_as(name)
        self._line = http.client.HTTPConnection("127.0.0.1", house.live, timeout=PATIENCE)
        self._line.putrequest("GET", "/live", skip_host=True)
        own = {"Host": f"localhost:{house.live}", "Origin": f"http://localhost:{house.served.port}"}
        for name_, value in {**own, "Cookie": f"session={self.visitor.cookies['session']}"}.items():
            self._line.putheader(name_, value)
        self._line.endheaders()
        self.answer = self._line.getresponse()
        assert self.answer.status == 200
        assert self.event() == live.FIRST

    def event(self) -> str:
        """The next one that says something; "" where the line was cut."""
        told = ""
        while not told.endswith("\n\n"):
            line = self.answer.readline().decode()
            if not line:
                return ""
            told = "" if told + line == live.NOTHING_NEW else told + line
        return told


@pytest.mark.both_databases
def test_a_look_comes_when_it_is_committed_also_to_a_locked_session_and_an_ended_one_is_cut(house: Beside) -> None:
    aman, nurana, merdan = (Listener(house, name) for name in ("Aman", "Nurana", "Merdan"))
    merdan.visitor.get("/account/locked")
    house.served.tell(LOOK)
    assert [nurana.event(), merdan.event()] == [live.LOOK, live.LOOK]
    aman.visitor.post("/account/sign-out", aman.visitor.get("/account/sign-out"))
    assert aman.event() == ""


def test_a_page_in_a_real_browser_is_told_and_asks(house: Beside, browser: Browser) -> None:
    """What a policy of contents, a cookie for one host and another port come to, only a browser can say."""
    complaints: list[str] = []
    with browser.new_context(base_url=f"http://localhost:{house.served.port}", locale="en-GB") as context:
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        page.goto("/demo/sign-in")
        with page.expect_response(f"http://localhost:{house.live}/live") as opened, page.expect_request("**/waiting"):
            page.get_by_role("button", name="Nurana").click()
        assert opened.value.status == 200
        with page.expect_response("**/waiting") as asked:
            house.served.tell(LOOK)
        assert asked.value.json()["whose"]
    assert [said for said in complaints if "Unrecognized feature" not in said] == []


def test_the_public_site_has_no_page_of_those_who_work_here_and_leaves_no_cookie(house: Beside) -> None:
    site = Visitor(house.site)
    site.cookies.clear()
    paths = ("/", "/arrived", "/arrived/sent", "/services", "/neutral", "/demo/sign-in", "/waiting")
    statuses = [site.send("GET", path, None, "")[0] for path in paths]
    assert statuses == [200, 200, 200, 200, 200, 404, 404]
    assert site.send("GET", "/?lang=tk", None, "")[1].count('lang="tk"') == 2  # of the page, and of its link
    assert site.cookies == {}
    served = Visitor(house.served.port)
    assert served.send("GET", "/call-back", None, "")[0] == 404


def test_while_it_is_locked_nobody_listens_and_the_site_goes_on(house: Beside) -> None:
    assert house.served.amanat("lock").returncode == 0
    house.served.comes_to("locked")
    assert house.served.pids().keys() == {"locked", "site"}
    assert Visitor(house.site).send("GET", "/", None, "")[0] == 200
