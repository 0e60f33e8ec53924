"""What a number in a cell is by its format: a date, a time, digits with zeros before them, or a number."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from typing import Final

from amanat.exchange import xml_stream
from amanat.exchange.rows import CellError, Value

# Numbers of formats that every workbook has (ECMA-376 part 1, 18.8.30; 27 to 36 and 50 to 58 are dates of East Asian Excel).
_DATES: Final = frozenset({14, 15, 16, 17, 22, *range(27, 37), *range(50, 59)})
_TIMES: Final = frozenset({18, 19, 20, 21, 45, 46, 47})

_NOT_SHOWN: Final = re.compile(r'"[^"]*"|\\.|_.|\*.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ZEROS: Final = re.compile(r"0{2,}")

_LONGEST: Final = 255  # signs of a format
_LAST: Final = 2_958_465  # 31 December 9999
_1900: Final = datetime(1899, 12, 30)  # noqa: DTZ001 (a day on the calendar, nowhere on earth in particular)
_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001

DATE, TIME, NUMBER = "date", "time", ""


class Formats:
    """The formats of a workbook by the number that cells give."""

    def __init__(self, from_1904: bool) -> None:
        self._from_1904 = from_1904
        self._named: dict[int, str] = {}
        self._kinds: list[str] = []
        self._within = False

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Take a tag of the part with the styles."""
        match xml_stream.local(tag):
            case "numFmt":
                self._named[_number(attributes.get("numFmtId"))] = attributes.get("formatCode", "")
            case "cellXfs":
                self._within = True
            case "cellStyles" | "dxfs":
                self._within = False
            case "xf" if self._within:
                self._kinds.append(self._kind(_number(attributes.get("numFmtId"))))

    def value(self, text: str, style: str | None) -> Value:
        """Give what the text of a numeric cell stands for."""
        try:
            number: int | float = int(text) if text.isdecimal() else float(text)
        except ValueError:
            return text
        if style is None:
            return _plain(number)
        place = _number(style)
        kind = self._kinds[place] if 0 <= place < len(self._kinds) else NUMBER
        if not kind:
            return _plain(number)
        return (
            str(number).zfill(int(kind)) if kind.isdecimal() and number == int(number) else self._moment(number, kind)
        )

    def _moment(self, number: int | float, kind: str) -> Value:
        if kind.isdecimal() or not 0 <= number <= _LAST:
            return _plain(number)
        if number < 1 and (kind == TIME or number):
            return _at(_1904, number).time()
        moment = self.at(number)
        return moment.date() if moment.time() == time() else moment

    def at(self, number: int | float) -> datetime:
        """Give the day and time that a serial number counts to.

        Excel counts a 29 February 1900 that never was, so days before it are one further on.
        """
        if self._from_1904:
            return _at(_1904, number)
        return _at(_1900, number + 1 if number < 60 else number)

    def _kind(self, number: int) -> str:
        code = self._named.get(number)
        if code is None:
            return DATE if number in _DATES else TIME if number in _TIMES else NUMBER
        if _ZEROS.fullmatch(code):
            return str(len(code))
        shown = _NOT_SHOWN.sub("", code.split(";")[0][:_LONGEST]).lower()
        if "general" in shown:
            return NUMBER
        if "d" in shown or "y" in shown or ("m" in shown and not set("hs") & set(shown)):
            return DATE
        return TIME if set("hs") & set(shown) else NUMBER


def _at(epoch: datetime, days: int | float) -> datetime:
    return epoch + timedelta(seconds=round(days * 86_400))


def _plain(number: int | float) -> Value:
    if isinstance(number, float):
        if number != number or abs(number) == float("inf"):
            return CellError("#NUM!")
        if number.is_integer() and abs(number) < 1e15:
            return int(number)
    return number


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else -1


def from_iso(text: str) -> Value:
    """Give the day or moment of a cell that says it in letters, as a few programs write it."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return moment.date() if moment.time() == time() else moment.replace(tzinfo=None)


def day(value: date) -> date:
    """Give the day of a day or a moment."""
    return value.date() if isinstance(value, datetime) else value
