"""The four kinds of value of an expression, how each becomes another, and days as numbers (JavaRosa's way)."""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Final

from amanat.forms.nodes import Node

Value = str | float | bool | list[Node]

_NUMBER: Final = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?")
_DAY: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
_MOMENT: Final = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})T(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?"
)
_TIME: Final = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?\s*(Z|[+-]\d{2}(?::?\d{2})?)?")
_EPOCH: Final = date(1970, 1, 1)
_MOST_DAYS: Final = 2_900_000
NAN: Final = math.nan


def text_of(value: Value) -> str:
    """As XPath's `string()`."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return value[0].text if value else ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return text_of_number(value)


def text_of_number(value: float) -> str:
    """Without an exponent, and without a fraction where there is none."""
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    if value == int(value):
        return str(int(value))
    written = repr(float(value))
    return f"{value:.20f}".rstrip("0") if "e" in written else written


def number_of(value: Value, zone: tzinfo) -> float:
    """As XPath's `number()`; a day or a moment becomes days since 1970 on the clock of the place."""
    if isinstance(value, bool):
        return 1.0 if value else 0.0
    if isinstance(value, float | int):
        return float(value)
    return number_of_text(text_of(value), zone)


def number_of_text(text: str, zone: tzinfo) -> float:
    """NaN where it is neither a number nor a day."""
    text = text.strip()
    if len(text) <= 400 and _NUMBER.fullmatch(text):
        return float(text)
    if "-" in text[1:]:
        if day := day_of_text(text):
            return float((day - _EPOCH).days)
        if moment := moment_of_text(text, zone):
            return days_of(moment.astimezone(zone).replace(tzinfo=UTC))
    return NAN


def truth_of(value: Value) -> bool:
    """As JavaRosa's `boolean()`: one node is what it holds, so an empty one is false."""
    if isinstance(value, bool):
        return value
    if isinstance(value, float | int):
        return bool(value) and not math.isnan(value)
    if isinstance(value, list) and len(value) != 1:
        return bool(value)
    return bool(text_of(value))


def days_of(moment: datetime) -> float:
    """Days since 1970 UTC, with their fraction."""
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) / timedelta(days=1)


def day_of_number(days: float) -> date | None:
    """The day of so many days since 1970."""
    if math.isnan(days) or not -700_000 < days < _MOST_DAYS:
        return None
    return _EPOCH + timedelta(days=math.floor(days))


def day_of_text(text: str) -> date | None:
    """A day like 2026-11-27."""
    found = _DAY.fullmatch(text.strip())
    try:
        return date(*map(int, found.groups())) if found else None
    except ValueError:
        return None


def moment_of_text(text: str, zone: tzinfo) -> datetime | None:
    """A moment like 2026-11-27T10:00:00.000+05:00; without an offset it is on the clock of the place."""
    found = _MOMENT.fullmatch(text.strip())
    if not found:
        return None
    year, month, day, hour, minute, second, fraction, offset = found.groups()
    if not 1 < int(year) < 9999:
        return None  # another time zone could lead out of what a calendar has
    try:
        return datetime(
            int(year), int(month), int(day), int(hour), int(minute), int(second or 0),
            int((fraction or "0").ljust(6, "0")), tzinfo=_offset(offset) or zone,
        )  # fmt: skip
    except ValueError:
        return None


def time_of_text(text: str) -> time | None:
    """A time of a day like 10:00, 10:00:00.000+05:00."""
    found = _TIME.fullmatch(text.strip())
    if not found:
        return None
    hour, minute, second, fraction, offset = found.groups()
    try:
        return time(
            int(hour), int(minute), int(second or 0), int((fraction or "0").ljust(6, "0")), tzinfo=_offset(offset)
        )
    except ValueError:
        return None


def _offset(text: str | None) -> tzinfo | None:
    if not text or text == "Z":
        return UTC if text else None
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return datetime.strptime(f"{text[0]}{minutes // 60:02}{minutes % 60:02}", "%z").tzinfo


def text_of_moment(moment: datetime) -> str:
    """As the data type dateTime is kept: with milliseconds and offset."""
    return moment.isoformat(timespec="milliseconds")
