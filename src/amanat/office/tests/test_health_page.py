"""The whole of the checks: worst first, without keys, where something breaks; its page, its place on the day, and nobody's name."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.conf import settings
from django.db import OperationalError
from django.test import Client

from amanat.access.actor import Actor
from amanat.cases.models import Case
from amanat.office import health
from amanat.office.actions.backing_up import note_restore
from amanat.office.backups.models import Backup, Trouble
from amanat.office.health import Check, Probe, State, clocks, machine
from amanat.office.health.models import DrillOutcome, RestoreDrill
from amanat.office.health.watching import STALE, Watcher, faults
from amanat.office.tests.state import ids, place, state
from amanat.office.tests.ways import counting, entries_of, read, send
from amanat.people.clock import clock
from amanat.vault.keys import Workspace
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import Cast

Act = Callable[..., Actor]
Browse = Callable[..., Client]
Make = Callable[..., Workspace]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
OK, WARNING, FAULT = State.OK, State.WARNING, State.FAULT
LOOK_AFTER_IT = {"viktor", "kerim", "maral"}


@pytest.fixture(autouse=True)
def machine_is_well(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the machine of these tests is, it has room; and their clock stands still while that of the database goes on."""
    monkeypatch.setattr(machine, "LEAST", 0)
    monkeypatch.setattr(machine, "LOW", 0)
    monkeypatch.setattr(clocks, "DATABASE", (10**9, 10**9))


def test_what_is_worst_stands_first(cast: Cast) -> None:
    place(cast.now)
    Backup.objects.create(asked_at=cast.now - 11 * MINUTE)
    states = [check.state for check in health.look(cast.now)]
    assert states == sorted(states, key=[FAULT, WARNING, OK].index)
    assert {FAULT, WARNING, OK} == set(states)
    assert health.worst(health.look(cast.now)) == FAULT
    assert health.worst([]) == OK


def test_locked_only_what_needs_no_keys_is_told(
    cast: Cast, own_workspace: Make, django_assert_num_queries: Callable[..., object]
) -> None:
    own_workspace("real", cast.now)
    with django_assert_num_queries(0):  # type: ignore[attr-defined]
        locked = ids(cast.now, unlocked=False)
    assert locked - {"database.log"} == {"clock.kernel", "disk", "intake.waiting", "recovery.test"}
    assert locked < ids(cast.now)


def test_a_database_that_does_not_answer_is_a_fault_and_the_rest_is_told(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_given: object) -> None:
        raise OperationalError("no")

    monkeypatch.setattr(health, "_figures", broken)
    assert state("database", cast.now) == FAULT
    assert state("disk", cast.now) in State
    assert ids(cast.now) == {"database"} | ids(cast.now, unlocked=False)


def test_a_probe_that_fails_takes_nothing_with_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_seen: object) -> list[Check]:
        raise OSError("Aylar's disk")

    monkeypatch.setattr(health, "_probes", health._probes | {"odd": Probe("odd", broken)})
    check = next(one for one in health.look(cast.now) if one.id == "odd")
    assert (check.state, "Aylar" in check.sentence) == (FAULT, False)
    assert "disk" in ids(cast.now)


def test_a_workspace_without_people_is_looked_at_too(db: None, own_workspace: Make) -> None:
    own_workspace("real")
    assert state("log.unsealed", clock()) == OK


def test_no_check_names_anybody(cast: Cast, case: object, own_workspace: Make) -> None:
    own_workspace("real", cast.now)
    place(cast.now, "disk of Kanarbek", place="/mnt/kanarbek", reached_at=cast.now - 60 * DAY, trouble=Trouble.MISSING)
    Backup.objects.create(asked_at=cast.now, asked_by=cast["viktor"])
    RestoreDrill.objects.create(
        on=date(2026, 1, 1), outcome=DrillOutcome.FAILED, noted_by=cast["viktor"], noted_at=cast.now
    )
    told = " ".join(f"{one.id} {one.label} {one.sentence} {one.hint}" for one in health.look(cast.now + 40 * DAY))
    names = {"Kanarbek", "kanarbek", str(settings.WORKSPACE), "Aylar", "Berdi", "Northern", "/mnt"}
    names |= {member.user.display_name for member in cast.values()}
    assert not [name for name in names if name in told]


# --- the page ---------------------------------------------------------------------------------------------------------


def test_administrators_and_officers_look_at_it_and_nobody_else(cast: Cast, browse: Browse) -> None:
    assert {name for name in cast if browse(name).get("/health").status_code == 200} == LOOK_AFTER_IT
    assert {name for name in cast if browse(name).get("/health").status_code != 404} == LOOK_AFTER_IT


def test_the_page_says_what_the_list_says(cast: Cast, browse: Browse, own_workspace: Make) -> None:
    own_workspace("real", cast.now - 400 * DAY)
    page = read(browse("kerim"), "/health")
    for check in health.look(cast.now):
        assert str(check.label) in page
    assert "Two of the three come with their papers: ./run amanat recovery test" in page
    assert page.index("Shares, tested last") < page.index("Guards of the log"), "what is worst stands first"
    assert 'href="/health"' in page


