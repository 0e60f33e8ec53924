"""What is put in comes out as it was, on whichever database the suite runs: times, money, keys, bytes, names, JSON."""

import uuid
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, models
from django.db.models import F, Sum, Value
from django.db.models.functions import Cast, ExtractHour, ExtractWeekDay, TruncDate, TruncDay, TruncMonth

from .houses import House, Stay

pytestmark = pytest.mark.usefixtures("committed")

ASHGABAT = ZoneInfo("Asia/Ashgabat")


def test_times_come_back_in_utc_with_their_microseconds(lale: House) -> None:
    told = datetime(2026, 3, 31, 23, 59, 59, 999_999, tzinfo=ASHGABAT)
    stay = Stay.objects.create(house=lale, arrived=told)
    stay.refresh_from_db()
    assert stay.arrived == told
    assert stay.arrived.utcoffset() == timedelta(0)


def test_days_and_months_are_those_of_the_zone(stays: list[Stay]) -> None:
    here = Stay.objects.annotate(
        day=TruncDate("arrived", tzinfo=ASHGABAT),
        month=TruncMonth("arrived", tzinfo=ASHGABAT),
        hour=ExtractHour("arrived", tzinfo=ASHGABAT),
        weekday=ExtractWeekDay("arrived", tzinfo=ASHGABAT),
    ).earliest("arrived")
    assert (here.day, here.hour, here.weekday) == (date(2026, 4, 1), 1, 4)
    assert here.month == datetime(2026, 4, 1, tzinfo=ASHGABAT)


def test_truncation_over_the_change_to_summer_time(lale: House) -> None:
    chisinau = ZoneInfo("Europe/Chisinau")
    for hour in (21, 23):  # 28 March, 23:00 and 29 March, 01:00 there; clocks go forward at 02:00
        Stay.objects.create(house=lale, arrived=datetime(2026, 3, 28, hour, tzinfo=UTC))
    days = Stay.objects.annotate(day=TruncDay("arrived", tzinfo=chisinau)).order_by("day").values_list("day", flat=True)
    assert list(days) == [datetime(2026, 3, 28, tzinfo=chisinau), datetime(2026, 3, 29, tzinfo=chisinau)]


def test_lists_of_days_and_lookups_by_part(stays: list[Stay], lale: House) -> None:
    assert list(Stay.objects.datetimes("arrived", "month", tzinfo=UTC)) == [
        datetime(2026, 3, 1, tzinfo=UTC),
        datetime(2026, 4, 1, tzinfo=UTC),
    ]
    assert House.objects.dates("opened", "year").get() == date(2024, 1, 1)
    assert House.objects.get(opened__day=29, opened__month=2) == lale
    assert Stay.objects.filter(arrived__date__gt=date(2026, 4, 1)).count() == 2


def test_durations_come_back_whole_and_add_up(stays: list[Stay]) -> None:
    assert Stay.objects.aggregate(t=Sum("lasted"))["t"] == timedelta(days=40, microseconds=6)
    assert Stay.objects.filter(lasted__lt=timedelta(days=3)).count() == 1


@pytest.mark.parametrize("cost", ["0.00", "0.01", "-0.10", "1234567.89", "9999999.99"])
def test_decimals_come_back_as_they_were(lale: House, cost: str) -> None:
    stay = Stay.objects.create(house=lale, cost=Decimal(cost))
    stay.refresh_from_db()
    assert (stay.cost, str(stay.cost)) == (Decimal(cost), cost)
    assert Stay.objects.get(cost=Decimal(cost)) == stay


def test_uuids_are_found_and_come_back_as_uuids(lale: House) -> None:
    ref = uuid.UUID("00000000-0000-4000-8000-00000000ffff")
    stay = Stay.objects.create(house=lale, ref=ref)
    assert Stay.objects.values_list("ref", flat=True).get(ref=str(ref)) == ref
    assert Stay.objects.get(ref__in=[ref]) == stay
    with pytest.raises(IntegrityError):
        Stay.objects.create(house=lale, ref=ref)


@pytest.mark.parametrize("sealed", [b"", b"\x00", bytes(range(256)), b"\xff" * 70_000])
def test_bytes_come_back_as_they_were(lale: House, sealed: bytes) -> None:
    stay = Stay.objects.create(house=lale, sealed=sealed)
    stay.refresh_from_db()
    assert bytes(stay.sealed) == sealed
    assert Stay.objects.filter(sealed=sealed).exists()


def test_names_in_every_script_are_kept(tables: None) -> None:
    for name in ("Çaryýewa Şöhrat Ňury", "Чарыева Ёлка", "Șerban Țurcanu", "百合", "🌷", "a%b_c\\d'e\"f"):
        assert House.objects.get(pk=House.objects.create(name=name).pk).name == name
        assert House.objects.filter(name__contains=name[1:]).exists()


def test_booleans_and_nothing(stays: list[Stay], lale: House) -> None:
    assert set(Stay.objects.values_list("alone", flat=True)) == {True, False}
    assert House.objects.filter(opened=None).count() == 1
    assert [house.name for house in House.objects.order_by(F("opened").asc(nulls_last=True))] == ["Lale", "Narpyz"]
    assert Stay.objects.annotate(n=Cast("nights", models.CharField(max_length=9))).filter(n="30").count() == 1


@pytest.mark.parametrize("needs", [None, [], {}, {"a": {"b": [1, "ý", None, 1.5, True]}}, "word", 0])
def test_json_comes_back_as_it_was(lale: House, needs: object) -> None:
    stay = Stay.objects.create(house=lale, needs=Value(None, models.JSONField()) if needs is None else needs)
    stay.refresh_from_db()
    assert stay.needs == needs


def test_json_is_asked_by_key_path_and_index(stays: list[Stay]) -> None:
    assert Stay.objects.filter(needs__urgency=2).count() == 1
    assert Stay.objects.filter(needs__urgency__gte=2).count() == 2
    assert Stay.objects.filter(needs__school__grade=3).count() == 1
    assert Stay.objects.filter(needs__school__grade=None).count() == 1
    assert Stay.objects.filter(needs__languages__1="ru").count() == 3
    assert Stay.objects.filter(needs__has_key="urgency").count() == 4
    assert Stay.objects.filter(needs__has_any_keys=["urgency", "no"]).count() == 4
    assert Stay.objects.filter(needs__languages__0__startswith="t").count() == 4
    assert Stay.objects.exclude(needs__urgency=2).count() == 3
    assert list(Stay.objects.order_by("-needs__urgency").values_list("needs__urgency", flat=True)) == [3, 2, 1, 0]


def test_json_that_is_none_is_not_the_database_row_without_value(lale: House) -> None:
    Stay.objects.create(house=lale, needs=Value(None, models.JSONField()))
    assert Stay.objects.filter(needs__isnull=True).count() == 0
