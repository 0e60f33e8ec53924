"""Days as people write them, in four languages, the day before the month. Nothing here knows which field a day is for."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from amanat.packs.spelling import plain

DAY_FIRST, MONTH_FIRST = "", "month_first"

# By month: Turkmen (and its names of 2002 to 2008, which stand in papers of those years), Russian, Romanian, English.
_MONTHS: Final = (
    "ýanwar türkmenbaşy январь января янв ianuarie ian january jan",
    "fewral baýdak февраль февраля фев февр februarie feb february",
    "mart nowruz март марта мар martie mar march",
    "aprel gurbansoltan апрель апреля апр aprilie apr april",
    "maý magtymguly май мая mai may",
    "iýun oguz июнь июня июн iunie iun june jun",
    "iýul gorkut июль июля июл iulie iul july jul",
    "awgust alparslan август августа авг august aug",
    "sentýabr ruhnama сентябрь сентября сен сент septembrie sept sep september",
    "oktýabr garaşsyzlyk октябрь октября окт octombrie oct october",
    "noýabr sanjar ноябрь ноября ноя нояб noiembrie noi nov november",
    "dekabr bitaraplyk декабрь декабря дек decembrie dec december",
)
_MONTH: Final = {plain(name): number for number, names in enumerate(_MONTHS, 1) for name in names.split()}

_YEAR_FIRST: Final = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")
_YEAR_LAST: Final = re.compile(r"(\d{1,2})\s*[-./\s]\s*(\d{1,2})\s*[-./\s]\s*(\d{4}|\d{2})")
_COMPACT: Final = re.compile(r"(\d{4})(\d{2})(\d{2})")
_NAMED: Final = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|-(?:nji|njy|е|го))?[-.,\s]*([^\W\d_]{3,}(?:\s+arslan)?)[-.,\s]*(\d{4}|\d{2})",
    re.IGNORECASE,
)
_NAMED_FIRST: Final = re.compile(r"([^\W\d_]{3,})[-.,\s]*(\d{1,2})(?:st|nd|rd|th)?[,\s]+(\d{4})", re.IGNORECASE)
_AFTER: Final = re.compile(r"(?:\s*(?:г\.?|года|год|ý\.?|ýyl|ýylyň|y\.|anul))+$", re.IGNORECASE)
_TIME: Final = re.compile(
    r"(?:T|,?\s+)\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?\s*(?:Z|[+-]\d{2}:?\d{2}|[AP]M)?$", re.IGNORECASE
)
_YEAR: Final = re.compile(r"\d{4}")
_LONGEST: Final = 60  # letters that a day can have


class NoDay(ValueError):
    """It is no day; `why` is a code for a sentence."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def read_day(text: str, today: date, order: str = DAY_FIRST) -> str:
    """Give ISO, or only the year where there is only that.

    A year of two digits is of this century, unless that would lie in the future.

    Raises:
        NoDay: "no_day", "month_first" (a day only if the month stands first), or "no_such_day".
    """
    if len(text) > _LONGEST:
        raise NoDay("no_day")
    text = _AFTER.sub("", _TIME.sub("", text.strip()).strip()).strip()
    if _YEAR.fullmatch(text):
        return text
    year, month, day = _parts(text, order)
    if len(year) == 2:
        year = f"20{year}" if 2000 + int(year) <= today.year else f"19{year}"
    try:
        return date(int(year), month, day).isoformat()
    except ValueError:
        raise NoDay("no_such_day" if month <= 12 or day > 12 else "month_first") from None


def stands_month_first(text: str) -> bool | None:
    """Whether a day in digits can only be read month first, only day first, or (None) both ways."""
    found = len(text) <= _LONGEST and _YEAR_LAST.fullmatch(_TIME.sub("", text.strip()))
    if not found:
        return None
    first, second = int(found[1]), int(found[2])
    return True if second > 12 >= first else False if first > 12 >= second else None


def _parts(text: str, order: str) -> tuple[str, int, int]:
    if found := _YEAR_FIRST.fullmatch(text) or _COMPACT.fullmatch(text):
        return found[1], int(found[2]), int(found[3])
    if found := _YEAR_LAST.fullmatch(text):
        first, second = int(found[1]), int(found[2])
        return (found[3], first, second) if order == MONTH_FIRST else (found[3], second, first)
    if found := _NAMED.fullmatch(text):
        return found[3], _month(found[2]), int(found[1])
    if found := _NAMED_FIRST.fullmatch(text):
        return found[3], _month(found[1]), int(found[2])
    raise NoDay("no_day")


def _month(name: str) -> int:
    try:
        return _MONTH[plain(name)]
    except KeyError:
        raise NoDay("no_day") from None
