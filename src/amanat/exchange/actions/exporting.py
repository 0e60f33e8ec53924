"""Bringing files out: what the worker sees of children whose case manager they are, as rows of fields.

What leaves the agency that owns a file is no more than a consent names for the agency that gets it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.consents import parts_open_to
from amanat.access.files import File, open_files, visible_to
from amanat.access.policy import Part, Verb
from amanat.access.verbs import verb
from amanat.cases.facts import sheets_by_child
from amanat.cases.htcds import FlatRow, came_without_status, named, together, values_of
from amanat.cases.models import ALSO_IN_THE_SOURCE, Case, Sheet
from amanat.cases.queries import managing
from amanat.cases.shown import child_of
from amanat.people.models import Agency
from amanat.web.errors import PersonFacingError

MOST = 5000  # children a file: all of it is made in memory
NAMED = 20  # code names in a sentence


class NoConsent(PersonFacingError):
    """Some of the children's files may not go to that agency."""

    def __init__(self, to: Agency, code_names: Sequence[str]) -> None:
        said = {"agency": to, "names": in_one_sentence(code_names)}
        super().__init__(
            _("There is no consent to share these files with %(agency)s: %(names)s.") % said,
            _("Record the consent first, or leave these children out."),
            field="to",
        )


def in_one_sentence(code_names: Sequence[str]) -> str:
    """Code names to read, the first twenty of them."""
    return ", ".join(code_names[:NAMED]) + (" …" if len(code_names) > NAMED else "")


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


def newest(cases: Sequence[Case]) -> list[Case]:
    """The case of each child that is open, else the one that was closed last; in the order of the children.

    Raises:
        PersonFacingError: there are more than 5,000.
    """
    found: dict[uuid.UUID, Case] = {}
    for case in cases:
        held = found.setdefault(case.subject_id, case)
        if held.closed_at and (case.closed_at is None or case.closed_at > held.closed_at):
            found[case.subject_id] = case
    if len(found) > MOST:
        raise PersonFacingError(
            _("More than 5,000 children do not go into one file."), _("Choose fewer."), field="which"
        )
    return list(found.values())


def going_to(to: Agency, files: Sequence[File]) -> list[tuple[File, File | None]]:
    """Each file, and the same as far as it may go to an agency: its own whole, others as far as consents go, or not at all."""
    outside = [file for file in files if file.row.agency_id != to.pk]
    subjects = {file.row.subject_id for file in outside}
    open_to = parts_open_to(to, subjects, outside[0].actor.now) if outside else {}

    def as_far(file: File) -> File | None:
        if file.row.agency_id == to.pk:
            return file
        parts = open_to.get(file.row.subject_id)
        return None if parts is None else file.only(parts)

    return [(file, as_far(file)) for file in files]


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


def managed(actor: Actor) -> QuerySet[Case]:
    """The newest case of each child that the actor (or somebody whom they stand in for) manages, the newest first."""
    rows = visible_to(actor, Case.objects.filter(subject__in=managing(actor).values("subject")))
    later = Case.objects.filter(Q(closed_at=None) | Q(closed_at__gt=OuterRef("closed_at")), subject=OuterRef("subject"))
    rows = rows.filter(Q(closed_at=None) | ~Exists(later))
    return rows.select_related("subject", "child", "agency").order_by("-opened_in", "id")
