"""What an answer can't be, whoever writes it: a form and an import tell the same. Only what is certain stands in the fields' bounds."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as holding
from datetime import date
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amanat.packs.fields import DAYS, NUMBERS, Field

OLDEST: Final = "1900-01-01"
"""Before it no day of a file lies: the year is a slip."""

_LOOK_AT_NUMBER: Final = _("Look whether the number is right.")

SENTENCES: Final[dict[str, tuple[Promise, Promise]]] = {
    "future": (_("This day has not come yet."), _("Look whether day, month and year are right.")),
    "long_ago": (_("This is too long ago."), _("Look whether the year is right.")),
    "before": (_("This day is before “%(other)s” (%(day)s)."), _("Look which of the two days is right.")),
    "not_whole": (_("This is not a whole number."), _("Write it without a fraction, like 3.")),
    "too_little": (_("This is less than %(least)s."), _LOOK_AT_NUMBER),
    "too_much": (_("This is more than %(most)s."), _LOOK_AT_NUMBER),
}
"""By code: why an answer can't be, and how to mend it."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What an answer breaks: the code of its sentences, and what they name."""

    code: str
    given: dict[str, Any] = holding(default_factory=dict)

    @property
    def sentences(self) -> str:
        """Why, and how to mend it, in the language of the page."""
        return " ".join(str(sentence) % self.given for sentence in SENTENCES[self.code])


def slip_in(field: Field, answer: Any, today: date) -> Slip | None:
    """What an answer to this field breaks by itself; None for nothing."""
    if field.type in DAYS:
        return _of_day(field, answer, today)
    return _of_number(field, answer) if field.type in NUMBERS else None


def _of_day(field: Field, day: str, today: date) -> Slip | None:
    """Of a birth sometimes only the year is known."""
    if field.past and day > today.isoformat():
        return Slip("future")
    return Slip("long_ago") if is_before(day, OLDEST) else None


def _of_number(field: Field, number: float) -> Slip | None:
    if field.whole and number % 1:
        return Slip("not_whole")
    if field.least is not None and number < field.least:
        return Slip("too_little", {"least": field.least})
    if field.most is not None and number > field.most:
        return Slip("too_much", {"most": field.most})
    return None


def is_before(day: str, other: str) -> bool:
    """Whether a day is certainly before another one, also where of one of them only the year is known."""
    known = min(len(day), len(other))
    return day[:known] < other[:known]
