"""What stands in the fields of a screen, and what a page sent for a question, as the engine takes it: each the other way round."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django.http import QueryDict

from amanat.forms import appearances
from amanat.forms.lines import name_of
from amanat.forms.model import MEDIA, Shown

ACKNOWLEDGED = "OK"


def rank_name(name: str, choice: str) -> str:
    return f"{name}.{choice}"


def standing(asked: Sequence[Shown]) -> QueryDict:
    """What stands in the fields now, as their widgets would send it."""
    data = QueryDict(mutable=True)
    for item in asked:
        name = name_of(item.path)
        if item.question.kind == "select_multiple":
            data.setlist(name, list(item.values))
        elif item.question.kind == "rank":
            for choice, number in _ranks(item).items():
                data[rank_name(name, choice)] = number
        elif item.question.kind not in MEDIA:
            data[name] = _as_input(item)
    return data


def _as_input(item: Shown) -> str:
    if item.question.kind == "acknowledge":
        return "on" if item.value == ACKNOWLEDGED else ""
    if item.question.kind == "date" and _DAY.fullmatch(item.typed):
        return item.typed[: {"year": 4, "month": 7}.get(appearances.precision(item.question.appearance))]
    return item.typed


def _ranks(item: Shown) -> dict[str, str]:
    """The number beside each choice; of an order that does not hold, what was typed (`sent_as`)."""
    told = [value.partition("=") for value in item.values]
    offered = {choice.value for choice in item.choices}
    return {
        (name if sign and name in offered else value): (number if sign and name in offered else str(place))
        for place, (value, (number, sign, name)) in enumerate(zip(item.values, told, strict=True), 1)
    }


def sent_as(item: Shown, sent: QueryDict) -> str | list[str]:
    """What a page sent for a question, as the engine takes it."""
    name, kind = name_of(item.path), item.question.kind
    if kind == "rank":
        return _order(item, sent)
    values = sent.getlist(name)
    if kind == "select_multiple":
        return values
    if kind == "acknowledge":
        return ACKNOWLEDGED if values else ""
    text = values[-1] if values else ""
    return _first_day(item, text.strip()) if kind == "date" else text


def _order(item: Shown, sent: QueryDict) -> str | list[str]:
    """The choices by their numbers; where these say no order, each with what was typed beside it, which then does not hold."""
    typed = {choice.value: sent.get(rank_name(name_of(item.path), choice.value), "").strip() for choice in item.choices}
    numbers = [int(number) for number in typed.values() if _NUMBER.fullmatch(number)]
    if len(numbers) == len(typed) == len(set(numbers)):
        return sorted(typed, key=lambda choice: int(typed[choice]))
    return " ".join(f"{_SIGNS.sub('', number)[:6]}={choice}" for choice, number in typed.items() if number)


_NUMBER = re.compile(r"[0-9]{1,4}")
_SIGNS = re.compile(r"[\s=]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def stood(item: Shown) -> str | list[str]:
    """What a page would send that shows a question as it stands now, and on which nobody touched it."""
    return sent_as(item, standing([item]))


def _first_day(item: Shown, text: str) -> str:
    """A year or a month is kept as its first day, as ODK does."""
    precision = appearances.precision(item.question.appearance)
    if precision == "year" and re.fullmatch(r"\d{4}", text):
        return f"{text}-01-01"
    return f"{text}-01" if precision and re.fullmatch(r"\d{4}-\d{2}", text) else text
