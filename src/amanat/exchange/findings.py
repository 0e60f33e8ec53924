"""What an import's pages show of it: counts, and 25 rows or cells at a time out of the batches, of which only those are opened."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_files, visible_to
from amanat.access.policy import Part, Verb
from amanat.cases.brought_rows import lay
from amanat.cases.htcds import apart
from amanat.cases.identity import called
from amanat.cases.laid import Laid
from amanat.cases.models import Case
from amanat.cases.shown import Text, child_of, name_of, opened, spoken
from amanat.exchange import keeping
from amanat.exchange.faults import CellFault
from amanat.exchange.lines import FRESH, KNOWN, REASONS, Became, Line, denies_consent
from amanat.exchange.models import Batch, Import, ImportedRow
from amanat.web.paging import PAGE_SIZE

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

COUNTS = ("fresh", "right", "known", "again", "empty", "wrong", "denied", "taken", "into", "aside")
# What lists of rows there are: by the count of a batch that says how many of them it has.
SHOWN: dict[str, StrOrPromise] = {
    "known": _("May be known"),
    "fresh": _("New"),
    "again": _("Brought before"),
    "empty": _("Name nobody"),
}
# And what lists of what became of rows.
BECAME: dict[str, StrOrPromise] = {
    "taken": _("Taken in"),
    "into": _("Put into a file that was there"),
    "aside": _("Set aside"),
}


@dataclass(frozen=True)
class Beside:
    """A file beside a row: what agrees, and what its reader sees of the child to judge by."""

    file: File
    reasons: list[StrOrPromise] = field(default_factory=list)
    name: Text | None = None
    born: str = ""

    @property
    def may_put_in(self) -> bool:
        return self.file.may(Verb.CASE_PUT_IN)


@dataclass(frozen=True)
class Found:
    """A row on a page. `place`: where it stands in the file, from 0, which is how it is ticked. `tells`: birth date and phones."""

    place: int
    line: Line
    name: Text
    tells: list[str]
    files: list[Beside] = field(default_factory=list)
    became: Became = field(default_factory=lambda: Became())

    @property
    def aside(self) -> str:
        """Why the row was set aside, in the reader's language."""
        return gettext(self.became["aside"]) if self.became.get("aside") else ""

    @property
    def has_more(self) -> bool:
        """Whether anything was found besides the row itself."""
        told = self.files or self.line["wrong"] or "twin" in self.line or self.line.get("by_agency")
        return bool(told or self.denies_consent)

    @property
    def is_undecided(self) -> bool:
        return not self.became and self.line["kind"] in (FRESH, KNOWN)

    @property
    def denies_consent(self) -> bool:
        return denies_consent(self.line["values"])


@dataclass(frozen=True)
class Slice:
    """25 of a list, and the way to the others; as `web/pages.html` wants it."""

    rows: list[Any]
    count: int
    previous_cursor: str
    next_cursor: str


def counts(held: Import) -> dict[str, int]:
    """Of the whole import, by `COUNTS`, in one query. A row of which something became counts as that only."""
    sums = Batch.objects.filter(held=held).aggregate(**{f"all_{name}": Sum(name) for name in COUNTS})
    return {name: sums[f"all_{name}"] or 0 for name in COUNTS}


def kinds(found: dict[str, int]) -> list[tuple[str, StrOrPromise, int]]:
    """The lists of rows that there are, with their sizes; the empty ones are left out."""
    return [(kind, SHOWN[kind], found[kind]) for kind in SHOWN if found[kind]]


def became(found: dict[str, int]) -> list[tuple[str, StrOrPromise, int]]:
    """The same of what became of rows."""
    return [(what, BECAME[what], found[what]) for what in BECAME if found[what]]


def rows_of(held: Import, kind: str, cursor: str, actor: Actor) -> Slice:
    """25 rows of a kind, with the files that they may be about as far as the actor may know of them now."""

    def of_kind(batch: Batch) -> Iterator[Found]:
        outcome = keeping.opened(held, "outcome", actor, batch) or {}
        for at, line in enumerate(keeping.opened(held, "content", actor, batch)):
            if line["kind"] == kind and str(at) not in outcome:
                yield _found(batch.first + at, line)

    found = _slice(held, kind, cursor, of_kind)
    made = _made_since(found.rows)
    files = _files(found.rows, actor, {subject for _who, subject in made})
    found.rows[:] = [_beside(row, files, made) for row in found.rows]
    return found


def row_at(held: Import, place: int, actor: Actor) -> Found:
    """The row at a place of the file, from 0, and what became of it.

    Raises:
        Hidden: there is none.
    """
    batch = keeping.batch_at(held, place)
    at = place - batch.first
    outcome = keeping.opened(held, "outcome", actor, batch) or {}
    return _found(place, keeping.opened(held, "content", actor, batch)[at], outcome.get(str(at)))


def laid_beside(file: File, held: Import, row: Found) -> Laid:
    """A row beside a file, as it would be put in now."""
    sheets, headers = child_of(file).sheets.all(), keeping.headers_of(held, file.actor)
    return lay(file, sheets, row.line["values"], row.line["also"], headers)


