"""Finding, reading and writing rows, one by one and many at once, on whichever database the suite runs."""

from datetime import date

import pytest
from django.db import DataError, IntegrityError, connection
from django.db.models import Q

from .houses import House, Stay

pytestmark = pytest.mark.usefixtures("committed")


@pytest.mark.parametrize(
    ("lookup", "pattern", "found"),
    [
        ("regex", r"^L.*e$", {"Lale"}),
        ("regex", r"^l", set()),
        ("iregex", r"^l", {"Lale"}),
        ("iregex", r"(lale|NARPYZ)", {"Lale", "Narpyz"}),
        ("startswith", "La", {"Lale"}),
        ("istartswith", "nA", {"Narpyz"}),
        ("icontains", "AL", {"Lale"}),
        ("endswith", "z", {"Narpyz"}),
        ("iexact", "lale", {"Lale"}),
        ("contains", "%", set()),
        ("contains", "_", set()),
        ("range", ("A", "M"), {"Lale"}),
        ("in", ["Lale", "Lale", "Reyhan"], {"Lale"}),
    ],
)
def test_text_lookups(lale: House, narpyz: House, lookup: str, pattern: object, found: set[str]) -> None:
    assert set(House.objects.filter(**{f"name__{lookup}": pattern}).values_list("name", flat=True)) == found


def test_capitals_of_other_scripts_matter_only_on_sqlite_in_case_blind_lookups(tables: None) -> None:
    """A known difference: SQLite folds ASCII alone. Amanat folds names itself (`names`) and does not rely on either."""
    House.objects.create(name="Чарыева")
    assert House.objects.filter(name__icontains="ЧАР").exists() is (connection.vendor == "postgresql")


def test_bulk_create_gives_keys_back(tables: None) -> None:
    houses = House.objects.bulk_create([House(name=f"{number}") for number in range(1500)], batch_size=400)
    assert House.objects.count() == 1500
    assert House.objects.get(pk=houses[1234].pk).name == "1234"


def test_bulk_create_may_ignore_what_is_there(lale: House) -> None:
    House.objects.bulk_create([House(name="Lale"), House(name="Reyhan")], ignore_conflicts=True)
    assert dict(House.objects.values_list("name", "opened")) == {"Lale": lale.opened, "Reyhan": None}


def test_bulk_create_may_update_what_is_there(lale: House) -> None:
    House.objects.bulk_create(
        [House(name="Lale", opened=date(2026, 1, 1)), House(name="Reyhan", opened=date(2026, 1, 2))],
        update_conflicts=True,
        update_fields=["opened"],
        unique_fields=["name"],
    )
    assert dict(House.objects.values_list("name", "opened")) == {"Lale": date(2026, 1, 1), "Reyhan": date(2026, 1, 2)}
    assert House.objects.get(name="Lale").pk == lale.pk


def test_bulk_update_and_lists_longer_than_a_statement_may_have_parameters(tables: None) -> None:
    houses = House.objects.bulk_create([House(name=f"{number}") for number in range(2500)])
    for house in houses:
        house.opened = date(2026, 1, 1)
    assert House.objects.bulk_update(houses, ["opened"], batch_size=500) == 2500
    assert len(House.objects.in_bulk([house.pk for house in houses])) == 2500


def test_rows_are_read_in_chunks_while_others_are_written(tables: None) -> None:
    House.objects.bulk_create([House(name=f"{number:04}") for number in range(500)])
    seen = 0
    for house in House.objects.order_by("name").iterator(chunk_size=50):
        House.objects.filter(pk=house.pk).update(opened=date(2026, 1, 1))
        seen += 1
    assert seen == House.objects.filter(opened__isnull=False).count() == 500


def test_related_rows_come_along(stays: list[Stay], django_assert_num_queries) -> None:
    with django_assert_num_queries(2):
        houses = House.objects.prefetch_related("stays").order_by("name")
        assert [len(house.stays.all()) for house in houses] == [3, 1]
    with django_assert_num_queries(1):
        assert {stay.house.name for stay in Stay.objects.select_related("house")} == {"Lale", "Narpyz"}


def test_keyset_pages_follow_each_other(stays: list[Stay]) -> None:
    first = list(Stay.objects.order_by("nights", "pk")[:2])
    last = first[-1]
    beyond = Q(nights__gt=last.nights) | Q(nights=last.nights, pk__gt=last.pk)
    rest = list(Stay.objects.filter(beyond).order_by("nights", "pk"))
    assert [stay.nights for stay in first + rest] == [2, 4, 4, 30]


def test_raw_statements_take_parameters_by_place_and_by_name(lale: House) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM houses_house WHERE name = %s AND name LIKE '%%a%%'", ["Lale"])
        assert cursor.fetchall() == [("Lale",)]
        cursor.execute("SELECT name FROM houses_house WHERE name = %(name)s", {"name": "Lale"})
        assert cursor.fetchone() == ("Lale",)
        cursor.executemany(
            "UPDATE houses_house SET opened = %s WHERE name = %s", ((day, "Lale") for day in [date(2026, 5, 1)])
        )
    lale.refresh_from_db()
    assert lale.opened == date(2026, 5, 1)
    assert [house.name for house in House.objects.raw("SELECT * FROM houses_house WHERE id = %s", [lale.pk])] == [
        "Lale"
    ]


def test_tables_can_be_described(tables: None) -> None:
    with connection.cursor() as cursor:
        columns = {column.name for column in connection.introspection.get_table_description(cursor, "houses_stay")}
        constraints = connection.introspection.get_constraints(cursor, "houses_stay")
    assert {"id", "house_id", "arrived", "needs", "sealed"} <= columns
    assert any(each["foreign_key"] == ("houses_house", "id") for each in constraints.values())
    assert constraints["houses_stay_ten_years"]["check"]


def test_a_number_too_large_for_its_column_is_refused(lale: House) -> None:
    refused = (DataError, IntegrityError, OverflowError)
    with pytest.raises(refused):
        Stay.objects.create(house=lale, nights=10**30)
