"""Bringing files out: what the worker sees of children whose case manager they are, as rows of fields.

What leaves the agency that owns a file is no more than a consent names for the agency that gets it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from amanat.access.actor import Actor
from amanat.access.files import File, open_files
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.facts import sheets_by_child
from amanat.cases.going_out import NoConsent, going_to, newest
from amanat.cases.htcds import FlatRow, came_without_status, named, together, values_of
from amanat.cases.models import ALSO_IN_THE_SOURCE, Case, Sheet
from amanat.cases.shown import child_of
from amanat.people.models import Agency


@dataclass(frozen=True)
class Exported:
    """Rows of fields, one a child, in the order of the cases; the kind of file that was asked for, and who gets it."""

    rows: Sequence[FlatRow]
    kind: str
    to: Agency


@verb(Verb.CASE_EXPORT, to=lambda exported: exported.to)
def export(case: Case, *, siblings: Sequence[Case] = (), to: Agency, kind: str, reason: str, actor: Actor) -> Exported:
    """Put together what the actor sees of these children; an entry in the log of each, with the reason and the recipient.

    Args:
        siblings: the other children; they need not be of one family. Of two cases of a child the newer one counts.
        to: the agency that gets the file. Of a file that another one owns, only what a consent names for it is put in.
        kind: of file, one of `downloads.KINDS`.

    Raises:
        NoConsent: of some of these children nothing may go to that agency; nothing leaves.
        PersonFacingError: there are more than 5,000.
    """
    going = going_to(to, open_files(actor, newest([case, *siblings])))
    if without := [str(file.row) for file, leaves in going if leaves is None]:
        raise NoConsent(to, without)
    return Exported(list(_rows([leaves for _file, leaves in going if leaves])), kind, to)


def _rows(files: Sequence[File]) -> Iterator[FlatRow]:
    sheets, unsaid = sheets_by_child(files), came_without_status(files)
    for file in files:
        yield _row(file, sheets.get(child_of(file).pk, []), says_status=file.row.pk not in unsaid)


def _row(file: File, sheets: Sequence[Sheet], *, says_status: bool) -> FlatRow:
    """All fields that the actor sees; what no field of the pack takes (any more) goes with what no field ever took."""
    row = together(file, sheets, says_status=says_status)
    strange = {name: str(row.pop(name)) for name in list(row) if named(name) is None}
    also: dict[str, dict[str, str]] = {Part.NARRATIVE.value: strange} if strange else {}
    for sheet in sheets:
        if sheet.section == ALSO_IN_THE_SOURCE and file.sees(Part(sheet.part)):
            also.setdefault(sheet.part, {}).update(values_of(file, sheet))
    return row | ({ALSO_IN_THE_SOURCE: also} if also else {})
