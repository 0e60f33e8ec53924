"""Currencies as a pack says: their codes and how many digits the smallest unit has (ISO 4217), and how amounts are written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from amanat import packs
from amanat.packs import toml
from amanat.packs.labels import Label
from amanat.social.money import Money, of_units
from amanat.web.formats import amount as written_amount

MOST_DIGITS: Final = 4
USUAL_DIGITS: Final = 2  # of a currency that no pack knows any more; its amounts are kept with their own digits


@dataclass(frozen=True, slots=True)
class Currency:
    code: str
    label: Label
    digits: int


def _read(source: packs.Source) -> dict[str, Currency]:
    """Read `currencies.toml`."""
    table = toml.read_table(source, source.path)
    if table is None:
        return {}
    table.allow("source", "verified", "currency")
    return {one.code: one for one in map(_read_currency, table.tables("currency"))}


def _read_currency(table: toml.Table) -> Currency:
    code = table.need("code", str, "")
    table = table.named(code)
    table.allow("code", "label", "digits")
    digits = table.need("digits", int, USUAL_DIGITS)
    if not re.fullmatch("[A-Z]{3}", code):
        table.fault(_("A currency has a code of three capital letters."), _("Write it as ISO 4217 does."), "code")
    if not 0 <= digits <= MOST_DIGITS:
        table.fault(_("No currency has so many digits."), _("Write a number between 0 and 4."), "digits")
        digits = USUAL_DIGITS
    return Currency(code, table.label("label") or Label({}), digits)


CURRENCIES: Final = packs.register("currencies.toml", _read)


def currencies() -> Mapping[str, Currency]:
    """Those of this workspace's packs, by code."""
    return packs.current().part(CURRENCIES)


def digits_of(code: str) -> int:
    known = currencies().get(code)
    return known.digits if known else USUAL_DIGITS


def choices() -> list[tuple[str, str]]:
    """For a form: those that packs name first stand first."""
    return [(code, f"{code}, {one.label.text()}") for code, one in currencies().items()]


def shown(money: Money) -> str:
    """As it is read in the active language, with its code: 1,250.50 TMT."""
    return written_amount(money.amount, money.currency, digits_of(money.currency))


def money_of(units: int, currency: str) -> Money:
    return Money(of_units(units, digits_of(currency)), currency)


def exact(amount: Decimal) -> str:
    """As it is sealed and as tables for machines have it: a point, no grouping, no exponent."""
    return f"{amount:f}"
