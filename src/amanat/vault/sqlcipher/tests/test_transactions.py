"""Transactions as the rest of the house relies on them, on whichever database the suite runs."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from threading import Barrier
from typing import TypeVar

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.models import F

from .houses import Counter, House, Stay

pytestmark = pytest.mark.usefixtures("committed")

Result = TypeVar("Result")

WRITERS = 8
TURNS = 25


class ChangedMind(Exception):
    """Raised inside a transaction to leave it."""


@contextmanager
def taken_back() -> Iterator[None]:
    """A block that ends with an exception, and its transaction with it."""
    with suppress(ChangedMind), transaction.atomic():
        yield
        raise ChangedMind


def names() -> set[str]:
    return set(House.objects.values_list("name", flat=True))


def elsewhere(*work: Callable[[], Result]) -> list[Result]:
    """Run each piece of work at once, in a thread and a connection of its own."""

    def run(piece: Callable[[], Result]) -> Result:
        try:
            return piece()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(work)) as threads:
        return list(threads.map(run, work))


def test_what_is_committed_is_seen_by_others_and_not_before() -> None:
    with transaction.atomic():
        House.objects.create(name="Lale")
        assert elsewhere(names) == [set()]
        assert names() == {"Lale"}
    assert elsewhere(names) == [{"Lale"}]


def test_an_exception_takes_everything_back() -> None:
    with taken_back():
        House.objects.create(name="Lale")
    assert names() == set()


def test_a_savepoint_takes_back_its_own_part_only() -> None:
    with transaction.atomic():
        House.objects.create(name="Lale")
        with taken_back():
            House.objects.create(name="Narpyz")
        with transaction.atomic():
            House.objects.create(name="Reyhan")
    assert names() == {"Lale", "Reyhan"}


def test_savepoints_nest() -> None:
    with transaction.atomic():
        with taken_back(), transaction.atomic():
            House.objects.create(name="Lale")
        House.objects.create(name="Narpyz")
    assert names() == {"Narpyz"}


def test_an_inner_block_without_savepoint_dooms_the_outer_one() -> None:
    with transaction.atomic():
        with suppress(ChangedMind), transaction.atomic(savepoint=False):
            raise ChangedMind
        with pytest.raises(transaction.TransactionManagementError):
            House.objects.count()
        transaction.set_rollback(True)


def test_savepoints_by_hand() -> None:
    with transaction.atomic():
        House.objects.create(name="Lale")
        mark = transaction.savepoint()
        House.objects.create(name="Narpyz")
        transaction.savepoint_rollback(mark)
        transaction.savepoint_commit(transaction.savepoint())
    assert names() == {"Lale"}


def test_a_transaction_goes_on_after_a_refused_row_inside_a_savepoint() -> None:
    with transaction.atomic():
        House.objects.create(name="Lale")
        with pytest.raises(IntegrityError), transaction.atomic():
            House.objects.create(name="Lale")
        House.objects.create(name="Narpyz")
    assert names() == {"Lale", "Narpyz"}


def test_a_durable_block_may_not_stand_inside_another() -> None:
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic(), transaction.atomic(durable=True):
        pass


def test_callbacks_run_after_the_commit_and_not_after_a_rollback() -> None:
    heard = []
    with transaction.atomic():
        transaction.on_commit(lambda: heard.append(("outer", names())))
        with taken_back():
            transaction.on_commit(lambda: heard.append(("taken back", names())))
        House.objects.create(name="Lale")
        assert heard == []
    assert heard == [("outer", {"Lale"})]


@pytest.mark.sqlcipher_only  # on PostgreSQL the application's role makes no tables
def test_tables_made_in_a_transaction_go_with_it(tables: None) -> None:
    """Migrations are all or nothing."""
    with taken_back(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE half_migrated (id integer)")
    assert "half_migrated" not in connection.introspection.table_names()


@pytest.mark.parametrize(
    "break_it",
    [
        pytest.param(lambda house: House.objects.create(name=house.name), id="the same name twice"),
        pytest.param(lambda house: House.objects.filter(pk=house.pk).update(name=None), id="no name"),
        pytest.param(lambda house: Stay.objects.create(house=house, nights=3651), id="a check constraint"),
        pytest.param(lambda house: Stay.objects.create(house=house, nights=-1), id="a negative number"),
        pytest.param(lambda house: Stay.objects.create(house_id=house.pk + 1000), id="a house that is not there"),
    ],
)
def test_a_broken_rule_is_an_integrity_error(break_it: Callable[[House], object]) -> None:
    house = House.objects.create(name="Lale")
    with pytest.raises(IntegrityError), transaction.atomic():
        break_it(house)
    assert (House.objects.count(), Stay.objects.count()) == (1, 0)


def test_the_drivers_error_is_kept_as_the_cause() -> None:
    House.objects.create(name="Lale")
    with pytest.raises(IntegrityError) as caught:
        House.objects.create(name="Lale")
    assert isinstance(caught.value.__cause__, connection.Database.IntegrityError)


def test_bad_sql_is_a_database_error_of_django() -> None:
    with connection.cursor() as cursor, pytest.raises(DatabaseError):
        cursor.execute("SELEKT 1")


def test_deleting_a_house_takes_its_stays_along() -> None:
    house = House.objects.create(name="Lale")
    Stay.objects.create(house=house)
    assert house.delete()[0] == 2
    assert Stay.objects.count() == 0


def test_a_missing_row_is_created_once_by_get_or_create() -> None:
    assert [House.objects.get_or_create(name="Lale")[1] for _ in range(2)] == [True, False]
    assert House.objects.update_or_create(name="Lale", defaults={"opened": "2026-01-02"})[1] is False


# --- several people at once ---------------------------------------------------------------------------------------


def test_counting_up_by_an_expression_loses_nothing() -> None:
    Counter.objects.create(name="calls")

    def count_up() -> None:
        for _ in range(TURNS):
            Counter.objects.filter(name="calls").update(value=F("value") + 1)

    elsewhere(*[count_up] * WRITERS)
    assert Counter.objects.get().value == WRITERS * TURNS


def test_read_then_write_in_one_transaction_loses_nothing() -> None:
    """`select_for_update` locks the row on PostgreSQL; on SQLCipher it is silent, and the transaction itself waits its turn."""
    Counter.objects.create(name="calls")
    together = Barrier(WRITERS)

    def count_up() -> None:
        together.wait(timeout=30)
        for _ in range(TURNS):
            with transaction.atomic():
                counter = Counter.objects.select_for_update().get(name="calls")
                counter.value += 1
                counter.save()

    elsewhere(*[count_up] * WRITERS)
    assert Counter.objects.get().value == WRITERS * TURNS


def test_many_writers_at_once_all_get_their_turn() -> None:
    together = Barrier(WRITERS)

    def write(writer: int) -> int:
        together.wait(timeout=30)
        for turn in range(TURNS):
            with transaction.atomic():
                house = House.objects.create(name=f"{writer}/{turn}")
                Stay.objects.create(house=house, nights=turn)
        return TURNS

    written = elsewhere(*[lambda writer=writer: write(writer) for writer in range(WRITERS)])
    assert sum(written) == House.objects.count() == Stay.objects.count() == WRITERS * TURNS


def test_a_reader_is_not_held_up_by_a_writer() -> None:
    House.objects.create(name="Lale")
    with transaction.atomic():
        House.objects.update(name="Narpyz")
        assert elsewhere(names, names) == [{"Lale"}, {"Lale"}]


def test_two_that_create_the_same_row_leave_one() -> None:
    together = Barrier(2)

    def create() -> bool:
        together.wait(timeout=30)
        try:
            House.objects.create(name="Lale")
        except IntegrityError:
            return False
        return True

    assert sorted(elsewhere(create, create)) == [False, True]
    assert names() == {"Lale"}
