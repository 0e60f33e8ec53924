"""What a device says of the time is passed on as a number; whose it is nobody learns, and no page suffers for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from amanat.people import devices
from amanat.people.clock import clock, stopped
from amanat.people.models import User
from amanat.people.tests.ways import session_of, sign_in


@pytest.fixture
def heard() -> Iterator[list[dict[str, Any]]]:
    """What was told."""
    found: list[dict[str, Any]] = []

    def hear(**told: Any) -> None:
        del told["signal"], told["sender"]
        found.append(told)

    devices.told.connect(hear)
    yield found
    devices.told.disconnect(hear)


def say(client: Client, moment: datetime | str) -> int:
    said = moment if isinstance(moment, str) else str(int(moment.timestamp() * 1000))
    return client.get("/waiting", headers={"Device-Clock": said}).status_code


def test_by_how_many_seconds_a_device_is_ahead(at_work: Client, heard: list[dict[str, Any]]) -> None:
    with stopped(clock()):
        for seconds in (0, 90, -3600):
            assert say(at_work, clock() + timedelta(seconds=seconds)) == 200
        assert [(told["ahead"], told["at"]) for told in heard] == [(0, clock()), (90, clock()), (-3600, clock())]


def test_a_session_has_one_mark_a_day_that_leads_to_nobody(
    at_work: Client, merdan: User, secret: str, heard: list[dict[str, Any]]
) -> None:
    later = session_of(at_work).began_at + timedelta(minutes=2)
    with stopped(later):
        say(at_work, later)
        say(at_work, later)
        say(sign_in(Client(), merdan, secret), later)
    first, again, other = [told["mark"] for told in heard]
    assert first == again != other
    assert {key for told in heard for key in told} == {"mark", "ahead", "at"}
    assert first not in (str(merdan.pk) + session_of(at_work).digest)


@pytest.mark.parametrize("said", ["", "soon", "-5", "1.5", "²", "9" * 30])
def test_nonsense_is_left_alone(at_work: Client, heard: list[dict[str, Any]], said: str) -> None:
    assert say(at_work, said) == 200
    assert heard == []


def test_a_clock_that_cannot_be_believed_is_cut(at_work: Client, heard: list[dict[str, Any]]) -> None:
    say(at_work, "9" * 19)
    assert heard[0]["ahead"] == devices.FARTHEST


def test_somebody_who_is_not_at_work_tells_nothing(
    client: Client, at_work: Client, heard: list[dict[str, Any]]
) -> None:
    at_work.get("/account/locked")
    assert (say(client, clock()), say(at_work, clock())) == (401, 200)
    assert heard == []


def test_a_listener_that_fails_keeps_no_page_from_its_answer(at_work: Client) -> None:
    def fail(**_told: Any) -> None:
        raise OSError("the disk is full")

    devices.told.connect(fail)
    try:
        assert say(at_work, clock()) == 200
    finally:
        devices.told.disconnect(fail)
