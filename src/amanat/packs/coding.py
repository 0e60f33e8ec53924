"""Values as programs write them: by code, the same in whatever language the page is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from amanat.packs.fields import Field
from amanat.packs.pack import Pack

Cell = str | int | float | bool | date | None
Writing = Callable[[Any], Cell]

_LIST: Final = "; "


def coded(field: Field, pack: Pack) -> Writing:
    """How programs write a field: by code."""
    match field.type:
        case "choice" | "choices":
            codes = pack.codes(field.codes)
            return one_or_several(lambda code: (codes[code].htcds or code) if code in codes else code)
        case "countries":
            return one_or_several(str)
        case "language":
            return one_or_several(pack.languages.official)
    return lambda value: value


def one_or_several(write: Callable[[str], str]) -> Writing:
    """How a code, or a list of codes, is written by how one is."""

    def written(value: Any) -> Cell:
        if not value:
            return None
        return _LIST.join(map(write, value)) if isinstance(value, list) else write(value)

    return written


def as_text(value: Cell, decimal: str = ".") -> str:
    """A cell where there is only text. `decimal`: what stands before decimals."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f").replace(".", decimal)  # never 1e-05, which few read
    return "" if value is None else str(value)
