"""The bench of the hotline: what it measures is what it says, and it says what is missing and where something falls short."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tools.bench.hotline.browser import Browser, Page, Ports
from tools.bench.hotline.ledger import Call, compared
from tools.bench.hotline.load import shown
from tools.bench.hotline.page import section
from tools.bench.hotline.working import ANSWER, AS_PEOPLE, RUNS, TAKE, Book, Operator, written

TEMPLATES = Path(__file__).resolve().parents[1] / "src" / "amanat"
REF = "0" * 31 + "1"
FIGURE = {"p50": 20.0, "p95": 40.0, "max": 50.0, "count": 200, "never": 0, "soon": 1.0}
pytestmark = pytest.mark.sqlcipher_only


def served(**other: Any) -> dict[str, Any]:
    left = {"acknowledged": {"rung": 200}, "lost": [], "twice": []}
    made = {
        **dict.fromkeys(("firsts", "screens", "alerts", "late"), FIGURE),
        "operators": 200,
        "calls": 20,
        "minutes": 10.0,
        "rung": 200,
        "memory": 500.0,
        "looks": 9000,
        "requests": 80.0,
        "asked": {"save": FIGURE, "region": FIGURE | {"p95": 5000.0}},
        "refused": {},
        "share": {},
        "left": left,
        "killed": left | {"kills": 10, "seconds": 60.0},
    }
    return {"machine": "2 cores", "date": "2026-11-27"} | made | other


@pytest.mark.parametrize(
    ("found", "short"),
    [
        (served(), 0),
        (served(screens=FIGURE | {"p95": 1001.0}), 1),
        (served(screens=FIGURE | {"soon": 0.94, "never": 12}), 1),
        (served(asked={"save": FIGURE | {"p95": 151.0}}), 1),
        (served(left={"acknowledged": {}, "lost": ["call 1: end"], "twice": []}), 1),
        (served(killed=served()["killed"] | {"twice": ["call 1: 2 cases"]}), 1),
    ],
)
def test_the_page_says_what_falls_short(found: dict[str, Any], short: int) -> None:
    assert "\n".join(section({"postgresql 000000200": found})).count("**not reached**") == short


def call(**other: Any) -> dict[str, Any]:
    told = Call("+99364000001", REF, "operator1", answered=True, saved=2, sent=3, outcome="advised")
    return told.as_json() | other


def held(**other: Any) -> dict[str, Any]:
    made = {"state": "ended", "outcome": "advised", "operator": "operator1", "summary": "save 2 She is afraid."}
    return {"number": "+99364000001", "cases": [], **made, **other}


@pytest.mark.parametrize(
    ("told", "there", "lost"),
    [
        (call(), held(), []),
        (call(), held(summary="save 3 It was sent, and no answer came."), []),
        (call(), held(summary="save 1 She is"), ["save"]),
        (call(), held(summary=""), ["save"]),
        (call(), held(state="talking", outcome=""), ["end"]),
        (call(), held(operator="operator2"), ["operator"]),
        (call(), held(number=None), ["number"]),
        (call(outcome=""), held(outcome="abandoned"), ["state"]),
        (call(alerted=True), held(), ["alert"]),
        (call(alerted=True), held(cases=[[{"kind": "p1", "id": "a", "taken_by": None}]]), []),
        (call(ref=""), None, []),
    ],
)
def test_what_was_acknowledged_and_is_not_there_is_missing(
    told: dict[str, Any], there: dict[str, Any] | None, lost: list[str]
) -> None:
    found = {REF: there} if there else {}
    assert compared([told], {}, found).lost == [f"call {REF}: {what}" for what in lost]


def test_a_call_that_is_not_there_and_an_alert_that_somebody_took_are_missing_and_what_is_there_twice_is_told() -> None:
    assert compared([call()], {"a": "duty0"}, {}).lost == [f"call {REF} is not there", "alert a not taken by duty0"]
    alert = {"kind": "p1", "id": "a", "taken_by": "duty0"}
    found = {REF: held(cases=[[alert], [alert]]), "2": held()}
    told = compared([call(alerted=True)], {"a": "duty0"}, found)
    assert (told.lost, told.twice) == ([], ["+99364000001 rang 2 times", f"call {REF}: 2 cases"])


def test_a_screen_that_never_showed_it_is_no_fast_one() -> None:
    told = shown([0.1, 0.2, 2.0, None])
    assert (told["count"], told["never"], told["soon"]) == (4, 1, 0.5)


def test_what_a_screen_shows_is_noted_once_with_its_moment() -> None:
    book = Book(AS_PEOPLE, chance=None)  # type: ignore[arg-type]
    operator = Operator("operator1", Browser(Ports(1, 2), "127.0.0.1", {}), book)
    region = f'<div data-look-refresh hx-get="/hotline/now?seen=1"><form action="/calls/{REF}/answer">'
    operator.page.show(region)
    first = dict(book.seen[REF])
    operator.page.show(region)
    assert operator.page.region == "/hotline/now?seen=1"
    assert (book.seen[REF], operator.on_screen) == (first, {REF})
    operator.page.show("a page of a call")
    assert (operator.page.region, operator.on_screen) == ("", set())


def test_a_region_is_fetched_once_more_for_all_that_came_meanwhile() -> None:
    async def looked() -> int:
        asked: list[str] = []

        class Slow(Browser):
            async def ask(
                self, method: str, path: str, body: str | None = None, *, what: str = "", **headers: str
            ) -> Any:
                from tools.bench.hotline.browser import Answer

                asked.append(path)
                await asyncio.sleep(0)
                return Answer(204, {}, "")

        page = Page(Slow(Ports(1, 2), "127.0.0.1", {}), lambda _text: None, lambda _kinds: asyncio.sleep(0))
        page.region = "/hotline/now?seen=1"
        await asyncio.gather(*(page._fetch_region() for _look in range(5)))
        return len(asked)

    with ThreadPoolExecutor(1) as pool:  # a browser of another test may have a loop in this thread
        assert pool.submit(lambda: asyncio.run(looked())).result() == 2


def test_each_save_says_which_it_is_and_which_version_was_seen() -> None:
    told = written(Call("+99364000001", sent=2), '<input type="hidden" name="seen" value="7">', urgent=True)
    assert {"seen": "7", "priority": "P1", "minor": "on", "number": "+99364000001"}.items() <= dict(told).items()
    assert dict(told)["summary"].startswith("save 2 ")
    assert [value for name, value in told if name == "red_flags"] == ["hurry", "debt"]


def test_what_is_looked_for_on_pages_stands_in_them() -> None:
    """The bench presses what a person presses; where a page changes, it should fail here first."""
    desk, press = (
        (TEMPLATES / "hotline/templates/hotline" / name).read_text() for name in ("desk_now.html", "press.html")
    )
    assert ANSWER.search(desk.replace("{% url 'hotline.answer' one.call %}", f"/calls/{REF}/answer"))
    assert RUNS in press.replace("{{ do }}", "advised")
    alert = (TEMPLATES / "cases/templates/cases/alert_line.html").read_text()
    assert TAKE.search(alert.replace("{% url 'cases.take_alert' alert.pk %}", f"/alerts/{'a' * 36}/take"))
