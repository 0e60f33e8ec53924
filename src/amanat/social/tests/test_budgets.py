"""Budget lines: kept by one agency, never below what was spent; totals by donor that mix no currencies and open no file."""

from __future__ import annotations

import csv
import string
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.urls import reverse
from django.utils.translation import override

from amanat.audit.models import Entry
from amanat.cases.tests.looking import counting, read
from amanat.social.actions import budgets
from amanat.social.budgets import by_donor, lines, of_year
from amanat.social.models import Budget
from amanat.social.showing import as_rows
from amanat.vault.models import SubjectKind
from amanat.web.errors import PersonFacingError, Refused
from tests.cast import HARBOUR

from .conftest import LINE

pytestmark = pytest.mark.django_db

SENT = {
    "donor": "Swiss Fund",
    "line": "Travel",
    "currency": "EUR",
    "amount": "2 500,75",
    "since": "2026-01-01",
    "ends": "2026-12-31",
}


@pytest.fixture
def change(actor, budget):
    def make(**more):
        fields = {name: LINE[name] for name in ("donor", "line", "amount", "since", "ends")}
        return budgets.change_budget(budget, **fields | {"seen": 1} | more, actor=actor("aman"))

    return make


def test_a_supervisor_adds_a_line_and_its_donor_is_sealed_under_the_office(browse):
    aman = browse("aman")
    assert aman.post(reverse("social.add_budget"), SENT).status_code == 302
    row = Budget.objects.get()
    assert (row.amount, row.currency, row.subject.kind) == (250075, "EUR", SubjectKind.OFFICE)
    with connection.cursor() as cursor:
        cursor.execute("SELECT content FROM social_budget")
        assert b"Swiss" not in bytes(cursor.fetchone()[0])
    page = read(aman, reverse("social.budgets"))
    assert "Swiss Fund" in page
    assert "2,500.75\u00a0EUR" in page
    assert Entry.objects.filter(verb="budget.arrange", subject=row.subject).exists()


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"amount": "1,250"}, "EUR has 2 digits after the point."),
        ({"amount": "1,250.50"}, "Write the amount in digits"),
        ({"amount": "0"}, "Write an amount larger than nothing."),
        ({"amount": "999 999 999 999"}, ""),
        ({"amount": "9999999999999"}, "Write the amount in digits"),
        ({"ends": "2025-12-31"}, "It ends before it begins."),
        ({"currency": "XXX"}, "Select a valid choice"),
    ],
)
def test_an_amount_or_a_day_that_cannot_be_is_refused_and_nothing_typed_is_lost(browse, changed, sentence):
    answer = browse("aman").post(reverse("social.add_budget"), SENT | changed)
    if not sentence:
        assert answer.status_code == 302
        return
    page = answer.content.decode()
    assert sentence in page
    assert "Travel" in page
    assert not Budget.objects.exists()


def test_a_worker_sees_budgets_and_does_not_arrange_them_others_find_no_such_page(browse, budget):
    page = read(browse("jemal"), reverse("social.budgets"))
    assert "Clothes" in page
    assert reverse("social.add_budget") not in page
    assert browse("jemal").get(reverse("social.add_budget")).status_code == 404
    assert browse("ogulgerek").get(reverse("social.budgets")).status_code == 404


def test_another_agency_sees_nothing_of_it(browse, budget, actor):
    page = read(browse("dowlet"), reverse("social.budgets"))
    assert "Swiss Fund" not in page
    assert HARBOUR in page
    assert browse("elena").get(reverse("social.change_budget", args=[budget.pk])).status_code == 404
    with pytest.raises(Refused):
        lines(actor("dowlet"), [budget])


def test_a_line_is_never_made_smaller_than_what_was_spent(change, spend):
    spend()
    with pytest.raises(PersonFacingError, match=r"250\.50"):
        change(amount=Decimal("250.49"))
    assert change(amount=Decimal("250.50")).amount == 25050


def test_the_days_of_a_line_keep_what_was_spent_within(change, spend):
    spend()
    with pytest.raises(PersonFacingError, match="before this day"):
        change(since=date(2026, 12, 1))
    with pytest.raises(PersonFacingError, match="after this day"):
        change(ends=date(2026, 10, 31))


