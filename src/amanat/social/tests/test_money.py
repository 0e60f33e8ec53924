"""Amounts are exact: read as typed or refused, never rounded, never added over two currencies."""

from __future__ import annotations

from decimal import Decimal

import pycountry
import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from amanat.social import money
from amanat.social.currencies import currencies, exact, money_of, shown
from amanat.social.money import Money, in_units, of_units, read, totals

UNITS = st.integers(-(10**15), 10**15)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("1250.50", "1250.50"),
        ("1250,50", "1250.50"),
        ("1 250,50", "1250.50"),
        ("1\u00a0250.5", "1250.5"),
        ("1\u202f250", "1250"),
        (" 7 ", "7"),
        ("0.05", "0.05"),
    ],
)
def test_an_amount_is_read_as_people_of_each_language_write_it(typed, amount):
    assert read(typed) == Decimal(amount)


@pytest.mark.parametrize(
    "typed",
    ["", "1,250.50", "1.250,50", "1.250.000", "-5", "+5", "1e3", "NaN", "Infinity", "12 манат", "٣", ".5", "5."],
)
def test_what_can_be_read_in_two_ways_or_is_no_amount_is_refused(typed):
    with pytest.raises(money.Unreadable):
        read(typed)


def test_more_digits_than_the_currency_has_are_refused_so_that_a_comma_of_thousands_is_never_a_thousandth():
    with pytest.raises(money.TooFine):
        in_units(read("1,250"), 2)
    with pytest.raises(money.TooFine):
        in_units(read("1.0"), 0)
    assert in_units(read("1,250"), 3) == 1250


@settings(max_examples=60)
@given(units=UNITS, digits=st.integers(0, 4))
def test_an_amount_comes_back_from_its_smallest_units_as_it_was(units, digits):
    assert in_units(of_units(units, digits), digits) == units
    assert Decimal(exact(of_units(units, digits))) == of_units(units, digits)


@settings(max_examples=60)
@given(amounts=st.lists(st.tuples(st.integers(-(10**13), 10**13), st.sampled_from(["TMT", "JPY", "KWD"])), max_size=30))
def test_totals_equal_the_sum_of_each_currency_and_mix_none(amounts):
    digits = {"TMT": 2, "JPY": 0, "KWD": 3}
    found = totals(Money(of_units(units, digits[currency]), currency) for units, currency in amounts)
    expected = {currency: sum(units for units, other in amounts if other == currency) for _units, currency in amounts}
    assert {one.currency: in_units(one.amount, digits[one.currency]) for one in found} == expected


def test_each_currency_is_written_with_its_own_digits_and_its_code():
    assert (currencies()["JPY"].digits, currencies()["KWD"].digits) == (0, 3)
    assert shown(money_of(125050, "TMT")) == "1,250.50\u00a0TMT"
    assert shown(money_of(1250, "JPY")) == "1,250\u00a0JPY"
    with translation.override("ru"):
        assert shown(money_of(125050, "TMT")) == "1\u00a0250,50\u00a0TMT"


def test_no_amount_is_larger_than_a_column_holds():
    with pytest.raises(money.TooMuch):
        in_units(Decimal(10) ** 14, 2)


def test_every_currency_of_the_pack_is_one_of_iso_4217():
    assert all(pycountry.currencies.get(alpha_3=code) for code in currencies())
