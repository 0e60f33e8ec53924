"""How much of a file stands in memory at once: a batch ends where much is written, and the cursor holds whatever its size."""

from __future__ import annotations

import pytest
from django.db import transaction

from amanat.cases.models import Case
from amanat.exchange import findings, keeping, reading, work
from amanat.exchange.actions import importing
from amanat.exchange.limits import LIMITS
from amanat.exchange.models import Batch, State
from amanat.exchange.tests.bringing import AYLAR, brought, csv_bytes, many, upload
from amanat.exchange.tests.test_hostile_files import echoing
from amanat.exchange.work import Work
from amanat.people.clock import stopped
from amanat.web.errors import PersonFacingError

pytestmark = pytest.mark.django_db

LENGTH = 200  # letters of a row of these tests, with its headers; a little more


@pytest.fixture(autouse=True)
def _at_the_casts_moment(cast):
    with stopped(cast.now):
        yield


@pytest.fixture
def jemal(actor):
    return actor("jemal")


def sizes() -> list[tuple[int, int]]:
    return list(Batch.objects.order_by("first").values_list("first", "rows"))


def letters(held, actor) -> list[int]:
    """Of each batch: those of its values."""
    contents = [keeping.opened(held, "content", actor, batch) for batch in keeping.batches_of(held)]
    return [sum(len(str(line["values"])) + len(str(line["also"])) for line in content) for content in contents]


def test_one_text_in_every_cell_is_read_a_few_rows_at_a_time(jemal):
    held = brought(jemal, echoing(letters=30_000, columns=33, rows=8))
    importing.look_through(held, actor=jemal)
    Work().all_of(held)
    held = keeping.find(jemal, held.pk)
    assert (held.state, held.rows) == (State.LOOKED, 8)
    assert max(letters(held, jemal)) < 1.1 * (work.LETTERS + LIMITS.row)
    assert len(sizes()) > 1


def test_more_than_a_row_may_hold_is_a_sentence_before_anything_is_kept(jemal):
    with pytest.raises(PersonFacingError, match="holds more than 1000000 letters"):
        importing.receive(file=upload(echoing(letters=30_000, columns=120, rows=12)), actor=jemal)


def test_short_headers_over_many_rows_count_for_each_row(jemal, monkeypatch):
    monkeypatch.setattr(work, "LETTERS", 10_000)
    rows = [["Aylar", f"Walkedowa{number}", "x"] for number in range(8)]
    held = brought(jemal, rows, ["prs_FirstName", "prs_SecondName", "h" * 4_000])
    importing.look_through(held, actor=jemal)
    Work().all_of(held)
    assert [count for _first, count in sizes()] == [3, 3, 2]


def test_batches_of_different_sizes_lose_no_row_and_double_none(jemal, monkeypatch):
    monkeypatch.setattr(work, "BATCH", 10)
    monkeypatch.setattr(work, "LETTERS", 5 * LENGTH)
    rows = [[*row[:4], "s" * (LENGTH if 12 <= at < 20 else 1)] for at, row in enumerate(many(35))]
    held = brought(jemal, rows)
    importing.look_through(held, actor=jemal)
    for _killed in range(3):
        assert Work().round()
    Work().all_of(held)
    found = sizes()
    assert [first for first, _count in found] == [
        sum(count for _first, count in found[:at]) for at in range(len(found))
    ]
    assert sum(count for _first, count in found) == 35
    assert len({count for _first, count in found[:-1]}) > 1
    importing.take(keeping.find(jemal, held.pk), which="all", actor=jemal)
    for _killed in range(2):
        assert Work().round()
    Work().all_of(held)
    assert Case.objects.count() == findings.counts(held)["taken"] == 35


def test_a_file_is_read_before_the_transaction_in_which_nobody_else_can_write(jemal, monkeypatch):
    survey, open_then = reading.survey, []

    def watching(*args):
        open_then.append(len(transaction.get_connection().atomic_blocks))
        return survey(*args)

    monkeypatch.setattr(reading, "survey", watching)
    outside = len(transaction.get_connection().atomic_blocks)  # the test's own
    importing.receive(file=upload(csv_bytes([AYLAR])), actor=jemal)
    assert open_then == [outside]


def test_who_may_not_import_has_no_file_read(actor, monkeypatch):
    monkeypatch.setattr(reading, "survey", lambda *_args: pytest.fail("it was read"))
    with pytest.raises(PersonFacingError, match="You may not do this"):
        importing.receive(file=upload(csv_bytes([AYLAR])), actor=actor("aman"))
