"""Bringing files out: what the worker sees of children whose case manager they are, as rows of fields."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_files, visible_to
from amanat.access.models import Grant
from amanat.access.policy import Part, Relation, Verb
from amanat.access.verbs import verb
from amanat.cases.facts import sheets_by_child
from amanat.cases.htcds import FlatRow, named, together, values_of
from amanat.cases.models import ALSO_IN_THE_SOURCE, Case, Sheet
from amanat.cases.shown import child_of
from amanat.exchange.writing import ALSO_IN_THE_SOURCE as ALSO
from amanat.web.errors import PersonFacingError

MOST = 5000  # children a file: all of it is made in memory


@dataclass(frozen=True)
class Exported:
    """Rows of fields, one a child, in the order of the cases; and the kind of file that was asked for."""

    rows: Sequence[FlatRow]
    kind: str


@verb(Verb.CASE_EXPORT)
def export(case: Case, *, siblings: Sequence[Case] = (), kind: str, reason: str, actor: Actor) -> Exported:
    """Put together what the actor sees of these children; an entry in the log of each, with the reason.

    Args:
        siblings: the other children; they need not be of one family.
        kind: "xlsx" or "csv".

    Raises:
        PersonFacingError: there are more than 5,000.
    """
    cases = [case, *siblings]
    if len(cases) > MOST:
        raise PersonFacingError(
            _("More than 5,000 children do not go into one file."), _("Choose fewer."), field="which"
        )
    return Exported(list(_rows(cases, actor)), kind)


def _rows(cases: Sequence[Case], actor: Actor) -> Iterator[FlatRow]:
    files = open_files(actor, cases)
    sheets = sheets_by_child(files)
    for file in files:
        yield _row(file, sheets.get(child_of(file).pk, []))


def _row(file: File, sheets: Sequence[Sheet]) -> FlatRow:
    """All fields that the actor sees; what no field of the pack takes (any more) goes with what no field ever took."""
    row = together(file, sheets)
    also = {name: str(row.pop(name)) for name in list(row) if named(name) is None}
    for sheet in sheets:
        if sheet.section == ALSO_IN_THE_SOURCE and file.sees(Part(sheet.part)):
            also |= values_of(file, sheet)
    return row | ({ALSO: also} if also else {})


def managed(actor: Actor) -> QuerySet[Case]:
    """The cases that the actor (or somebody whom they stand in for) manages, the newest first."""
    held = Grant.objects.active(actor.now).of(actor.membership.pk, actor.stands_for)
    manages = held.filter(relation=Relation.CASE_MANAGER)
    rows = visible_to(actor, Case.objects.filter(subject__in=manages.values("subject")))
    return rows.select_related("subject", "child", "agency").order_by("-opened_in", "id")
