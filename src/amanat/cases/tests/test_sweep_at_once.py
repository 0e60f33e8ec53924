"""The sweep over the index beside people at work: what they write at the same moment is not lost, and a hitch does not end it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction

from amanat.access.policy import Part
from amanat.cases import keyed, known, sweeping
from amanat.cases.actions import changing
from amanat.cases.models import Case
from amanat.vault import generations, index
from amanat.vault.keys import Locked
from amanat.vault.models import Generation
from tests.cast import IDENTITY, Cast

NEW = {"names": [{"given": "Leýla", "family": "Hojagulyýewa"}], "birth_date": "2011-02-03"}
A_MOMENT = 0.5  # seconds in which whoever does not wait for another has long gone on


def beside(act: Callable[[], object]) -> tuple[threading.Thread, list[object]]:
    """Begun in a connection of its own; and what it gives or raises."""
    given: list[object] = []

    def run() -> None:
        try:
            given.append(act())
        except Exception as error:  # it is what the test looks at
            given.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread, given


@pytest.mark.django_db(transaction=True)
def test_a_child_that_is_being_corrected_is_posted_as_it_stands_afterwards(
    cast: Cast, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation, read, was_read = generations.begin(new_keys=True), keyed._read, threading.Event()
    assert generation

    def reading(subjects: Any) -> Any:
        found = read(subjects)
        was_read.set()
        return found

    with transaction.atomic():
        changing.correct(case, part=Part.IDENTITY, value=NEW, reason="x", actor=cast.actor("jemal"))
        monkeypatch.setattr(keyed, "_read", reading)
        thread, given = beside(lambda: sweeping.post_some(generation))
        was_read.wait(A_MOMENT)
    thread.join()
    assert given == [1]
    sweeping.sweep()
    for asked, formerly in ((NEW, False), (IDENTITY, True)):
        own = known.in_own_circle(asked, {}, cast.actor("jemal"))[0]
        assert (own.file.row, own.alike.formerly) == (case, formerly)


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_the_end_waits_for_who_is_still_registering_under_the_old_generation(
    cast: Cast, case: Case, register: Callable[..., Case], monkeypatch: pytest.MonkeyPatch
) -> None:
    began, swept, posted, ended = (threading.Event() for _moment in range(4))

    def straggle() -> Case:
        with transaction.atomic():
            old = generations.newest()
            began.set()
            swept.wait()
            monkeypatch.setattr(index, "newest", lambda: old)
            late = register(identity=NEW)
            posted.set()
            ended.wait(A_MOMENT)
        return late

    thread, given = beside(straggle)
    began.wait()
    generation = generations.begin(new_keys=True)
    assert generation
    while sweeping.post_some(generation):
        pass
    swept.set()
    posted.wait()
    is_whole = generations.finish(generation)
    ended.set()
    thread.join()
    monkeypatch.undo()
    assert (is_whole, [type(late) for late in given]) == (False, [Case])
    sweeping.sweep()
    assert [own.file.row for own in known.in_own_circle(NEW, {}, cast.actor("jemal"))] == given
    assert Generation.objects.get().number == generation.number


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_nobody_who_registers_waits_for_a_batch(case: Case) -> None:
    generation = generations.begin(new_keys=True)
    assert generation
    with transaction.atomic():
        sweeping.post_some(generation)
        thread, given = beside(generations.newest)
        thread.join(10 * A_MOMENT)
        assert given == [generation]
    thread.join()


@pytest.mark.django_db(transaction=True)
class TestInTheBackground:
    @pytest.mark.parametrize("hitch", [OperationalError("the server is away"), Locked("the workspace is locked")])
    def test_a_hitch_is_waited_for_and_it_goes_on(self, case, monkeypatch, hitch) -> None:
        Generation.objects.update(fold=0)
        post, hitches = sweeping.post_some, [hitch, hitch]

        def hindered(generation: Generation) -> int:
            if hitches:
                raise hitches.pop(0)
            return post(generation)

        monkeypatch.setattr(sweeping, "post_some", hindered)
        sweeper = sweeping.Sweeper()
        assert [sweeper.round(), sweeper.round()] == [False, False]
        while sweeper.round():
            pass
        assert generations.is_whole()

    def test_it_begins_by_itself_when_somebody_asks_for_new_keys(self, case, cast) -> None:
        sweeper = sweeping.Sweeper()
        assert not sweeper.round()
        generations.begin(new_keys=True)
        while sweeper.round():
            pass
        assert Generation.objects.get().number == 2
        assert known.in_own_circle(IDENTITY, {}, cast.actor("jemal"))[0].file.row == case
