"""Totals, groups, subqueries and windows: the same answers on whichever database the suite runs."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import models
from django.db.models import (
    Avg,
    Case,
    Count,
    Exists,
    ExpressionWrapper,
    F,
    FilteredRelation,
    Max,
    Min,
    OuterRef,
    Q,
    StdDev,
    Subquery,
    Sum,
    Value,
    Variance,
    When,
    Window,
)
from django.db.models.functions import Coalesce, Lag, Length, RowNumber, Upper

from .houses import EVENING, House, Stay

pytestmark = pytest.mark.usefixtures("committed")


def test_totals_and_averages(stays: list[Stay]) -> None:
    found = Stay.objects.aggregate(Sum("nights"), Avg("nights"), Min("nights"), Max("nights"), Count("id"))
    assert found == {"nights__sum": 40, "nights__avg": 10.0, "nights__min": 2, "nights__max": 30, "id__count": 4}


def test_spread(stays: list[Stay]) -> None:
    found = Stay.objects.aggregate(
        p=StdDev("nights"), s=StdDev("nights", sample=True), v=Variance("nights"), w=Variance("nights", sample=True)
    )
    assert {name: round(value, 6) for name, value in found.items()} == {
        "p": 11.575837,
        "s": 13.366625,
        "v": 134.0,
        "w": 178.666667,
    }


def test_money_adds_up_exactly(stays: list[Stay]) -> None:
    assert Stay.objects.aggregate(total=Sum("cost"))["total"] == Decimal("1110.25")


def test_nothing_adds_up_to_nothing(tables: None) -> None:
    assert Stay.objects.aggregate(Sum("nights"), n=Coalesce(Sum("nights"), 0), c=Count("id")) == {
        "nights__sum": None,
        "n": 0,
        "c": 0,
    }


def test_groups_with_conditions_and_distinct_counts(stays: list[Stay]) -> None:
    rows = (
        House.objects.annotate(
            n=Count("stays"),
            lengths=Count("stays__nights", distinct=True),
            alone=Count("stays", filter=Q(stays__alone=True)),
        )
        .order_by("name")
        .values_list("name", "n", "lengths", "alone")
    )
    assert list(rows) == [("Lale", 3, 2, 2), ("Narpyz", 1, 1, 0)]


def test_groups_are_chosen_by_their_total(stays: list[Stay]) -> None:
    assert [house.name for house in House.objects.annotate(t=Sum("stays__nights")).filter(t__gt=10)] == ["Narpyz"]
    assert list(
        Stay.objects.values("nights").annotate(n=Count("id")).order_by("-n", "nights").values_list("nights", "n")
    ) == [(4, 2), (2, 1), (30, 1)]


def test_an_aggregate_of_an_aggregate(stays: list[Stay]) -> None:
    assert House.objects.annotate(n=Count("stays")).aggregate(Max("n"), Avg("n")) == {"n__max": 3, "n__avg": 2.0}


def test_columns_are_compared_and_computed_in_the_database(stays: list[Stay]) -> None:
    Stay.objects.filter(nights__gte=4).update(nights=F("nights") * 2 + 1)
    assert sorted(Stay.objects.values_list("nights", flat=True)) == [2, 9, 9, 61]
    assert Stay.objects.filter(cost__gt=F("nights") * 10).count() == 2


def test_days_are_added_to_times(stays: list[Stay]) -> None:
    left = ExpressionWrapper(F("arrived") + F("lasted"), output_field=models.DateTimeField())
    first = Stay.objects.annotate(left=left).earliest("left")
    assert first.left == EVENING + timedelta(days=2)


def test_exists_and_subqueries(stays: list[Stay], lale: House) -> None:
    long = Stay.objects.filter(house=OuterRef("pk"), nights__gt=20)
    assert [house.name for house in House.objects.filter(Exists(long))] == ["Narpyz"]
    assert [house.name for house in House.objects.filter(~Exists(long))] == ["Lale"]
    longest = Stay.objects.filter(house=OuterRef("pk")).order_by("-nights").values("nights")[:1]
    assert dict(House.objects.annotate(n=Subquery(longest)).values_list("name", "n")) == {"Lale": 4, "Narpyz": 30}
    assert Stay.objects.filter(house__in=House.objects.filter(opened__isnull=False)).count() == 3


def test_cases_and_text_functions(stays: list[Stay]) -> None:
    size = Case(When(nights__lt=4, then=Value("short")), default=Value("long"))
    assert sorted(Stay.objects.annotate(size=size).values_list("size", flat=True)) == ["long", "long", "long", "short"]
    assert House.objects.annotate(u=Upper("name"), n=Length("name")).values_list("u", "n").get(name="Lale") == (
        "LALE",
        4,
    )


def test_windows(stays: list[Stay]) -> None:
    rows = Stay.objects.annotate(
        place=Window(RowNumber(), partition_by="house", order_by="arrived"),
        before=Window(Lag("nights"), partition_by="house", order_by="arrived"),
    ).order_by("arrived")
    assert list(rows.values_list("place", "before")) == [(1, None), (2, 2), (3, 4), (1, None)]


def test_unions_and_differences(stays: list[Stay]) -> None:
    four, alone = Stay.objects.filter(nights=4), Stay.objects.filter(alone=True)
    assert four.union(alone).count() == 3
    assert four.intersection(alone).get().cost == Decimal("99.95")
    assert four.difference(alone).get().cost == Decimal("0.20")


def test_conditions_on_a_joined_row(stays: list[Stay]) -> None:
    houses = House.objects.annotate(long=FilteredRelation("stays", condition=Q(stays__nights__gt=20)))
    assert [house.name for house in houses.filter(long__isnull=True)] == ["Lale"]
