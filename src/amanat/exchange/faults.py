"""Cells that could not be read as what their column is: where, what stood there, why not, and how to mend it."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from amanat import packs
from amanat.packs import bounds
from amanat.packs.records import parted

_LISTED: Final = 30


@dataclass(frozen=True, slots=True)
class CellFault:
    """One cell. Plain data; `why` and `mend` are sentences in the language of whoever reads them.

    `column`: its letters; `header`: what stands over it; `field`: what it was to be; `read`: the text that stood there.
    """

    sheet: str
    row: int
    column: str
    header: str
    field: str
    read: str
    code: str
    given: dict[str, Any] = dataclasses.field(default_factory=dict)

    @property
    def why(self) -> str:
        """Why it could not be read."""
        return str(FAULTS[self.code][0]) % self.given

    @property
    def mend(self) -> str:
        """What to write there instead."""
        return str(FAULTS[self.code][1]) % self.given

    @property
    def answers(self) -> list[str]:
        """The answers that the field takes, as this language calls them, where something else stood there; too many are none."""
        if self.code not in ("no_answer", "like_answer"):
            return []
        pack = packs.current()
        offered = pack.codes(pack.field(parted(self.field)[0]).codes).choices()
        return [label for _code, label in offered] if len(offered) <= _LISTED else []

    def as_data(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {name: getattr(self, name) for name in self.__slots__}


_WRITE_DAY: Final = _("Write day, month and year, like 05.04.2012 or 2012-04-05.")

FAULTS: Final[dict[str, tuple[Promise, Promise]]] = bounds.SENTENCES | {
    "no_day": (_("This is not a date."), _WRITE_DAY),
    "no_such_day": (_("There is no such day."), _WRITE_DAY),
    "month_first": (
        _("The second number would be the month, and there are only twelve."),
        _("If all dates of this column stand month first, say so for the column. Else write it like 05.04.2012."),
    ),
    "only_a_year": (_("This is only a year, and the field takes a day."), _WRITE_DAY),
    "no_answer": (
        _("“%(part)s” is not one of the answers that this field takes."),
        _("Write one of the answers, by its name or code."),
    ),
    "like_answer": (
        _("“%(part)s” is not one of the answers that this field takes."),
        _("Did you mean “%(like)s”? Write it so."),
    ),
    "several": (
        _("The field takes one answer, and these are several."),
        _(
            "Write the one that matters most; the others can be told in a note. (The official workbooks differ on this.)"
        ),
    ),
    "no_country": (_("“%(part)s” is not a country that is known here."), _("Write its name or its code, like TM.")),
    "no_language": (_("“%(part)s” is not a language that is known here."), _("Write its name or its code, like tuk.")),
    "no_number": (_("This is not a number."), _("Write digits only, like 3.")),
    "no_place": (_("This is no number of degrees."), _("Write degrees with a decimal point, like 37.95.")),
    "no_yes": (_("This is neither yes nor no."), _("Write yes or no.")),
    "error": (_("The spreadsheet shows an error here (%(error)s)."), _("Mend the formula, or write the value itself.")),
    "no_result": (
        _("A formula stands here without its result."),
        _("Open the file in a spreadsheet program and save it there, or write the value itself."),
    ),
    "cut_number": (
        _("The spreadsheet keeps no more than 15 digits of a number, so its end is lost."),
        _("Format the column as text and write the number again."),
    ),
    "too_long": (_("This text is longer than %(limit)s letters."), _("Shorten it.")),
}
