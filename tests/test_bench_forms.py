"""The bench of forms: what it measures is what it says, and it says where something falls short."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from amanat.api import packets
from amanat.forms.workbooks import read_workbook
from tools.bench.forms.accepting import Watch
from tools.bench.forms.page import section
from tools.bench.forms.phones import Phone
from tools.bench.forms.screens import fields
from tools.bench.forms.sheet import RELEVANT, sheet

WHERE = {"machine": "2 cores", "date": "2026-11-27"}
MS = {"p50": 20.0, "p95": 40.0}


def load(rate: float, lag: float) -> dict[str, object]:
    whose = dict.fromkeys(("web", "tasks", "database", "client"), 0.5)
    return {
        "rate": rate,
        "count": 3600,
        "seconds": 30.0,
        "answered": MS,
        "lag": {"p50": 1000.0, "p95": lag},
        "filed": 3600,
        "filed_rate": 80.0,
        "most": 900,
        "refused": 0,
        "share": whose,
        "each": whose,
    }


def served(**other: object) -> dict[str, object]:
    killed = dict.fromkeys(("kills", "seconds", "taken", "lost", "twice", "never_said", "aside", "waiting"), 0)
    screen = MS | {"count": 200, "raw": 14_000, "bytes": 5_000}
    cost = {"queries": 9, "opened": 2, "ms": 11.0}
    made = {
        "screens": {"page": screen},
        "costs": {"page": cost},
        "at_most": load(150, 9000),
        "at_rate": load(120, 9000),
    }
    return WHERE | made | {"killed": killed | {"kills": 50}} | other


@pytest.mark.parametrize(
    ("found", "short"),
    [
        (served(), 0),
        (served(at_most=load(90, 9000), at_rate=load(90, 9000)), 2),
        (served(at_rate=load(120, 31_000)), 1),
        (served(killed=served()["killed"] | {"lost": 1}), 1),  # type: ignore[operator]
        (served(screens={"page": MS | {"p95": 51.0, "count": 200, "raw": 14_000, "bytes": 5_000}}), 1),
        (served(screens={"page": MS | {"count": 200, "raw": 15_001, "bytes": 5_000}}), 1),
    ],
)
def test_the_page_says_what_falls_short(found: dict[str, object], short: int) -> None:
    assert "\n".join(section({"postgresql 000000250": found})).count("**not reached**") == short


def test_the_form_has_as_many_questions_and_relevances_as_is_said() -> None:
    rows = [row for row in sheet(250).splitlines() if "| q" in row]
    assert len(rows) == 250
    assert sum("!= 'no'" in row for row in rows) == RELEVANT
    assert read_workbook("bench.md", sheet(250).encode()).form_id == "bench_250"


def test_what_a_phone_sends_is_read_as_it_was_meant() -> None:
    told = {
        "name": "a1",
        "password": "secret",
        "cases": ["0" * 32],
        "instance": "<data><ref>{case}</ref><meta><instanceID>{id}</instanceID></meta></data>",
    }
    named, request = Phone(told, 0).begin()
    head, _blank, body = request.partition(b"\r\n\r\n")
    headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n")[1:])
    packet = packets.read("a1", headers["Content-Type"], body)
    assert packets.instance_id_of(packets.root_of(packet.instance)) == named
    assert base64.b64decode(headers["Authorization"].removeprefix("Basic ")) == b"a1:secret"
    assert int(headers["Content-Length"]) == len(body)


def test_how_long_a_packet_waited_is_told_once_it_is_gone(tmp_path: Path) -> None:
    watch, packet = Watch(tmp_path), tmp_path / "20261127T000000000000-1.packet"
    packet.touch()
    watch.look()
    assert (watch.most, watch.lags) == (1, {})
    packet.unlink()
    watch.look()
    assert list(watch.lags) == [packet.name]


def test_the_questions_of_a_screen_are_found_with_their_kind() -> None:
    page = '<input type="radio" name="q0123456789" value="yes"><input type="text" name="qabcdef0123">'
    assert fields(page) == {"q0123456789": "radio", "qabcdef0123": "text"}
