"""How a day is written in each language: Django reads the formats in here, pages write days with `written`."""

from __future__ import annotations

from datetime import date

from django.utils.formats import date_format
from django.utils.translation import get_language

# Turkmen and Romanian write the names of months small; Django's catalogues have them large.
SMALL_MONTHS = {"ro", "tk"}


def written(day: date, name: str) -> str:
    """A date, or a moment in its own time zone, in the active language. `name`: of a format, as `DATE_FORMAT`, or a format."""
    text = date_format(day, name)
    return text.lower() if (get_language() or "").split("-")[0] in SMALL_MONTHS else text