def test_the_page_costs_no_more_for_more_of_everything(cast: Cast, case: Case, browse: Browse) -> None:
    for number in range(12):
        place(cast.now, f"disk {number}", reached_at=cast.now)
        Backup.objects.create(asked_at=cast.now, asked_by=cast["viktor"])
        RestoreDrill.objects.create(on=cast.now, outcome="read", noted_by=cast["viktor"], noted_at=cast.now)
    for name in ("viktor", "kerim"):
        client = browse(name)
        client.get("/policy")
        with counting() as queries:
            read(client, "/health")
        assert len(queries) <= 12, "\n".join(queries)


# --- noting a restore -------------------------------------------------------------------------------------------------


def test_a_restore_is_noted_on_the_page_of_backups(cast: Cast, browse: Browse) -> None:
    kerim = browse("kerim")
    assert "not yet" in read(kerim, "/backups")
    page = send(kerim, "/backups/restored", on="2026-11-20", outcome="restored")
    assert "Noted. The next one is due in a year." in page
    assert "20 November 2026" in page
    assert "a workspace was made of it on another machine, and looked at" in page
    [(entry, told)] = entries_of("backup.note_restore")
    assert (entry.user, told["about"]) == (cast["kerim"].user, "restore tried on 2026-11-20: restored")


def test_a_restore_of_tomorrow_is_not_noted(cast: Cast, actor: Act, browse: Browse) -> None:
    assert "This day is still to come." in send(browse("viktor"), "/backups/restored", on="2026-11-25", outcome="read")
    with pytest.raises(PersonFacingError):
        note_restore(on=date(2027, 1, 1), outcome=DrillOutcome.READ, actor=actor("viktor"))
    assert not RestoreDrill.objects.exists()


def test_only_who_looks_after_backups_notes_one(cast: Cast, actor: Act) -> None:
    for name in set(cast) - LOOK_AFTER_IT:
        with pytest.raises(Refused):
            note_restore(on=date(2026, 11, 20), outcome=DrillOutcome.READ, actor=actor(name))


# --- on the day -------------------------------------------------------------------------------------------------------


def watching(now: datetime) -> Watcher:
    """One that has begun; its next turn is a look."""
    watcher = Watcher(now=lambda: now)
    watcher.turn()
    return watcher


def tile(page: str) -> bool:
    return 'class="tile tile-danger" href="/health"' in page


def test_a_fault_stands_on_the_day_of_who_looks_after_it(cast: Cast, browse: Browse, own_workspace: Make) -> None:
    own_workspace("real")
    assert not tile(read(browse("kerim"), "/")), "nobody has looked yet"
    watching(cast.now).turn()
    kept = settings.WORKSPACE / "run" / "health"
    assert json.loads(kept.read_bytes()) == {"at": cast.now.isoformat(), "faults": 2}, "no shares, no backups"
    assert {name for name in cast if tile(read(browse(name), "/"))} == LOOK_AFTER_IT
    assert "faults of the system" in read(browse("viktor"), "/")


def test_what_only_should_be_looked_at_does_not(
    cast: Cast, browse: Browse, own_workspace: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    own_workspace("real", cast.now - 340 * DAY)
    place(cast.now, added_at=cast.now)
    assert WARNING in {state("recovery.test", cast.now), state("backup.restore", cast.now)}
    watching(cast.now).turn()
    assert not tile(read(browse("kerim"), "/"))


def test_that_nobody_looks_any_more_is_a_fault_too(cast: Cast, browse: Browse, own_workspace: Make) -> None:
    own_workspace("demo")
    watching(cast.now - STALE).turn()
    assert not tile(read(browse("kerim"), "/"))
    watching(cast.now - STALE - MINUTE).turn()
    assert tile(read(browse("kerim"), "/"))


def test_the_log_of_the_server_tells_of_a_fault_once(
    cast: Cast, own_workspace: Make, caplog: pytest.LogCaptureFixture
) -> None:
    own_workspace("real", cast.now)
    watcher = watching(cast.now)
    with caplog.at_level(logging.ERROR, "amanat.office.health.watching"):
        watcher.turn()
        watcher.turn()
        assert [record.getMessage() for record in caplog.records] == ["backup.newest: No backups are made"]
        disk = place(cast.now, added_at=cast.now)
        watcher.turn()
        disk.delete()
        watcher.turn()
    assert len(caplog.records) == 2, "it is told again when it came back"


def test_what_was_seen_before_it_began_is_forgotten(cast: Cast, own_workspace: Make) -> None:
    """After a weekend in which the machine was off, Monday does not begin with a fault."""
    own_workspace("demo")
    watching(cast.now - 3 * DAY).turn()
    assert faults(cast.now) == 1
    watching(cast.now)
    assert faults(cast.now) == 0
