"""The dry run: what each row of a file would make, before anything is made. Nothing of a file is changed here."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.db.models import Exists, OuterRef

from amanat.access.actor import Actor
from amanat.access.files import File, not_kept_out, open_files, visible_to
from amanat.access.policy import Part, Verb
from amanat.access.verbs import log_line
from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.cases.actions.registering import NewChild
from amanat.cases.matches import matches_of
from amanat.cases.models import Case
from amanat.exchange.cells import RowRead
from amanat.exchange.digests import NOBODY, Digests
from amanat.exchange.lines import (
    AGAIN,
    EARLIER,
    EMPTY,
    FRESH,
    KNOWN,
    Line,
    Met,
    child_of,
    denied_in,
    names_somebody,
)
from amanat.exchange.models import Batch, Import, ImportedRow

SHOWN = 5  # files that one row may be about; more would be no help


class DryRun:
    """One import that is being looked through, row by row in the order of the file.

    An equal row that stands twice is two rows: its digest counts how often it has stood there. Rows that an earlier run has
    gone through are passed by, so that this count goes on.
    """

    def __init__(self, held: Import, actor: Actor) -> None:
        self.held = held
        self.actor = actor
        self.digests = Digests(actor.membership.agency)
        self._stood: Counter[bytes] = Counter()
        self._named: dict[bytes, int] = {}

    def pass_by(self, row: RowRead) -> None:
        """Go past a row that stands in a batch already."""
        self._begin(row)

    def batch(self, first: int, rows: Sequence[RowRead]) -> tuple[Batch, list[File]]:
        """The rows as a batch, not saved, each with what was found; and the files that were opened for it.

        It only reads, and takes the longest: call it before the transaction that keeps the batch.
        """
        begun = [self._begin(row) for row in rows]
        self._tell_again(begun)
        looked = self._tell_known(begun)
        lines = [line for line, _child in begun]
        kinds = Counter(line["kind"] for line in lines)
        batch = Batch(
            subject=self.held.subject,
            held=self.held,
            first=first,
            rows=len(lines),
            fresh=kinds[FRESH],
            right=sum(line["kind"] == FRESH and not line["wrong"] for line in lines),
            known=kinds[KNOWN],
            again=kinds[AGAIN],
            empty=kinds[EMPTY],
            wrong=sum(len(line["wrong"]) for line in lines),
            denied=denied_in(lines),
            content=lines,
        )
        return batch, looked

    def _begin(self, row: RowRead) -> tuple[Line, NewChild]:
        also = row.also_with_faults()
        child = child_of(row.flat, also)
        content = self.digests.of("row", row.cells)
        self._stood[content] += 1
        who = self.digests.who(child.identity)
        line: Line = {
            "sheet": row.sheet,
            "number": row.number,
            "values": row.flat,
            "also": also,
            "wrong": [fault.as_data() for fault in row.faults],
            "row": self.digests.of("nth", [content.hex(), self._stood[content]]).hex(),
            "who": who.hex(),
            "kind": FRESH if names_somebody(child) else EMPTY,
        }
        if who != NOBODY and self._named.setdefault(who, row.number) != row.number:
            line["twin"] = self._named[who]
        return line, child

    def _tell_again(self, begun: Iterable[tuple[Line, NewChild]]) -> None:
        """Rows that made a file before, and rows about a child of an earlier one. Files are named to whoever sees them."""
        lines = [line for line, _child in begun if line["kind"] == FRESH]
        made = made_before(lines, self.actor)
        brought = brought_before(lines, self.actor)
        for line in lines:
            row = bytes.fromhex(line["row"])
            if file := made.get(row):
                line["kind"], line["met"] = AGAIN, [_met(file, [])]
            elif row in brought:
                line["kind"], line["by_agency"] = AGAIN, not brought[row]
            elif file := made.get(bytes.fromhex(line["who"])):
                line["kind"] = KNOWN
                line["met"] = [_met(file, [EARLIER])]

    def _tell_known(self, begun: Iterable[tuple[Line, NewChild]]) -> list[File]:
        asked = [(line, child) for line, child in begun if line["kind"] in (FRESH, KNOWN)]
        found = matches_of([child for _line, child in asked], self.actor) if asked else []
        looked: dict[uuid.UUID, File] = {}
        for (line, _child), matches in zip(asked, found, strict=True):
            met = {one["case"]: one for one in line.get("met", [])}
            for match in matches[:SHOWN]:
                looked[match.file.row.pk] = match.file
                met.setdefault(match.case.pk.hex, _met(match.file, match.agrees))
            if met:
                line["met"] = list(met.values())
            if met or "twin" in line:
                line["kind"] = KNOWN
        return list(looked.values())


def _met(file: File, reasons: list[str]) -> Met:
    return {"case": file.row.pk.hex, "code": str(file.row), "reasons": reasons}


def log_looks(files: Iterable[File], actor: Actor) -> None:
    """Comparing a row with a file opens the file's identity: that stands in the log like a look at it on a page."""
    recording.record_many(
        log_line(actor, Verb.EXCHANGE_IMPORT, Outcome.READ, file.row.subject, parts=sorted(file.looked))
        for file in files
    )


def made_before(lines: Sequence[Line], actor: Actor) -> Mapping[bytes, File]:
    """By digest of a row or of whom it names: the file that such a row made, where the actor may know of it and its identity.

    Of a file that they may not know of nothing is said here; see `brought_before`.
    """
    rows = [bytes.fromhex(line["row"]) for line in lines]
    whom = list({bytes.fromhex(line["who"]) for line in lines} - {NOBODY})
    found = [
        *ImportedRow.objects.filter(row__in=rows).values_list("row", "subject_id"),
        *ImportedRow.objects.filter(who__in=whom).values_list("who", "subject_id"),
    ]
    if not found:
        return {}
    subjects = {subject for _digest, subject in found}
    cases = visible_to(actor, Case.objects.filter(subject__in=subjects)).select_related("subject", "child", "agency")
    files = {file.row.subject_id: file for file in open_files(actor, cases.order_by("opened_in", "id"))}
    return {
        bytes(digest): files[subject]
        for digest, subject in found
        if subject in files and files[subject].sees(Part.IDENTITY)
    }


def brought_before(lines: Sequence[Line], actor: Actor) -> Mapping[bytes, bool]:
    """By digest of a row: whether this worker brought that very row before (True), or a colleague in their agency did (False).

    No file is named, and not who brought it. Workers know their own rows, also once the file was handed over. That a colleague
    brought a row is told because it is equal to the last letter to what they hold, and would be a second file of one agency; not
    to whom a conflict keeps from knowing of the file. Digests are one agency's, so to others nothing is ever told; and where
    the agency has no file of the child, nothing is told to it either: there the row makes the first one.
    """
    rows = [bytes.fromhex(line["row"]) for line in lines]
    owned = Case.objects.filter(agency=actor.membership.agency_id, subject=OuterRef("subject"))
    found = ImportedRow.objects.filter(Exists(owned), row__in=rows)
    own = found.filter(by__user=actor.user)
    others = not_kept_out(actor, found.exclude(by__user=actor.user))
    told = {bytes(row): False for row in others.values_list("row", flat=True)}
    return told | {bytes(row): True for row in own.values_list("row", flat=True)}
