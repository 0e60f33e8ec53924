"""Functions of days and times."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Final

from django.utils import dateformat, translation

from amanat.forms.functions import function, number
from amanat.forms.running import At
from amanat.forms.values import (
    NAN,
    Value,
    day_of_number,
    day_of_text,
    days_of,
    moment_of_text,
    text_of,
    text_of_moment,
    time_of_text,
)


@function("today")
def _today(at: At) -> str:
    return at.run.now.date().isoformat()


@function("now")
def _now(at: At) -> str:
    return text_of_moment(at.run.now)


def day_of(at: At, value: Value) -> date | None:
    """The day that a text or a number of days means."""
    text = text_of(value)
    if day := day_of_text(text):
        return day
    return day_of_number(number(at, value))


def moment_of(at: At, value: Value) -> datetime | None:
    """The moment that a text means, on the clock of the filling; of a day its beginning."""
    text = text_of(value)
    if moment := moment_of_text(text, at.run.zone):
        return moment.astimezone(at.run.zone)
    days = number(at, value)
    day = day_of_text(text) or day_of_number(days)
    if not day:
        return None
    seconds = 0 if day_of_text(text) else round(days % 1 * 86_400)
    moment = datetime.combine(day, time(), at.run.zone)
    return moment.replace(hour=min(seconds // 3600, 23), minute=seconds // 60 % 60, second=seconds % 60)


@function("date", 1)
def _date(at: At, value: Value) -> str:
    day = day_of(at, value)
    return day.isoformat() if day else ""


@function("date-time", 1)
def _date_time(at: At, value: Value) -> str:
    moment = moment_of(at, value)
    return text_of_moment(moment) if moment else ""


@function("decimal-date-time", 1)
def _decimal_date_time(at: At, value: Value) -> float:
    moment = moment_of(at, value)
    return days_of(moment.astimezone(UTC)) if moment else NAN


@function("decimal-time", 1)
def _decimal_time(at: At, value: Value) -> float:
    text = text_of(value)
    if moment := moment_of_text(text, at.run.zone):
        clock: time | None = moment.astimezone(at.run.zone).time()
    else:
        clock = time_of_text(text)
    if not clock:
        return NAN
    if clock.tzinfo:
        clock = datetime.combine(at.run.now.date(), clock).astimezone(at.run.zone).time()
    return (clock.hour * 3600 + clock.minute * 60 + clock.second + clock.microsecond / 1e6) / 86_400


_MARK: Final = re.compile(r"%(.)", re.DOTALL)


@function("format-date", 2)
def _format_date(at: At, value: Value, form: Value) -> str:
    return _formatted(at, value, text_of(form))


@function("format-date-time", 2)
def _format_date_time(at: At, value: Value, form: Value) -> str:
    return _formatted(at, value, text_of(form))


def _formatted(at: At, value: Value, form: str) -> str:
    moment = moment_of(at, value)
    if not moment:
        return ""
    with translation.override(_spoken(at.run.language)):
        return _MARK.sub(lambda found: _written(moment, found[1]), form)


def _spoken(language: str) -> str:
    return language if translation.check_for_language(language) else "en"


def _written(moment: datetime, mark: str) -> str:
    match mark:
        case "Y":
            return f"{moment.year:04}"
        case "n" | "e" | "h":
            return str({"n": moment.month, "e": moment.day, "h": moment.hour}[mark])
        case "b":
            return dateformat.format(moment, "M").capitalize()
        case "a":
            return dateformat.format(moment, "D")
        case "3":
            return f"{moment.microsecond // 1000:03}"
        case "W":
            return str(moment.isocalendar().week)  # not padded, as in JavaRosa
    return _padded(moment).get(mark, "%" + mark if mark != "%" else "%")


def _padded(moment: datetime) -> dict[str, str]:
    numbers = {
        "y": moment.year % 100, "m": moment.month, "d": moment.day, "H": moment.hour, "M": moment.minute,
        "S": moment.second,
    }  # fmt: skip
    return {mark: f"{found:02}" for mark, found in numbers.items()}
