"""Putting a row of an import into a file that is there: what is empty is filled, what differs is kept beside. Nothing is replaced."""

from __future__ import annotations

from collections.abc import Mapping

from amanat.access.actor import Actor
from amanat.access.files import open_file
from amanat.access.policy import Part
from amanat.cases.actions.changing import replace
from amanat.cases.actions.facts import write_sheet
from amanat.cases.actions.marking import lock, mark
from amanat.cases.brought_rows import lay
from amanat.cases.htcds import FlatRow, values_of
from amanat.cases.laid import Laid
from amanat.cases.models import Case, Child, EventKind, Sheet
from amanat.cases.shown import opened


def put_in(
    case: Case, row: FlatRow, also: Mapping[str, Mapping[str, str]], headers: Mapping[str, str], actor: Actor
) -> Laid:
    """Write a row into a file (see `brought_rows.lay`), whole or not at all. For the verb of the room that holds the row.

    Raises:
        PersonFacingError: the case is closed, or the row is about a part that the actor may not write.
    """
    lock(case)
    rows = Child.objects.select_for_update(of=("self",)).select_related("subject")
    case.child = child = rows.get(pk=case.child_id)
    sheets = list(child.sheets.all())
    laid = lay(open_file(actor, case), sheets, row, also, headers)
    if laid.hindrance:
        raise laid.hindrance
    for part, added in ((Part.IDENTITY, laid.identity), (Part.CONTACTS, laid.contacts)):
        if added:
            before = opened(laid.file, part)
            replace(child, part, before, before | added, actor)
    _write_sheets(laid, child, sheets, actor)
    _mark(laid, case, actor)
    return laid


def _write_sheets(laid: Laid, child: Child, sheets: list[Sheet], actor: Actor) -> None:
    held = {(sheet.section, sheet.record, sheet.part): sheet for sheet in sheets}
    for (section, record, part), added in laid.sheets.items():
        sheet = held.get((section, record, part))
        before = values_of(laid.file, sheet) if sheet else {}
        sheet = sheet or Sheet(child=child, section=section, record=record, part=part)
        write_sheet(child, sheet, before, before | added, actor)


def _mark(laid: Laid, case: Case, actor: Actor) -> None:
    """A line for each part that changed, with section, record and field of what was filled and the headers of what is kept beside;
    one that names none where the file said all of it already."""
    for part in laid.parts or [laid.said[0].part]:
        filled = [[one.section, one.record, one.name] for one in laid.fills if one.part == part]
        kept = [one.kept for one in (*laid.beside, *laid.also) if one.part == part]
        mark(case, EventKind.PUT_IN, actor, part=part, filled=filled, kept=kept)
