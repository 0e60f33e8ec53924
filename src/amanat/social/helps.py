"""Help that a child got and what was spent for it, as one actor may read it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet

from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.cases import persons
from amanat.cases.shown import Text, label, spoken
from amanat.social import budgets
from amanat.social.currencies import shown
from amanat.social.models import Help, Spending, SpentAs
from amanat.social.money import Money, totals
from amanat.web.paging import Page, keyset_page

ORDER: Final = ["-at", "-id"]
KINDS, DOCUMENTS, RESULTS = "help_kind", "document_kind", "help_result"
MOST: Final = 1000  # entries of a child that are added up


@dataclass(frozen=True)
class TakenBack:
    row: Help
    why: Text

    @property
    def by(self) -> str:
        return self.row.author.user.display_name


@dataclass(frozen=True)
class Given:
    """Help with what it says. `words`: None where what was seen on a home visit is closed to the reader; `suspect_met`: whether somebody
    was met who was a suspect then, or is one by now; for whoever sees safety. `back`: what takes it back, where it was wrong."""

    row: Help
    held: dict[str, Any]
    met: list[Text | None]
    words: Text | None
    suspect_met: bool
    back: TakenBack | None = None

    @property
    def by(self) -> str:
        return self.row.author.user.display_name

    @property
    def on(self) -> date:
        return date.fromisoformat(self.held["on"])

    @property
    def kind(self) -> str:
        return label(KINDS, self.held.get("kind", ""))

    @property
    def document(self) -> str:
        return label(DOCUMENTS, self.held.get("document", ""))

    @property
    def result(self) -> str:
        return label(RESULTS, self.held.get("result", ""))

    @property
    def result_badge(self) -> str:
        return {"done": "success", "under_way": "accent"}.get(self.held.get("result", ""), "")

    @property
    def what(self) -> Text:
        return spoken(str(self.held.get("what", "")))

    @property
    def then(self) -> Text:
        return spoken(str(self.held.get("then", "")))


@dataclass(frozen=True)
class Spent:
    """Money or goods with what it says. `line`: the budget line, for whoever sees budgets of the agency that keeps it; `suspect`: the
    suspect who may have got it, for whoever sees safety."""

    row: Spending
    held: dict[str, Any]
    line: str = ""
    back: Spent | None = None
    suspect: str = ""

    @property
    def by(self) -> str:
        return self.row.author.user.display_name

    @property
    def on(self) -> date:
        return date.fromisoformat(self.held["on"])

    @property
    def money(self) -> Money:
        return Money(Decimal(self.held["amount"]), self.held["currency"])

    @property
    def amount(self) -> str:
        return shown(self.money)

    @property
    def number(self) -> str:
        """By which a receipt on paper leads to this entry, and to no child."""
        return self.row.pk.hex[:8].upper()

    @property
    def form(self) -> str:
        return str(SpentAs(self.held["form"]).label)

    @property
    def what(self) -> Text:
        return spoken(str(self.held.get("what", "")))

    @property
    def why(self) -> Text:
        return spoken(str(self.held.get("why", "")))


def helps_of(
    file: File, cursor: str, *, size: int = 25, beside: Mapping[str, Any] | None = None, standing: bool = False
) -> tuple[Page[Help], list[Given]]:
    """A page of help, the newest first. `beside`: what the query asks along with each row; `standing`: without what was taken back."""
    rows = Help.objects.filter(subject=file.row.subject_id, takes_back=None).annotate(**(beside or {}))
    rows = rows.select_related("author__user", "taken_back__author__user")
    rows = rows.filter(taken_back=None) if standing else rows
    page = keyset_page(rows, order=ORDER, cursor=cursor, size=size, counted=False)
    named: dict[str, persons.Around] | None = None
    found = []
    for row in page.rows:
        row.subject = file.row.subject
        held = file.open(row, "content") or {}
        if named is None and (held.get("met") or held.get("where")):
            named = persons.by_ref(file)
        met = [spoken(named[ref].called) if named and ref in named else None for ref in held.get("met", [])]
        suspect_met = file.sees(Part.SAFETY) and (bool(held.get("suspect_met")) or _is_suspect_among(held, named))
        found.append(Given(row, held, met, _words(file, row), suspect_met, _back(file, row)))
    return page, found


def _back(file: File, row: Help) -> TakenBack | None:
    back: Help | None = getattr(row, "taken_back", None)
    if back is None:
        return None
    back.subject = file.row.subject
    return TakenBack(back, spoken(str((file.open(back, "content") or {}).get("why", ""))))


def help_of(file: File, ref: uuid.UUID) -> Help | None:
    """One that stands; None where there is none, or it was taken back."""
    return Help.objects.filter(subject=file.row.subject_id, pk=ref, takes_back=None, taken_back=None).first()


def told_of(file: File, row: Help) -> tuple[str, Text]:
    """Its kind, and what was done."""
    row.subject = file.row.subject
    held = file.open(row, "content") or {}
    return label(KINDS, held.get("kind", "")), spoken(str(held.get("what", "")))


def _is_suspect_among(held: dict[str, Any], named: dict[str, persons.Around] | None) -> bool:
    """Whether one of those who were met, or with whom it was, is a suspect by now."""
    known = named or {}
    met = [known[ref] for ref in held.get("met", []) if ref in known]
    return any(one.is_suspect for one in met) or bool(suspect_called(held.get("where", ""), known.values()))


def _words(file: File, row: Help) -> Text | None:
    if not row.words:
        return Text("")
    return spoken(file.open(row, "words") or "") if file.sees(Part.NARRATIVE) else None


def _spendings(file: File) -> QuerySet[Spending]:
    return Spending.objects.filter(subject=file.row.subject_id).select_related("author__user", "author__agency")


def spendings_of(file: File, cursor: str, *, size: int = 25) -> tuple[Page[Spending], list[Spent]]:
    """A page of what was spent, each with what takes it back, and with its budget line where that is the reader's agency's."""
    rows = _spendings(file).filter(takes_back=None)
    page = keyset_page(rows, order=ORDER, cursor=cursor, size=size, counted=False)
    backs = {back.takes_back_id: back for back in _spendings(file).filter(takes_back__in=[row.pk for row in page.rows])}
    told = [(row, _open(file, row)) for row in page.rows]
    lines = _lines(file, (held["budget"] for _row, held in told))
    known = persons.around(file) if file.sees(Part.SAFETY) else []
    found = []
    for row, held in told:
        back = backs.get(row.pk)
        taken_back = Spent(back, _open(file, back)) if back else None
        found.append(
            Spent(row, held, lines.get(held["budget"], ""), taken_back, suspect_called(held.get("to", ""), known))
        )
    return page, found


def suspect_called(name: str, known: Iterable[persons.Around]) -> str:
    """The name of a suspect on the list who may be this person; empty where none is."""
    like = persons.suspect_like(name, known) if name else None
    return like.name.text if like else ""


def spending_of(file: File, ref: uuid.UUID) -> Spent | None:
    """One that stands; None where there is none, or it was taken back."""
    row = _spendings(file).filter(pk=ref, takes_back=None, taken_back=None).first()
    if row is None:
        return None
    held = _open(file, row)
    return Spent(row, held, _lines(file, [held["budget"]]).get(held["budget"], ""))


def total_of(file: File) -> list[Money]:
    """All that was spent for the child and not taken back, by currency; one query."""
    rows = Spending.objects.filter(subject=file.row.subject_id, takes_back=None, taken_back=None)
    return totals(Spent(row, _open(file, row)).money for row in rows.order_by(*ORDER)[:MOST])


def _open(file: File, row: Spending) -> dict[str, Any]:
    row.subject = file.row.subject
    held: dict[str, Any] = file.open(row, "content")
    return held


def _lines(file: File, refs: Iterable[str]) -> dict[str, str]:
    """What the budget lines are called, of those of the actor's agency; nothing for who does not see budgets."""
    wanted = {uuid.UUID(ref) for ref in refs}
    if not wanted or not file.actor.may(Verb.LOOK_BUDGET):
        return {}
    rows = budgets.budgets_of(file.actor).filter(pk__in=wanted)
    return {line.row.pk.hex: line.called for line in budgets.lines(file.actor, list(rows))}
