"""Nobody is kept from writing by somebody who never stops."""

import select
from pathlib import Path

import pytest
from django.db import OperationalError

from amanat.vault.sqlcipher.turnstile import turn

from .conftest import Open
from .nursery import Nursery, start

pytestmark = pytest.mark.sqlcipher_only


def test_two_that_write_without_pause_take_turns(file: Path) -> None:
    """Without the turnstile one wrote 8,788 rows while the other wrote six. On a busy machine one of them may get no processor for a
    while, which is no matter of turns: so one of three rounds is enough."""
    start(file, "1").communicate(timeout=60)
    for _round in range(3):
        rows = written_by_two(file)
        if max(rows) < 25 * min(rows):
            break
    assert max(rows) < 25 * min(rows)


def written_by_two(file: Path) -> list[int]:
    """How many rows each wrote, until both had written twenty."""
    pair = [Nursery(file), Nursery(file)]
    for nursery in pair:
        nursery.begin()
        nursery.stdout.readline()  # both write by now
    rows = dict.fromkeys((nursery.stdout for nursery in pair), 0)
    while min(rows.values()) < 20:
        for stdout in select.select(list(rows), [], [])[0]:
            rows[stdout] += stdout.readline().endswith(b"\n")
    for nursery in pair:
        nursery.kill()
        rows[nursery.stdout] += len(nursery.last_words())
    assert [nursery.end() for nursery in pair] == [b"", b""]
    return list(rows.values())


def test_a_place_that_stays_taken_is_an_error_in_time(file: Path, opened: Open) -> None:
    database = opened(file, timeout=0.05)
    database.ensure_connection()
    with turn(f"{file}-turn", 1), pytest.raises(OperationalError, match=r"others have been writing for 0\.05 seconds"):
        database._start_transaction_under_autocommit()


def test_a_transaction_that_stays_open_is_an_error_in_time(file: Path, opened: Open) -> None:
    first, second = opened(file), opened(file, timeout=0.05)
    for database in (first, second):
        database.ensure_connection()
    first._start_transaction_under_autocommit()
    with pytest.raises(OperationalError, match="database is locked"):
        second._start_transaction_under_autocommit()
    first.rollback()
    second._start_transaction_under_autocommit()


def test_the_turnstile_is_free_while_a_transaction_goes_on(file: Path, opened: Open) -> None:
    """Otherwise whoever writes to two files could wait for itself."""
    database = opened(file)
    database.ensure_connection()
    database._start_transaction_under_autocommit()
    with turn(f"{file}-turn", 0):
        assert database.connection.in_transaction
        database.rollback()
