"""What a person typed, as its question keeps it; or what is wrong with it. Also whether an answer from a phone is of its type."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime, tzinfo
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from amanat.forms.functions_places import points_of
from amanat.forms.limits import LIMITS
from amanat.forms.model import Question
from amanat.forms.values import day_of_text, moment_of_text, text_of_moment, time_of_text

_WHOLE: Final = re.compile(r"-?\d{1,15}")
_DECIMAL: Final = re.compile(r"-?(?:\d{1,30}(?:\.\d{0,30})?|\.\d{1,30})")
_FILE: Final = re.compile(r"[^/\\\x00-\x1f]{1,255}")


def stored(question: Question, raw: str | Sequence[str], zone: tzinfo, now: datetime) -> str:
    """An answer as the XForm keeps it: typed by a person, in the way of inputs of a browser.

    What can't be read is given as it was typed; `wrong` then says what is wrong.
    """
    if question.kind in ("select_multiple", "rank"):
        return " ".join(
            raw.split() if isinstance(raw, str) else dict.fromkeys(part.strip() for part in raw if part.strip())
        )
    text = raw if isinstance(raw, str) else next(iter(raw), "")
    text = text.replace("\r\n", "\n").replace("\0", "")
    if question.kind not in ("text", "barcode"):
        text = text.strip()
    match question.kind:
        case "integer" | "decimal" | "range":
            return text.replace("\u00a0", "").replace(" ", "").replace(",", ".").replace("\u2212", "-")
        case "acknowledge":
            return "OK" if text else ""
        case "time":
            return _time(text, zone, now)
        case "dateTime":
            moment = moment_of_text(text.replace(" ", "T", 1), zone)
            return text_of_moment(moment) if moment else text
        case "geopoint":
            return " ".join(text.replace(",", " ").split())
    return text


def _time(text: str, zone: tzinfo, now: datetime) -> str:
    clock = time_of_text(text)
    if not clock or clock.tzinfo:
        return text
    return text_of_moment(datetime.combine(now.date(), clock, zone)).split("T")[1]


def typed(question: Question, text: str, zone: tzinfo) -> str:
    """An answer as it stands in an input of a browser."""
    if question.kind == "time" and (clock := time_of_text(text)):
        return clock.strftime("%H:%M")
    if question.kind == "dateTime" and (moment := moment_of_text(text, zone)):
        return moment.astimezone(zone).strftime("%Y-%m-%dT%H:%M")
    return text


def wrong(question: Question, text: str, zone: tzinfo) -> str:
    """What is wrong with an answer that is not empty, by its type alone; empty for nothing."""
    if len(text) > LIMITS.answer:
        return _("This is longer than %(most)s letters. Shorten it.") % {"most": LIMITS.answer}
    check = _CHECKS.get(question.kind)
    return check(question, text, zone) if check else ""


def _whole(_question: Question, text: str, _zone: tzinfo) -> str:
    return "" if _WHOLE.fullmatch(text) else _("This is not a whole number. Write it in digits, like 3.")


def _decimal(_question: Question, text: str, _zone: tzinfo) -> str:
    return "" if _DECIMAL.fullmatch(text) else _("This is not a number. Write it in digits, like 3.5.")


def _range(question: Question, text: str, zone: tzinfo) -> str:
    if sentence := _decimal(question, text, zone):
        return sentence
    numbers, found = question.range, Decimal(text)
    if not numbers:
        return ""
    low, high = sorted((numbers.start, numbers.end))
    if not low <= found <= high:
        return _("This must lie between %(low)s and %(high)s.") % {"low": low, "high": high}
    steps = (found - numbers.start) / numbers.step
    return "" if steps == int(steps) else _("This goes in steps of %(step)s.") % {"step": numbers.step}


def _day(_question: Question, text: str, _zone: tzinfo) -> str:
    return "" if day_of_text(text) else _("This is not a day. Write it like 2026-11-27.")


def _clock(_question: Question, text: str, _zone: tzinfo) -> str:
    return "" if time_of_text(text) else _("This is not a time. Write it like 14:30.")


def _moment(_question: Question, text: str, zone: tzinfo) -> str:
    return "" if moment_of_text(text, zone) else _("This is not a day with a time. Write it like 2026-11-27 14:30.")


def _place(_question: Question, text: str, _zone: tzinfo) -> str:
    points = points_of([text])
    if points and len(points) == 1:
        return ""
    return _("This is not a place. Write latitude and longitude, like 37.95 58.38.")


def _line(_question: Question, text: str, _zone: tzinfo) -> str:
    points = points_of([text])
    if points and len(points) >= 2:
        return ""
    return _("These are not places. Write latitude and longitude of each, with “;” between them.")


def _file(_question: Question, text: str, _zone: tzinfo) -> str:
    return "" if _FILE.fullmatch(text) else _("This is not the name of a file.")


_CHECKS: Final = {
    "integer": _whole,
    "decimal": _decimal,
    "range": _range,
    "date": _day,
    "time": _clock,
    "dateTime": _moment,
    "geopoint": _place,
    "geotrace": _line,
    "geoshape": _line,
    "image": _file,
    "audio": _file,
    "video": _file,
    "file": _file,
}
