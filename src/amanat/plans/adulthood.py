"""When a child comes of age, and the days before it on which its plan is looked at again. Pure; the numbers are the pack's."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import date


def comes_of_age(born: date, age: int) -> date:
    """The birthday; who was born on 29 February has it on 1 March."""
    year = born.year + age
    if (born.month, born.day) == (2, 29) and not calendar.isleap(year):
        return date(year, 3, 1)
    return born.replace(year=year)


def months_before(day: date, months: int) -> date:
    """The same day of the month, or its last day."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def milestones(born: date, age: int, months: Sequence[int]) -> list[tuple[int, date]]:
    """(months before, day), the earliest first; the birthday itself has 0."""
    birthday = comes_of_age(born, age)
    return [(count, months_before(birthday, count)) for count in (*sorted(set(months) - {0}, reverse=True), 0)]


def passed(found: Sequence[tuple[int, date]], today: date) -> tuple[int, date] | None:
    """The last that has come; None before the first."""
    return next((one for one in reversed(found) if one[1] <= today), None)


def months_until(birthday: date, today: date) -> int:
    """The whole months within which it comes; 0 from the day itself on."""
    months = max(0, (birthday.year - today.year) * 12 + birthday.month - today.month)
    return months + (months_before(birthday, months) > today) if today < birthday else 0
