"""How days and amounts are written in each language: Django reads the formats in here, pages write with `written` and `amount`."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.utils.formats import date_format, number_format
from django.utils.translation import get_language

# Turkmen and Romanian write the names of months small; Django's catalogues have them large.
SMALL_MONTHS = {"ro", "tk"}


def written(day: date, name: str) -> str:
    """A date, or a moment in its own time zone, in the active language. `name`: of a format, as `DATE_FORMAT`, or a format."""
    text = date_format(day, name)
    return text.lower() if (get_language() or "").split("-")[0] in SMALL_MONTHS else text


def amount(value: Decimal, currency: str, digits: int = 0) -> str:
    """Money in the active language, with its code: 1,250.50 TMT. No digit of it is left out; `digits`: at least so many."""
    exponent = value.as_tuple().exponent
    digits = max(digits, -exponent if isinstance(exponent, int) else 0)
    return f"{number_format(value, decimal_pos=digits, force_grouping=True)}\u00a0{currency}"
