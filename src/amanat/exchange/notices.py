"""What a person is told about a file that was read: where it is odd, and what was decided. Plain data, said in any language."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to know. `code` is one of `SENTENCES`; `given` fills its places and is JSON."""

    code: str
    given: dict[str, Any] = field(default_factory=dict)
    sheet: str = ""
    column: str = ""

    @property
    def is_quiet(self) -> bool:
        """Whether it changes nothing for the person: it was read as anybody would have it."""
        return self.code in QUIET

    @property
    def sentence(self) -> str:
        """What was found and what was done about it."""
        return str(SENTENCES[self.code]) % self.given

    def as_data(self) -> dict[str, Any]:
        """Give it as JSON."""
        return {"code": self.code, "given": self.given, "sheet": self.sheet, "column": self.column}


def joined(notices: Iterable[Notice]) -> list[Notice]:
    """Notices that differ by nothing but the column, as one with the list of columns."""
    alike: dict[tuple[str, str], list[Notice]] = {}
    for notice in notices:
        rest = {name: value for name, value in notice.given.items() if name != "label"}
        alike.setdefault((notice.code, repr(rest)), []).append(notice)
    return [_joined(some) for some in alike.values()]


def _joined(some: list[Notice]) -> Notice:
    first = some[0]
    if "label" not in first.given:
        return first
    labels = dict.fromkeys(str(notice.given["label"]) for notice in some)
    return replace(first, given=first.given | {"label": "; ".join(labels)})


SENTENCES: Final[dict[str, Promise]] = {
    "encoding": _(
        "The file does not say how its letters are written. They were read as %(encoding)s. Look whether names are right."
    ),
    "hidden_rows": _("Hidden rows of the sheet “%(sheet)s” are read too (%(count)s)."),
    "merged": _(
        "The sheet “%(sheet)s” has merged cells (%(first)s). The value stands in the first cell; the others are empty."
    ),
    "macros": _("The workbook holds macros. They were not run."),
    "other_sheets": _("Only the sheet “%(sheet)s” is read. Not read: %(others)s."),
    "address_order": _(
        "The hidden names (row 1) of the address columns disagree with their labels. The labels are followed: people see them."
    ),
    "address_content": _(
        "But “%(label)s” seems to hold countries. If a program filled it, choose the fields of the address by hand."
    ),
    "label_decides": _("The column “%(label)s” is named %(name)s in the hidden row. The label is followed."),
    "name_decides": _("The column “%(name)s” is labelled “%(label)s”, as another column is too. The name is followed."),
    "empty_name": _("The column “%(label)s” has no name in the hidden row. It was known by its label."),
    "misspelt": _("“%(name)s” is a spelling of %(field)s."),
    "near": _("“%(name)s” was taken for %(field)s, which is spelt almost so. Check it."),
    "twice": _(
        "“%(label)s” looks like the field that “%(first)s” is already. It is kept as “also in the source”. Choose which is right."
    ),
    "ambiguous": _("“%(label)s” could be several fields: %(fields)s. Choose one, or leave it as also in the source."),
    "no_header": _("The column %(column)s has no name. It is kept as also in the source."),
    "no_names": _(
        "No column has a name that is known here. So the first row is read like all others, for it may be a child. "
        "If it does name the columns, write “First Name” over one of them and send the file again."
    ),
    "full_name": _(
        "Whole names stand in “%(label)s”. “%(example)s” is read so: given name “%(given)s”, family name “%(family)s”, "
        "patronymic “%(patronymic)s”."
    ),
    "month_first": _("Dates in “%(label)s” stand month first (like %(example)s) and are read so."),
    "mixed_dates": _(
        "Some dates in “%(label)s” stand month first and some day first. They are read day first; check them."
    ),
    "several_answers": _(  # the program has I, U, W, X, Y, Z; the README H, R, T, U, V, W, Y
        "Cells of “%(label)s” hold several answers, but this field takes one. Each such cell stands among the wrong cells. "
        "Which columns take several answers is as in the workbook itself; its README names other ones."
    ),
    "spaced_lists": _(
        "Answers in “%(label)s” are parted by spaces, as survey tools write them. They are read as several."
    ),
    "labels_read": _(
        "Answers in “%(label)s” are written as words, not as codes. They are read as the codes that they stand for."
    ),
}

QUIET: Final = frozenset(
    {"empty_name", "label_decides", "labels_read", "macros", "misspelt", "name_decides", "no_header", "spaced_lists"}
)
