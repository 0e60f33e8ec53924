"""Exact amounts: reading what a person typed, whole numbers of the smallest unit, sums that never mix currencies. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

_SPACES: Final = re.compile(r"[\s\u00a0\u202f\u2009']")
_WRITTEN: Final = re.compile(r"\d{1,12}([.,]\d{1,6})?", re.ASCII)
MOST: Final = 10**15
"""Of the smallest units: what a column of the database holds with room to add."""


class Unreadable(ValueError):
    """What was typed is no amount, or can be read in two ways."""


class TooFine(ValueError):
    """An amount has more digits after the point than its currency."""


class TooMuch(ValueError):
    """An amount is larger than any that makes sense here."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency by its code of ISO 4217."""

    amount: Decimal
    currency: str


def read(text: str) -> Decimal:
    """An amount as a person types it: one point or comma before the digits of the smallest unit, spaces between thousands.

    A sign that parts thousands is refused (`1,250.50`, `1.250.000`): what looks like one would be read a thousand times too small
    somewhere. `1,250` is kept as a number with three digits after the comma, which `in_units` refuses for most currencies.

    Raises:
        Unreadable: it is no amount, or has two signs.
    """
    bare = _SPACES.sub("", text)
    if not _WRITTEN.fullmatch(bare):
        raise Unreadable(text)
    return Decimal(bare.replace(",", "."))


def in_units(amount: Decimal, digits: int) -> int:
    """As a whole number of the smallest unit. Nothing is ever rounded: zeros that were typed count as digits.

    Raises:
        TooFine, TooMuch.
    """
    exponent = amount.as_tuple().exponent
    assert isinstance(exponent, int), "no number"
    if -exponent > digits:
        raise TooFine(amount)
    units = int(amount.scaleb(digits))
    if abs(units) > MOST:
        raise TooMuch(amount)
    return units


def of_units(units: int, digits: int) -> Decimal:
    """The amount that so many of the smallest unit are, with all digits of its currency."""
    return Decimal(units).scaleb(-digits)


def totals(amounts: Iterable[Money]) -> list[Money]:
    """A sum for each currency, in the order of their codes. Nothing is ever converted."""
    sums: dict[str, Decimal] = {}
    for one in amounts:
        sums[one.currency] = sums.get(one.currency, Decimal(0)) + one.amount
    return [Money(sums[currency], currency) for currency in sorted(sums)]
