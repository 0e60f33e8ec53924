"""Hours in words, for who reads an entry: days that follow each other as a span, the clock as it was told. Imports no model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from django.db.models import TextChoices
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat.web.formats import written


class Weekday(TextChoices):
    """As RFC 5545 writes them."""

    MO = "MO", gettext_lazy("Monday")
    TU = "TU", gettext_lazy("Tuesday")
    WE = "WE", gettext_lazy("Wednesday")
    TH = "TH", gettext_lazy("Thursday")
    FR = "FR", gettext_lazy("Friday")
    SA = "SA", gettext_lazy("Saturday")
    SU = "SU", gettext_lazy("Sunday")


class Frequency(TextChoices):
    WEEKLY = "WEEKLY", gettext_lazy("weekly")
    MONTHLY = "MONTHLY", gettext_lazy("monthly")


class Schedule(Protocol):
    """What words need of one: a row, or what the public site read."""

    @property
    def freq(self) -> str: ...
    @property
    def interval(self) -> int | None: ...
    @property
    def byday(self) -> str: ...
    @property
    def bymonthday(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def opens_at(self) -> str: ...
    @property
    def closes_at(self) -> str: ...
    @property
    def valid_from(self) -> date | None: ...
    @property
    def valid_to(self) -> date | None: ...


_WEEK = [day.value for day in Weekday]


def days_of(schedule: Schedule) -> str:
    """On which days, as far as it can be said in words; else as it was told."""
    told = [day.strip() for day in schedule.byday.upper().split(",") if day.strip()]
    if schedule.freq == Frequency.WEEKLY and (schedule.interval or 1) == 1 and told and set(told) <= set(_WEEK):
        return str(capfirst(_spans([day for day in _WEEK if day in told])))
    rule = " ".join(one for one in (schedule.freq, schedule.byday, schedule.bymonthday) if one)
    return schedule.description or rule or _("days not told")


def first_day(schedule: Schedule) -> tuple[int, str]:
    """By which hours stand in order: the first day of the week on which they hold, and when it opens."""
    told = schedule.byday.upper()
    return next((place for place, day in enumerate(_WEEK) if day in told), len(_WEEK)), schedule.opens_at


def clock_of(schedule: Schedule) -> str:
    if not schedule.opens_at or not schedule.closes_at:
        return _("hours not told")
    opens, closes = schedule.opens_at[:5], schedule.closes_at[:5]
    if opens == closes:
        return _("day and night")
    return f"{opens}–{closes}"


def valid_in(schedule: Schedule) -> str:
    told = {name: written(day, "SHORT_DATE_FORMAT") if (day := getattr(schedule, name)) else "" for name in _LIMITS}
    if schedule.valid_from and schedule.valid_to:
        return _("from %(valid_from)s to %(valid_to)s") % told
    if schedule.valid_from:
        return _("from %(valid_from)s on") % told
    return _("until %(valid_to)s") % told if schedule.valid_to else ""


_LIMITS = ("valid_from", "valid_to")


def _spans(days: Sequence[str]) -> str:
    if len(days) == len(_WEEK):
        return _("every day")
    runs: list[list[str]] = []
    for day in days:
        if runs and _WEEK.index(day) == _WEEK.index(runs[-1][-1]) + 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(_run(run) for run in runs)


def _run(days: Sequence[str]) -> str:
    names = [str(Weekday(day).label) for day in days]
    if len(names) < 3:
        return ", ".join(names)
    return _("%(first)s to %(last)s") % {"first": names[0], "last": names[-1]}
