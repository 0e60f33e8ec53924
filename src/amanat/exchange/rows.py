"""A file of others as sheets and rows of values: the shapes that reading it gives. What a value means stands in `cells`."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Final, NamedTuple, Self

from amanat.exchange.limits import MOST_COLUMNS


class CellError(str):
    """What a spreadsheet shows where a value is missing: `#N/A`. Empty where a formula stands without its result."""

    __slots__ = ()


Value = str | int | float | bool | date | datetime | time | CellError


class Sheet(NamedTuple):
    """One sheet of a file. A CSV file has one, without a name."""

    number: int
    name: str


class Row(NamedTuple):
    """The cells of a row in which something stands, by column letter. `number`: as the spreadsheet counts, from 1."""

    number: int
    cells: dict[str, Value]
    hidden: bool = False

    @property
    def length(self) -> int:
        """How many letters its texts have."""
        return sum(len(value) for value in self.cells.values() if isinstance(value, str))

    @classmethod
    def of_texts(cls, number: int, texts: list[str]) -> Self:
        """Give the row of a file that holds only text."""
        return cls(number, {LETTERS[at]: text for at, text in enumerate(texts) if text})


def _letters(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


LETTERS: Final = tuple(_letters(number) for number in range(1, MOST_COLUMNS + 1))
"""The letters of the columns that a file may have, in order."""

PLACES: Final = {letters: place for place, letters in enumerate(LETTERS)}
