"""Finding a child among the files that a worker sees, by part of what they see of it. *Is this child known?* is another question.

Identities and contacts are opened in memory, each where its file shows it to this actor, up to `access.leafing.UP_TO` files.
Whoever may know of more narrows them down first; a whole phone, document number or code name is found among any number.
"""

from __future__ import annotations

import heapq
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from amanat import names, packs
from amanat.access.actor import Actor
from amanat.access.files import File
from amanat.access.leafing import Leaf, Leafing, TooMany, in_the_database
from amanat.access.policy import Part
from amanat.cases.folded import UNKNOWN, Kept, fold_contacts, fold_identity, shelf
from amanat.cases.meeting import NOTHING, By, Met, Question
from amanat.cases.models import Case, FormerValue, Stage
from amanat.cases.queries import knows_circle, managers_of
from amanat.cases.shown import Line, child_of, name_of, opened
from amanat.vault import index
from amanat.web.paging import PAGE_SIZE

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

SHOWN = PAGE_SIZE
MOST_WORDS = 3  # of a code name: two and a number
PARTS = (Part.IDENTITY, Part.CONTACTS)
BY_LABELS = {
    By.NAME: _("name"),
    By.CALLED: _("the name the child goes by"),
    By.CODE_NAME: _("code name"),
    By.PHONE: _("phone"),
    By.DOCUMENT: _("document"),
    By.FORMER_NAME: _("former name"),
}
PART_OF = {
    By.NAME: Part.IDENTITY,
    By.CALLED: Part.CONTACTS,
    By.PHONE: Part.CONTACTS,
    By.DOCUMENT: Part.IDENTITY,
    By.FORMER_NAME: Part.IDENTITY,
}
COLUMNS = ("child__code_name", "child__identity_version", "child__contacts_version", "stage")


@dataclass(frozen=True)
class Asked:
    """What somebody looks for: the words, and by what the files are narrowed down. `opened` is a month, "2026-11"."""

    text: str = ""
    stage: str = ""
    risk: str = ""
    opened: str = ""

    @classmethod
    def of(cls, kept: Mapping[str, Any]) -> Asked:
        return cls(**{one.name: str(kept.get(one.name) or "") for one in fields(cls)})

    @property
    def is_narrowed(self) -> bool:
        return bool(self.stage or self.risk or self.opened)

    def rows(self) -> QuerySet[Case]:
        """The cases that fit, of children whose keys are there; not yet those of an actor."""
        rows = Case.objects.filter(subject__erased_at=None)
        if self.stage:
            rows = rows.filter(stage=self.stage)
        if self.risk:
            rows = rows.filter(risk=self.risk)
        if self.opened:
            rows = rows.filter(opened_in=date.fromisoformat(f"{self.opened}-01"))
        return rows

    def exact_rows(self) -> QuerySet[Case]:
        """Those that the keyed index gives for a whole phone or document number, and those of a whole code name."""
        numbers = [("phone", names.phone_digits(self.text)), ("document", names.document_key(self.text))]
        posted = index.subjects_with([feature for feature in numbers if feature[1]])
        return self.rows().filter(Q(subject__in=posted) | Q(child__code_name__in=_whole_code_names(self.text)))


def _whole_code_names(text: str) -> list[str]:
    """The code names that somebody may have typed, as they are spelt: each word may stand in any script."""
    words, spelt = text.split(), _spelt(packs.current().code_names)
    if not 0 < len(words) <= MOST_WORDS:
        return []
    ways = [dict.fromkeys([word.title(), *spelt.get(names.fold(word), ())]) for word in words]
    return [" ".join(way) for way in product(*ways)]


@lru_cache(maxsize=1)
def _spelt(words: packs.CodeNames) -> Mapping[str, Sequence[str]]:
    """By its fold: how each word of a pack's code names is spelt."""
    found: dict[str, list[str]] = defaultdict(list)
    for word in (*words.first, *words.second):
        found[names.fold(word)].append(word.title())
    return dict(found)


@dataclass(frozen=True)
class FoundLine:
    """A case in the list, and by what it was met."""

    line: Line
    by: tuple[By, ...]

    @property
    def why(self) -> list[StrOrPromise]:
        return [BY_LABELS[by] for by in self.by]


@dataclass(frozen=True)
class Found:
    """The best lines first. `count`: how many met; `among`: how many files were looked through.

    `too_many`: there are more than can be; then only whole numbers and code names were looked for.
    """

    lines: list[FoundLine] = field(default_factory=list)
    count: int = 0
    among: int = 0
    too_many: bool = False


def find(actor: Actor, asked: Asked) -> Found:
    """What meets the question among the files that the actor may know of, by what they see of each."""
    question, too_many = Question(asked.text), False
    try:
        leafing = Leafing(actor, asked.rows(), PARTS, COLUMNS)
    except TooMany:
        too_many = True
        try:
            leafing = Leafing(actor, asked.exact_rows(), PARTS, COLUMNS)
        except TooMany:
            return Found(too_many=True)
    if not question:
        return Found(among=len(leafing), too_many=too_many)
    met = _meeting(question, leafing)
    return Found(_lines(leafing, _best(met)), len(met), len(leafing), too_many)


