"""A row of an import as the dry run keeps it, sealed in its batch, and what is made of it for `cases`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NotRequired, TypedDict

from amanat.access.policy import Part
from amanat.cases import htcds
from amanat.cases.actions.registering import NewChild
from amanat.cases.htcds import NewSheet
from amanat.cases.models import ALSO_IN_THE_SOURCE

FRESH, KNOWN, AGAIN, EMPTY = "fresh", "known", "again", "empty"
KINDS = (FRESH, KNOWN, AGAIN, EMPTY)


class Met(TypedDict):
    """A file of the worker's own circle that the row may be about; by reference and code name, with the reasons in words."""

    case: str
    code: str
    reasons: list[str]


class Line(TypedDict):
    """A row: where it stood, what was read, and what it is.

    `also`: text of cells that no field takes, by header, and of wrong cells. `wrong`: see `faults.CellFault.as_data`. `row`,
    `who`: its digests, in hexadecimal.
    """

    sheet: str
    number: int
    values: dict[str, Any]
    also: dict[str, str]
    wrong: list[dict[str, Any]]
    row: str
    who: str
    kind: str
    met: NotRequired[list[Met]]
    twin: NotRequired[int]  # the number of an earlier row of this file that names the same child


class Became(TypedDict, total=False):
    """What became of a row: the case, or the sentence with which it was set aside."""

    case: str
    code: str
    aside: str


def child_of(values: Mapping[str, Any], also: Mapping[str, str]) -> NewChild:
    """The child that a row describes. What no field takes goes with it, as *also in the source*."""
    parted = htcds.apart(values)
    sheets = parted.sheets
    if also:
        kept = next((sheet for sheet in sheets if sheet.section == ALSO_IN_THE_SOURCE), None)
        if kept is None:
            kept = NewSheet(ALSO_IN_THE_SOURCE, 1, Part.NARRATIVE, {})
            sheets.append(kept)
        values = kept.values
        values |= also
    return NewChild(parted.identity, parted.contacts, sheets=sheets, stage=parted.stage)


def names_somebody(child: NewChild) -> bool:
    return bool(child.identity.get("names") or child.contacts.get("called"))
