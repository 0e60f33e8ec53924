"""Fields of a plan in the reader's words, and what is another between two texts of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from amanat.cases.shown import Text as Words
from amanat.cases.shown import label, spoken
from amanat.plans import differences, evidence, texts
from amanat.plans.models import RowKind
from amanat.plans.texts import Row, Text
from amanat.web.formats import written

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


def day_of(row: Row, name: str) -> date | None:
    return date.fromisoformat(row.get(name)) if row.get(name) else None


def said(name: str, value: str) -> Words:
    """The value of a field in the reader's words."""
    if name in texts.CODES and value:
        return Words(label(texts.CODES[name], value))
    if name in texts.DAYS and value:
        return Words(written(date.fromisoformat(value), "SHORT_DATE_FORMAT"))
    if name == "evidence" and value:
        return Words(evidence.said(value))
    return spoken(value)


@dataclass(frozen=True)
class ChangeShown:
    """A row that is another in two versions, in words."""

    change: differences.Change
    domain: str

    @property
    def kind(self) -> str:
        return str(RowKind(self.change.row.kind).label)

    @property
    def title(self) -> Words:
        row = self.change.row
        return spoken(row.get("words")) if row.get("words") else Words(str(self.kind))

    @property
    def fields(self) -> list[tuple[StrOrPromise, list[tuple[str, str]]]]:
        told = []
        for one in self.change.fields:
            before, after = said(one.name, one.before).text, said(one.name, one.after).text
            whole = (
                one.name in texts.CODES or one.name in texts.DAYS
            )  # a code or a day is another one, not another word of it
            pieces = differences.replaced(before, after) if whole else differences.pieces(before, after)
            told.append((texts.LABELS.get(one.name, one.name), pieces))
        return told


def compared(before: Text, after: Text) -> list[ChangeShown]:
    both = {**before, **after}
    return [
        ChangeShown(change, label("plan_domain", texts.domain_of(both, change.row)))
        for change in differences.between(before, after)
    ]