def test_two_who_change_a_line_at_once_see_both_versions(browse, budget, change):
    change(donor="Fund of Switzerland")
    sent = SENT | {"seen": "1", "donor": "Swiss Aid", "amount": "1000.00"}
    page = browse("aman").post(reverse("social.change_budget", args=[budget.pk]), sent).content.decode()
    assert "Fund of Switzerland" in page
    assert "Swiss Aid" in page


def test_totals_by_donor_add_lines_and_never_two_currencies(actor, begin, budget, spend):
    begin(line="Travel", amount=Decimal("100.05"))
    begin(line="School", currency="JPY", amount=Decimal(5000))
    begin(donor="Aid of Norway", currency="EUR", amount=Decimal("0.10"))
    spend()
    spend(form="money", amount=Decimal("0.05"))
    found = [
        (one.donor, one.whole.currency, one.whole.amount, one.in_money.amount, one.in_goods.amount, one.left.amount)
        for one in by_donor(of_year(actor("jemal"), 2026))
    ]
    assert found == [
        ("Aid of Norway", "EUR", Decimal("0.10"), Decimal("0.00"), Decimal("0.00"), Decimal("0.10")),
        ("Swiss Fund", "JPY", Decimal(5000), Decimal(0), Decimal(0), Decimal(5000)),
        ("Swiss Fund", "TMT", Decimal("1100.05"), Decimal("0.05"), Decimal("250.50"), Decimal("849.50")),
    ]


def test_the_table_to_take_along_has_exact_amounts_and_currencies_in_their_own_column(browse, begin, spend):
    spend()
    begin(donor="=cmd()", currency="EUR")
    table = browse("aman").get(reverse("social.budgets_as_table"), {"year": "2026"})
    assert table["Cache-Control"] == "no-store"
    rows = list(csv.reader(table.content.decode("utf-8-sig").splitlines()))
    assert rows[0][:3] == ["Donor", "Budget line", "Currency"]
    assert ["Swiss Fund", "All lines", "TMT", "", "", "1000.00", "0.00", "250.50", "749.50"] in rows
    assert not any(cell.startswith("=") for row in rows for cell in row)


def test_the_headings_of_the_table_are_in_the_language_of_its_reader(actor, begin):
    begin()
    with override("ru"):
        head, line, total = as_rows(of_year(actor("aman"), 2026))
    assert not set("".join(head)) & set(string.ascii_letters), head
    assert total[1] not in ("All lines", line[1])


def test_a_line_of_another_year_stands_in_that_year(browse, budget):
    jemal = browse("jemal")
    assert "Clothes" not in read(jemal, reverse("social.budgets") + "?year=2025")
    assert "Clothes" in read(jemal, reverse("social.budgets") + "?year=nonsense")


def test_the_page_costs_the_same_with_two_lines_and_with_forty(browse, begin):
    aman = browse("aman")
    costs = []
    for count in (2, 38):
        for number in range(count):
            begin(line=f"Line {number}")
        with counting() as queries:
            read(aman, reverse("social.budgets"))
        costs.append(len(queries))
    assert costs[1] <= 12
    assert costs[1] - costs[0] <= 2  # past the first page, donors of the whole year are added up


def test_no_word_of_the_page_of_budgets_is_of_a_child(browse, spend):
    spend(what="Winter coat for Aylar")
    page = read(browse("aman"), reverse("social.budgets"))
    assert "Aylar" not in page
    assert "250.50" in page


@pytest.mark.parametrize("year", ["9" * 5000, "-2026", "MMXXVI", ""])
def test_a_year_that_is_none_is_this_one(browse, budget, year):
    assert "Swiss Fund" in read(browse("aman"), f"{reverse('social.budgets')}?year={year}")


def test_the_table_to_take_along_has_every_line_whatever_a_page_adds_up(browse, begin, monkeypatch):
    monkeypatch.setattr("amanat.social.budgets.MOST", 1)
    for name in ("Clothes", "Travel"):
        begin(line=name)
    assert "Not every line is in these sums" in read(browse("aman"), reverse("social.budgets"))
    table = browse("aman").get(reverse("social.budgets_as_table")).content.decode()
    assert "Clothes" in table
    assert "Travel" in table
