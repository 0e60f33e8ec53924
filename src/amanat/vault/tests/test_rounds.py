"""Work beside the requests goes on whatever happens in it, and ends at once with all the others, the last one last."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import OperationalError

from amanat.vault.rounds import Rounds, end


class Work(Rounds):
    """`turn` waits for an event, if one is given."""

    name = "work"
    waits = "the work waits"

    def __init__(self, until: threading.Event | None = None) -> None:
        super().__init__(every=0.0)
        self.begun, self.until, self.done = threading.Event(), until, list[str]()

    def turn(self) -> bool:
        self.begun.set()
        if self.until:
            self.until.wait()
        return False

    def at_the_end(self) -> None:
        self.done.append("the end")


@pytest.fixture
def free() -> Iterator[threading.Event]:
    """Lets who is at work go on, at the end of the test at the latest."""
    event = threading.Event()
    yield event
    event.set()


def begun(*some: Work) -> None:
    for one in some:
        one.start()
        one.begun.wait()


def test_all_are_asked_to_end_before_any_is_waited_for(free: threading.Event) -> None:
    quick = Work()
    patient, last = Work(until=quick._stopping), Work()
    begun(patient, quick, last)
    assert end([patient, quick], last, within=60.0) == []
    assert patient.done == quick.done == ["the end"]


def test_the_last_one_does_what_is_left_though_another_is_still_at_work(free: threading.Event) -> None:
    stuck, last = Work(until=free), Work()
    begun(stuck, last)
    assert end([stuck], last, within=0.0) == [stuck]
    assert last.done == ["the end"]
    assert stuck.done == []
    free.set()
    assert stuck.has_ended()


class Failing(Work):
    error: Exception

    def turn(self) -> bool:
        raise self.error


@pytest.mark.django_db
@pytest.mark.parametrize("error", [ValueError("Aylar"), KeyError("Aylar"), OperationalError("locked")])
def test_whatever_is_in_the_way_it_is_tried_again_and_told_once(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    work = Failing()
    work.error = error
    assert [work.round(), work.round()] == [False, False]
    assert caplog.text.count("the work waits") == 1
    assert type(error).__name__ in caplog.text
    assert "Aylar" not in caplog.text, "what was read stands in no log"