def _meeting(question: Question, leafing: Leafing[Case]) -> list[tuple[Met, Leaf]]:
    """Each leaf that is met, and how. What was not kept is opened, each part through its file."""
    held, late = shelf.held(), []
    found: list[tuple[Met, Leaf]] = []
    for leaf in leafing:
        kept = held.get(leaf.subject, UNKNOWN)
        if not _is_kept(leaf, kept):
            late.append(leaf)
        elif met := _met(question, leaf, kept):
            found.append((met, leaf))
    fresh = _opened(leafing, late, held) if late else {}
    shelf.put(fresh)
    found += [(met, leaf) for leaf in late if (met := _met(question, leaf, fresh.get(leaf.subject, UNKNOWN)))]
    return found


def _met(question: Question, leaf: Leaf, kept: Kept) -> Met | None:
    """By what the actor sees of this file, whatever else was kept of the child."""
    identity = kept.identity if Part.IDENTITY in leaf.sees else None
    contacts = kept.contacts if Part.CONTACTS in leaf.sees else None
    return question.meets(leaf.columns[0], identity or NOTHING, contacts or NOTHING)


def _is_kept(leaf: Leaf, kept: Kept) -> bool:
    """Whether what the actor sees of a file was opened already, and not corrected since."""
    _code_name, identity, contacts, _stage = leaf.columns
    return (Part.IDENTITY not in leaf.sees or (kept.identity_version == identity and kept.identity is not None)) and (
        Part.CONTACTS not in leaf.sees or (kept.contacts_version == contacts and kept.contacts is not None)
    )


def _opened(leafing: Leafing[Case], leaves: Iterable[Leaf], held: Mapping[str, Kept]) -> dict[str, Kept]:
    """By subject: what is opened now, with what was kept of it before."""
    rows = Case.objects.filter(pk__in=[leaf.pk for leaf in leaves]).select_related("subject", "child")
    files = [leafing.file(case) for case in rows.defer("child__safety")]
    fresh, former = dict[str, Kept](), _former(files)
    for file in files:
        subject = in_the_database(file.row.subject_id)
        kept = fresh.get(subject) or held.get(subject, UNKNOWN)
        fresh[subject] = _fold(file, kept, former.get(file.row.subject_id, ()))
    return fresh


def _former(files: Iterable[File]) -> Mapping[uuid.UUID, Sequence[FormerValue]]:
    """By subject: the identity before each correction, of children that were corrected and show who they are."""
    corrected = [
        file.row.subject_id for file in files if child_of(file).identity_version > 1 and file.sees(Part.IDENTITY)
    ]
    found: dict[uuid.UUID, list[FormerValue]] = defaultdict(list)
    if corrected:
        for row in FormerValue.objects.filter(subject__in=corrected, part=Part.IDENTITY, sheet=None):
            found[row.subject_id].append(row)
    return found


def _fold(file: File, kept: Kept, former: Iterable[FormerValue]) -> Kept:
    """What was kept of a child, with the parts that this file opens in place of older ones."""
    child = child_of(file)
    if file.sees(Part.IDENTITY):
        folded = fold_identity(opened(file, Part.IDENTITY), [_before(file, row) for row in former])
        kept = kept._replace(identity_version=child.identity_version, identity=folded)
    if file.sees(Part.CONTACTS):
        folded = fold_contacts(opened(file, Part.CONTACTS))
        kept = kept._replace(contacts_version=child.contacts_version, contacts=folded)
    return kept


def _before(file: File, row: FormerValue) -> Mapping[str, Any]:
    row.subject = file.row.subject  # opening asks the database nothing
    return file.open(row, "value") or {}


def _best(met: list[tuple[Met, Leaf]]) -> list[tuple[Met, Leaf]]:
    """The best first; among equals open cases before closed ones, then by code name."""
    return heapq.nsmallest(
        SHOWN, met, key=lambda one: (one[0], one[1].columns[3] == Stage.CLOSED, one[1].columns[0], one[1].pk)
    )


def _lines(leafing: Leafing[Case], best: list[tuple[Met, Leaf]]) -> list[FoundLine]:
    if not best:
        return []
    chosen = Case.objects.filter(pk__in=[leaf.pk for _met, leaf in best])
    rows = chosen.select_related("subject", "child", "agency").defer("child__safety")
    cases = {in_the_database(case.pk): case for case in rows}
    managers = managers_of(leafing.actor, [case.subject_id for case in cases.values()])
    lines = []
    for met, leaf in best:
        file = leafing.file(cases[leaf.pk])
        manager = managers.get(file.row.subject_id, "") if knows_circle(file) else ""
        lines.append(FoundLine(Line(file, name_of(file), manager), met.by))
        file.looked |= {PART_OF[by] for by in met.by if by in PART_OF}  # by what it was met is told as well
    return lines
