"""What the first values of each column tell: how its days are written, whether it lists answers, whether an address is mixed up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from amanat.exchange.answers import Answers, several
from amanat.exchange.cells import shown
from amanat.exchange.dates import MONTH_FIRST, stands_month_first
from amanat.exchange.mapping import ROW_NUMBER, Column
from amanat.exchange.notices import Notice
from amanat.exchange.rows import Row
from amanat.exchange.whole_names import FULL_NAME, says_family_first, told_of
from amanat.packs import Pack

SHOWN: Final = 3
_TOLD_EACH: Final = 40  # letters of a sample


def told_by_samples(
    columns: Sequence[Column], data: Sequence[Sequence[Row]], pack: Pack
) -> tuple[list[Column], dict[str, list[str]], list[Notice]]:
    """Give the columns with the order of their days, samples by title, and what to tell."""
    judged: list[Column] = []
    samples: dict[str, list[str]] = {}
    notices: list[Notice] = []
    for column in columns:
        texts = _texts(column, data[column.part])
        samples[column.title] = [text[:_TOLD_EACH] for text in dict.fromkeys(texts)][:SHOWN]
        if column.field and column.field != ROW_NUMBER:
            column, told = _judged(column, texts, pack)
            notices += [
                Notice(code, {"label": column.title, **given}, column.sheet, column.letters) for code, given in told
            ]
        judged.append(column)
    return judged, samples, notices + _mixed_address(judged, data[0], pack)


def _texts(column: Column, rows: Sequence[Row]) -> list[str]:
    texts = (shown(row.cells[column.letters]) for row in rows if column.letters in row.cells)
    return [text for text in texts if text]


_Told = list[tuple[str, dict[str, Any]]]


def _judged(column: Column, texts: Sequence[str], pack: Pack) -> tuple[Column, _Told]:
    if column.field == FULL_NAME:
        return column, _whole_name(column, texts)
    field = pack.field(column.field_name)
    match field.type:
        case "date":
            return _days(column, texts)
        case "choice" | "choices":
            codes = pack.codes(field.codes)
            values = {code.htcds or code.code for code in codes.codes} | {code.code for code in codes.codes}
            return column, _lists(texts, Answers(codes).find, field.type == "choices", values)
        case "countries":
            return column, _lists(texts, pack.countries.find, True, set())
    return column, []


def _whole_name(column: Column, texts: Sequence[str]) -> _Told:
    example = max(texts[:_TOLD_EACH], key=lambda text: len(text.split()), default="")
    family_first = says_family_first(column.header, column.name)
    return [("full_name", told_of(example, family_first))] if example else []


def _days(column: Column, texts: Sequence[str]) -> tuple[Column, _Told]:
    orders = {order: text for text in texts if (order := stands_month_first(text)) is not None}
    if True in orders and False in orders:
        return column, [("mixed_dates", {})]
    if True in orders:
        return replace(column, order=MONTH_FIRST), [("month_first", {"example": orders[True]})]
    return column, []


def _lists(texts: Sequence[str], find: Callable[[str], str], takes_several: bool, values: set[str]) -> _Told:
    told: _Told = []
    lists = [text for text in texts if not find(text) and len(several(text, find)[0]) > 1]
    if lists and not takes_several:
        told.append(("several_answers", {}))
    elif any(not set(text) & set(";,|\n") for text in lists):
        told.append(("spaced_lists", {}))
    if values and any(find(text) and text not in values for text in texts):
        told.append(("labels_read", {}))
    return told


def _mixed_address(columns: Sequence[Column], rows: Sequence[Row], pack: Pack) -> list[Notice]:
    """Whether countries stand under another label of the address, as a program would write that follows the hidden names."""
    named = next((column for column in columns if column.name == "prs_MailingCountry"), None)
    if named is None or named.field in ("", "prs_MailingCountry"):
        return []
    texts = _texts(named, rows)
    if texts and all(pack.countries.find(text) for text in texts):
        return [Notice("address_content", {"label": named.title}, named.sheet, named.letters)]
    return []
