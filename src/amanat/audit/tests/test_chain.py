"""The chain's bytes: the same for the same row on every database, other ones for any other row."""

import uuid
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.audit import chain
from amanat.audit.chain import Head
from amanat.audit.models import Entry, Outcome
from amanat.audit.recording import record
from amanat.audit.tests import NOON
from amanat.people.models import Membership
from amanat.vault.models import Subject

FIRST, SECOND = uuid.UUID(int=1), uuid.UUID(int=2)
ROW = (FIRST, NOON, SECOND, None, "see", "read", "cases:file", FIRST, b"\x01sealed")

values = st.one_of(
    st.none(),
    st.uuids(),
    st.text(),
    st.binary(),
    st.datetimes(min_value=datetime(1900, 1, 1), max_value=datetime(2200, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
rows = st.tuples(*[values] * len(chain.COLUMNS))


def test_the_bytes_of_version_1_never_change() -> None:
    """Computed apart from this code, from what the docstring of `chain` says."""
    print_ = chain.fingerprint(ROW)
    assert print_.hex() == "29bc43630bfaaa8640bc1500ed8c431dc80501a4a6a1bb33fb8a66d27c8b6e39"
    assert (
        chain.digest(chain.GENESIS, 1, NOON, [(FIRST, print_)]).hex()
        == "7a82cd3f03a64f8077579895560013fdab38f057d18cda2149f3c4c38de23c79"
    )


def test_every_column_of_an_entry_has_its_place_in_the_fingerprint() -> None:
    columns = {field.attname for field in Entry._meta.concrete_fields}
    assert columns == {*chain.COLUMNS} - {"box"} | {"details"}


@given(rows, rows)
def test_two_rows_have_the_same_fingerprint_only_if_they_are_the_same(one: chain.Row, other: chain.Row) -> None:
    as_kept = [[value.encode() if isinstance(value, str) else value for value in row] for row in (one, other)]
    if as_kept[0] != as_kept[1]:
        assert chain.fingerprint(one) != chain.fingerprint(other)


@given(st.text(), st.text(), st.text())
def test_letters_that_move_to_the_next_column_change_the_fingerprint(verb: str, moved: str, page: str) -> None:
    if moved:
        one, other = (*ROW[:4], verb + moved, page, *ROW[6:]), (*ROW[:4], verb, moved + page, *ROW[6:])
        assert chain.fingerprint(one) != chain.fingerprint(other)


def test_a_moment_has_the_same_bytes_in_every_time_zone() -> None:
    in_ashgabat = NOON.astimezone(timezone(timedelta(hours=5)))
    assert chain.fingerprint((*ROW[:1], in_ashgabat, *ROW[2:])) == chain.fingerprint(ROW)


@pytest.mark.parametrize("page", ["", "cases:file"])
def test_the_database_gives_back_what_was_sealed(child: Subject, jemal: Membership, page: str) -> None:
    entry = record(
        at=NOON, verb="see", outcome=Outcome.READ, subject=child, user=jemal.user, membership=jemal, page=page
    )
    row = chain.rows(Entry.objects.filter(id=entry.id)).get()
    assert row == (entry.id, NOON, jemal.user_id, jemal.id, "see", "read", page, child.id, None)


@given(st.integers(min_value=1), st.binary(min_size=32, max_size=32))
def test_a_head_reads_back_from_its_text(number: int, digest: bytes) -> None:
    assert Head.parse(f" {Head(number, digest)}\n") == Head(number, digest)