def outcomes_of(held: Import, what: str, cursor: str, actor: Actor) -> Slice:
    """25 rows that made a file ("taken"), were put into one that was there ("into"), or were set aside ("aside")."""

    def of_outcome(batch: Batch) -> Iterator[Found]:
        outcome: dict[str, Became] = keeping.opened(held, "outcome", actor, batch) or {}
        content: list[Line] = keeping.opened(held, "content", actor, batch)
        for at in sorted(map(int, outcome)):
            if _kind_of(outcome[str(at)]) == what:
                yield _found(batch.first + at, content[at], outcome[str(at)])

    found = _slice(held, what, cursor, of_outcome)
    files = _files(found.rows, actor)
    found.rows[:] = [_with_case(row, files) for row in found.rows]
    return found


def _kind_of(became: Became) -> str:
    made = "into" if became.get("into") else "taken"
    return made if "case" in became else "aside"


def wrong_cells(held: Import, cursor: str, actor: Actor) -> Slice:
    return _slice(held, "wrong", cursor, lambda batch: _wrong_in(held, batch, actor))


def every_wrong_cell(held: Import, actor: Actor) -> Iterator[CellFault]:
    """All of them in order, a batch at a time."""
    for batch in keeping.batches_of(held).filter(wrong__gt=0).iterator(chunk_size=1):
        yield from _wrong_in(held, batch, actor)


def _wrong_in(held: Import, batch: Batch, actor: Actor) -> Iterator[CellFault]:
    for line in keeping.opened(held, "content", actor, batch):
        yield from (CellFault(**cell) for cell in line["wrong"])


def _slice(held: Import, count: str, cursor: str, within: Callable[[Batch], Iterator[Any]]) -> Slice:
    """The page that begins at the n-th of a list; only batches in which something of the page stands are fetched whole."""
    start = int(cursor) if cursor.isdecimal() and len(cursor) < 10 else 0
    rows = keeping.batches_of(held).filter(**{f"{count}__gt": 0})
    wanted, before, total = [], None, 0
    for pk, held_here in rows.values_list("pk", count):
        if total < start + PAGE_SIZE and total + held_here > start:
            before = total if before is None else before
            wanted.append(pk)
        total += held_here
    found = [one for batch in rows.filter(pk__in=wanted) for one in within(batch)] if wanted else []
    found = found[start - (before or 0) :][:PAGE_SIZE]
    return Slice(
        found,
        total,
        str(max(0, start - PAGE_SIZE)) if start else "",
        str(start + PAGE_SIZE) if start + PAGE_SIZE < total else "",
    )


def _found(place: int, line: Line, became: Became | None = None) -> Found:
    """As the file's own row says it: its author reads it back."""
    parted = apart(line["values"])
    tells = [_born(parted.identity), *parted.contacts.get("phones", [])]
    name = spoken(called(parted.identity, parted.contacts))
    return Found(place, line, name, [text for text in tells if text], became=became or Became())


def _born(identity: Mapping[str, Any]) -> str:
    """The birth date as this language writes it, or the year about which it was."""
    born = identity.get("birth_date", "")
    return date_format(date.fromisoformat(born), "SHORT_DATE_FORMAT") if born else str(identity.get("birth_year", ""))


def looked_at(shown: Slice) -> list[File]:
    """The files that were opened for this page, each once."""
    files = {beside.file.row.pk: beside.file for row in shown.rows for beside in row.files}
    return [file for file in files.values() if file.looked]


def _made_since(rows: Sequence[Found]) -> list[tuple[bytes, uuid.UUID]]:
    """Whom rows name that stand behind another one about the same child, and whose file a row about that child is in by now."""
    whom = {bytes.fromhex(row.line["who"]) for row in rows if "twin" in row.line}
    found = ImportedRow.objects.filter(who__in=whom).values_list("who", "subject_id") if whom else []
    return [(bytes(who), subject) for who, subject in found]


def _files(rows: Sequence[Found], actor: Actor, subjects: Collection[uuid.UUID] = ()) -> dict[str, File]:
    """By reference: whom the rows may be about or what they became, and files of `subjects`; of which the actor may know today."""
    refs = {uuid.UUID(met["case"]) for row in rows for met in row.line.get("met", [])}
    refs |= {uuid.UUID(row.became["case"]) for row in rows if "case" in row.became}
    if not refs and not subjects:
        return {}
    cases = visible_to(actor, Case.objects.filter(Q(pk__in=refs) | Q(subject__in=subjects)))
    cases = cases.select_related("subject", "child", "agency").order_by("opened_in", "id")
    return {file.row.pk.hex: file for file in open_files(actor, cases)}


def _beside(row: Found, files: Mapping[str, File], made: Iterable[tuple[bytes, uuid.UUID]]) -> Found:
    """With whom it may be about; and whose file an earlier row about the same child is in by now."""
    met = {one["case"]: one["reasons"] for one in row.line.get("met", []) if one["case"] in files}
    since = {subject for who, subject in made if "twin" in row.line and who.hex() == row.line["who"]}
    for ref, file in files.items():
        if file.row.subject_id in since and file.sees(Part.IDENTITY):
            met.setdefault(ref, [])
    return replace(row, files=[beside(files[ref], [REASONS[code] for code in met[ref]]) for ref in met])


def beside(file: File, reasons: Sequence[StrOrPromise] = ()) -> Beside:
    """A file to judge by, as far as the actor sees it."""
    born = _born(opened(file, Part.IDENTITY)) if file.sees(Part.IDENTITY) else ""
    return Beside(file, list(reasons), name_of(file), born)


def _with_case(row: Found, files: dict[str, File]) -> Found:
    became = files.get(row.became.get("case", ""))
    return replace(row, files=[Beside(became)] if became else [])
