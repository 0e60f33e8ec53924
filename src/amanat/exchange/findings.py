"""What an import's pages show of it: counts, and 25 rows or cells at a time out of the batches, of which only those are opened."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_files, visible_to
from amanat.cases.htcds import apart
from amanat.cases.identity import called
from amanat.cases.models import Case
from amanat.cases.shown import Text, spoken
from amanat.exchange import keeping
from amanat.exchange.faults import CellFault
from amanat.exchange.lines import Became, Line
from amanat.exchange.models import Batch, Import
from amanat.web.paging import PAGE_SIZE

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

COUNTS = ("fresh", "right", "known", "again", "empty", "wrong", "taken", "aside")
# What lists of rows there are: by the count of a batch that says how many of them it has.
SHOWN: dict[str, StrOrPromise] = {
    "known": _("May be known"),
    "fresh": _("New"),
    "again": _("Brought before"),
    "empty": _("Name nobody"),
}


@dataclass(frozen=True)
class Found:
    """A row on a page. `place`: where it stands in the file, from 0, which is how it is ticked."""

    place: int
    line: Line
    name: Text
    files: list[tuple[File, list[str]]] = field(default_factory=list)
    became: Became = field(default_factory=lambda: Became())


@dataclass(frozen=True)
class Slice:
    """25 of a list, and the way to the others; as `web/pages.html` wants it."""

    rows: list[Any]
    count: int
    previous_cursor: str
    next_cursor: str


def counts(held: Import) -> dict[str, int]:
    """Of the whole import, in one query. `makes`: rows that were not taken yet and could be."""
    sums = Batch.objects.filter(held=held).aggregate(**{f"all_{name}": Sum(name) for name in COUNTS})
    return {name: sums[f"all_{name}"] or 0 for name in COUNTS}


def kinds(found: dict[str, int]) -> list[tuple[str, StrOrPromise, int]]:
    """The lists of rows that there are, with their sizes; the empty ones are left out."""
    return [(kind, SHOWN[kind], found[kind]) for kind in SHOWN if found[kind]]


def rows_of(held: Import, kind: str, cursor: str, actor: Actor) -> Slice:
    """25 rows of a kind, with the files that they may be about as far as the actor may know of them now."""

    def of_kind(batch: Batch) -> Iterator[Found]:
        outcome = keeping.opened(held, "outcome", actor, batch) or {}
        for at, line in enumerate(keeping.opened(held, "content", actor, batch)):
            if line["kind"] == kind:
                yield Found(batch.first + at, line, _name(line), became=outcome.get(str(at), {}))

    found = _slice(held, kind, cursor, of_kind)
    found.rows[:] = _with_files(found.rows, actor)
    return found


def outcomes_of(held: Import, what: str, cursor: str, actor: Actor) -> Slice:
    """25 rows that were taken ("taken"), or set aside ("aside")."""
    key = {"taken": "case", "aside": "aside"}[what]

    def of_outcome(batch: Batch) -> Iterator[Found]:
        outcome: dict[str, Became] = keeping.opened(held, "outcome", actor, batch) or {}
        content: list[Line] = keeping.opened(held, "content", actor, batch)
        for at in sorted(map(int, outcome)):
            if key in outcome[str(at)]:
                yield Found(batch.first + at, content[at], _name(content[at]), became=outcome[str(at)])

    found = _slice(held, what, cursor, of_outcome)
    found.rows[:] = _with_files(found.rows, actor)
    return found


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


def _name(line: Line) -> Text:
    """As the file's own row says it: its author reads it back."""
    parted = apart(line["values"])
    return spoken(called(parted.identity, parted.contacts))


def _with_files(rows: Sequence[Found], actor: Actor) -> list[Found]:
    """Whom a row may be about or what it became, where the actor may know of that file today."""
    refs = {uuid.UUID(met["case"]) for row in rows for met in row.line.get("met", [])}
    refs |= {uuid.UUID(row.became["case"]) for row in rows if "case" in row.became}
    cases = visible_to(actor, Case.objects.filter(pk__in=refs)).select_related("subject", "child", "agency")
    files = {file.row.pk.hex: file for file in open_files(actor, cases)} if refs else {}
    return [_with(row, files) for row in rows]


def _with(row: Found, files: dict[str, File]) -> Found:
    met = [(files[one["case"]], one["reasons"]) for one in row.line.get("met", []) if one["case"] in files]
    became = files.get(row.became.get("case", ""))
    return Found(row.place, row.line, row.name, [(became, [])] if became else met, row.became)
