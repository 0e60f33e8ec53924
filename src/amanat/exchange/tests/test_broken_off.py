"""Work that breaks off: a file that ends the process, one that the database refuses. It ends with a sentence, and no other waits for it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DataError

from amanat.cases.models import Case
from amanat.exchange import attempts, keeping, work
from amanat.exchange.actions import importing
from amanat.exchange.models import Import, State
from amanat.exchange.tests.bringing import AYLAR, MERDAN, brought, looked, many
from amanat.exchange.work import Importer, Work
from amanat.people.clock import clock, stopped
from amanat.vault import rounds

pytestmark = pytest.mark.django_db


class Death(BaseException):
    """The process ends here."""


@pytest.fixture(autouse=True)
def _at_the_casts_moment(cast, monkeypatch):
    monkeypatch.setattr(rounds, "close_old_connections", lambda: None)  # the test's transaction goes on
    monkeypatch.setattr(rounds.connection, "close", lambda: None)
    with stopped(cast.now):
        yield


@pytest.fixture
def jemal(actor):
    return actor("jemal")


@pytest.fixture
def looking(jemal):
    held = brought(jemal, [AYLAR])
    importing.look_through(held, actor=jemal)
    return held


def breaking(monkeypatch, error: BaseException, only: Import | None = None) -> None:
    """Let dry runs break, all of them or one."""
    batch = work.DryRun.batch

    def broken(run, place, rows):
        if only is None or run.held.pk == only.pk:
            raise error
        return batch(run, place, rows)

    monkeypatch.setattr(work.DryRun, "batch", broken)


def die(times: int) -> None:
    for _process in range(times):
        with pytest.raises(Death):
            Work().round()


def problem(held, actor) -> str:
    held = keeping.find(actor, held.pk)
    assert held.state == State.STOPPED
    return str(keeping.opened(held, "wanted", actor)["problem"])


def test_an_import_in_which_the_process_died_twice_is_stopped_with_a_sentence(looking, jemal, monkeypatch):
    with monkeypatch.context() as patch:
        breaking(patch, Death())
        die(2)
        assert Work().round()
    assert "broke off several times at the same rows" in problem(looking, jemal)
    importing.look_through(looking, actor=jemal)  # whoever wants to may begin anew
    Work().all_of(looking)
    assert keeping.find(jemal, looking.pk).state == State.LOOKED


def test_taking_that_ends_the_process_twice_is_stopped_as_well(jemal, monkeypatch):
    held = looked(jemal, [AYLAR])
    importing.take(held, which="all", actor=jemal)

    def die_here(*_args):
        raise Death

    monkeypatch.setattr(work, "take_batch", die_here)
    die(2)
    Work().round()
    assert "broke off" in problem(held, jemal)
    assert not Case.objects.exists()


def test_deaths_in_different_batches_stop_nothing(jemal, monkeypatch):
    monkeypatch.setattr(work, "BATCH", 5)
    held = brought(jemal, many(20))
    importing.look_through(held, actor=jemal)
    for _batch in range(3):
        with monkeypatch.context() as patch:
            breaking(patch, Death())
            die(1)
        assert Work().round()
    Work().all_of(held)
    assert keeping.find(jemal, held.pk).state == State.LOOKED


def test_what_the_database_refuses_keeps_nobody_elses_import_waiting(looking, jemal, actor, monkeypatch):
    other = brought(actor("merdan"), [MERDAN])
    importing.look_through(other, actor=actor("merdan"))
    breaking(monkeypatch, DataError("value too long: Aylar"), only=looking)
    importer = Importer()
    for _round in range(3):
        importer.round()
    assert keeping.find(actor("merdan"), other.pk).state == State.LOOKED
    assert keeping.find(jemal, looking.pk).state == State.LOOKING


def test_what_the_database_refuses_again_and_again_is_stopped_with_a_sentence(looking, jemal, monkeypatch):
    breaking(monkeypatch, DataError("value too long: Aylar"))
    importer, begun = Importer(), clock()
    for minute in range(attempts.FAILURES + 1):
        assert keeping.find(jemal, looking.pk).state == State.LOOKING
        with stopped(begun + timedelta(minutes=3 * minute)):
            importer.round()
    assert "broke off" in problem(looking, jemal)


def test_what_the_database_refuses_for_a_moment_goes_on(looking, jemal, monkeypatch):
    importer, begun = Importer(), clock()
    for minute in range(attempts.FAILURES - 1):
        with monkeypatch.context() as patch, stopped(begun + timedelta(minutes=3 * minute)):
            breaking(patch, DataError())
            importer.round()
    with stopped(begun + timedelta(hours=1)):
        importer.round()
    assert keeping.find(jemal, looking.pk).state == State.LOOKED


@pytest.mark.parametrize("state", [State.LOOKING, State.TAKING])
def test_what_the_database_refuses_at_the_end_of_a_batch_is_tried_again(state, jemal, monkeypatch):
    held = looked(jemal, [AYLAR]) if state == State.TAKING else brought(jemal, [AYLAR])
    importing.take(held, which="all", actor=jemal) if state == State.TAKING else importing.look_through(
        held, actor=jemal
    )
    importer, begun = Importer(), clock()

    def refuse(*_args, **_given):
        raise DataError

    for minute in range(attempts.FAILURES - 1):
        with monkeypatch.context() as patch, stopped(begun + timedelta(minutes=3 * minute)):
            patch.setattr(Import, "save", refuse)
            importer.round()
    assert keeping.find(jemal, held.pk).cursor == 0
    with stopped(begun + timedelta(hours=1)):
        importer.round()
    assert keeping.find(jemal, held.pk).state == (State.DONE if state == State.TAKING else State.LOOKED)


def test_old_imports_go_once_a_day_while_the_server_runs(jemal, cast):
    importer = Importer()
    importer.round()
    old = looked(jemal, [AYLAR])
    for days, there in ((29, True), (31, False)):
        with stopped(cast.now + timedelta(days=days)):
            importer.round()
            assert Import.objects.filter(pk=old.pk).exists() is there
    assert not Import.objects.exists()


def test_looking_for_old_imports_is_not_done_in_every_round(monkeypatch, cast):
    swept = []
    monkeypatch.setattr(keeping, "sweep", swept.append)
    importer = Importer()
    for hours in (0, 1, 23, 24, 25):
        with stopped(cast.now + timedelta(hours=hours)):
            importer.round()
    assert swept == [cast.now, cast.now + timedelta(hours=24)]
