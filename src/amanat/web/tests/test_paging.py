"""Walking a list page by page meets each row once and in order, whatever appears meanwhile."""

import datetime
from itertools import pairwise
from uuid import UUID

import pytest
from django.db.models import QuerySet
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from amanat.vault.models import Subject
from amanat.web.paging import count_text, keyset_page

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
MOMENTS = st.none() | st.integers(0, 3).map(lambda step: START + datetime.timedelta(microseconds=step))
ROWS = st.lists(st.builds(Subject, id=st.uuids(), kind=st.sampled_from("abc"), erased_at=MOMENTS), max_size=14)
ORDERS = st.sampled_from(
    [["id"], ["-id"], ["kind", "id"], ["-kind", "id"], ["erased_at", "id"], ["-erased_at", "-id"],
     ["kind", "-erased_at", "id"], ["-erased_at", "kind", "-id"]]
)  # fmt: skip


def walk(order: list[str], size: int, cursor: str = "", back: bool = False) -> list[list[UUID]]:
    """Ids of each page from `cursor` to the end, or back to the start."""
    pages = []
    while True:
        page = keyset_page(Subject.objects.all(), order, cursor, size)
        pages.append([row.id for row in page.rows])
        cursor = page.previous_cursor if back else page.next_cursor
        if not cursor:
            return pages
        assert len(pages) < 40, "the walk does not end"


def flat(pages: list[list[UUID]]) -> list[UUID]:
    return [one for page in pages for one in page]


class WalkingTheList(TestCase):
    @given(rows=ROWS, order=ORDERS, size=st.integers(1, 5))
    def test_each_row_stands_on_exactly_one_page_in_order(
        self, rows: list[Subject], order: list[str], size: int
    ) -> None:
        Subject.objects.bulk_create(rows)
        pages = walk(order, size)
        assert sorted(flat(pages)) == sorted(row.id for row in rows)
        assert flat(pages) == flat(walk(order, 100))
        assert all(len(page) == size for page in pages[:-1])

    @given(rows=ROWS.filter(lambda rows: len(rows) > 2), order=ORDERS, size=st.integers(1, 3))
    def test_back_leads_over_the_same_rows(self, rows: list[Subject], order: list[str], size: int) -> None:
        Subject.objects.bulk_create(rows)
        cursor = last = ""
        while cursor := keyset_page(Subject.objects.all(), order, last, size).next_cursor:
            last = cursor
        back = walk(order, size, last, back=True)
        assert flat(back[::-1]) == flat(walk(order, 100))

    @given(rows=ROWS, late=ROWS, order=ORDERS)
    def test_rows_that_appear_meanwhile_neither_hide_nor_repeat_another(
        self, rows: list[Subject], late: list[Subject], order: list[str]
    ) -> None:
        Subject.objects.bulk_create(rows)
        first = keyset_page(Subject.objects.all(), order, size=3)
        known = {row.id for row in rows}
        Subject.objects.bulk_create([row for row in late if row.id not in known])
        rest = walk(order, 3, first.next_cursor) if first.next_cursor else []
        met = [row.id for row in first.rows] + [one for one in flat(rest) if one in known]
        assert sorted(met) == sorted(known)

    @given(rows=ROWS.filter(lambda rows: len(rows) > 4))
    def test_the_first_page_has_none_before_and_the_last_none_after(self, rows: list[Subject]) -> None:
        Subject.objects.bulk_create(rows)
        first = keyset_page(Subject.objects.all(), ["id"], size=2)
        second = keyset_page(Subject.objects.all(), ["id"], first.next_cursor, size=2)
        again = keyset_page(Subject.objects.all(), ["id"], second.previous_cursor, size=2)
        whole = keyset_page(Subject.objects.all(), ["id"], size=len(rows))
        assert first.previous_cursor == again.previous_cursor == whole.previous_cursor == whole.next_cursor == ""
        assert again.rows == first.rows


@pytest.fixture
def hundred(db: None) -> QuerySet[Subject]:
    Subject.objects.bulk_create([Subject(kind="a") for _ in range(100)])
    return Subject.objects.all()


def test_a_page_has_25_rows_and_the_count_of_all(hundred: QuerySet[Subject]) -> None:
    page = keyset_page(hundred, ["id"])
    assert len(page.rows) == 25
    assert page.count_text == "100"
    assert all(one.id < other.id for one, other in pairwise(page.rows))


def test_a_page_takes_two_queries(hundred: QuerySet[Subject], django_assert_num_queries: object) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]
        keyset_page(hundred, ["id"])


@pytest.mark.parametrize("cursor", ["nonsense", "a:b:c", "WyJhZnRlciJd:1:x"])
def test_a_cursor_that_is_not_ours_begins_at_the_first_page(hundred: QuerySet[Subject], cursor: str) -> None:
    assert keyset_page(hundred, ["id"], cursor).rows == keyset_page(hundred, ["id"]).rows


def test_a_cursor_of_another_order_begins_at_the_first_page(hundred: QuerySet[Subject]) -> None:
    other = keyset_page(hundred, ["-id"]).next_cursor
    assert keyset_page(hundred, ["id"], other).rows == keyset_page(hundred, ["id"]).rows


def test_a_count_is_exact_to_a_thousand_and_then_says_so() -> None:
    with translation.override("en"):
        assert count_text(0) == "0"
        assert count_text(1000) == "1,000"
        assert count_text(1001) == "more than 1,000"
    with translation.override("ro"):
        assert count_text(1000) == "1.000"
