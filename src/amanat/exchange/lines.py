"""A row of an import as the dry run keeps it, sealed in its batch, and what is made of it for `cases`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, NotRequired, TypedDict

from django.utils.translation import gettext_lazy as _

from amanat.cases import htcds, matches
from amanat.cases.actions.registering import NewChild
from amanat.cases.htcds import NewSheet
from amanat.cases.models import ALSO_IN_THE_SOURCE

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

FRESH, KNOWN, AGAIN, EMPTY = "fresh", "known", "again", "empty"
KINDS = (FRESH, KNOWN, AGAIN, EMPTY)


# What a row shares with a file of the worker's own circle, in words; what is kept is the code, since pages speak several languages.
EARLIER = "earlier"
REASONS: dict[str, StrOrPromise] = matches.REASONS | {EARLIER: _("a row of an earlier import, which has changed since")}


class Met(TypedDict):
    """A file of the worker's own circle that the row may be about; by reference and code name, with codes of the reasons (`REASONS`)."""

    case: str
    code: str
    reasons: list[str]


class Line(TypedDict):
    """A row: where it stood, what was read, and what it is.

    `also`: text of cells that no field takes, and of wrong cells, by part and header. `wrong`: see `faults.CellFault.as_data`. `row`,
    `who`: its digests, in hexadecimal. `by_agency`: a colleague brought this very row before; see `looking.brought_before`.
    """

    sheet: str
    number: int
    values: dict[str, Any]
    also: dict[str, dict[str, str]]
    wrong: list[dict[str, Any]]
    row: str
    who: str
    kind: str
    met: NotRequired[list[Met]]
    by_agency: NotRequired[bool]
    twin: NotRequired[int]  # the number of an earlier row of this file that names the same child


class Became(TypedDict, total=False):
    """What became of a row: the case, or why it was set aside (see `taking`). `into`: it was put into a file that was there."""

    case: str
    code: str
    into: bool
    aside: str


def child_of(values: Mapping[str, Any], also: Mapping[str, Mapping[str, str]]) -> NewChild:
    """The child that a row describes. What no field takes goes with it in its part, as *also in the source*."""
    parted = htcds.apart(values)
    kept = {sheet.part: sheet for sheet in parted.sheets if sheet.section == ALSO_IN_THE_SOURCE}
    for part, texts in also.items():
        if part not in kept:
            kept[part] = NewSheet(ALSO_IN_THE_SOURCE, 1, part, {})
            parted.sheets.append(kept[part])
        values = kept[part].values
        values |= texts
    return NewChild(
        parted.identity,
        parted.contacts,
        sheets=parted.sheets,
        stage=parted.stage,
        since=parted.since,
        closing=parted.closing,
        imported=True,
    )


def names_somebody(child: NewChild) -> bool:
    return bool(child.identity.get("names") or child.contacts.get("called"))


def denies_consent(values: Mapping[str, Any]) -> bool:
    """Whether the row itself says that no consent was given. One that says nothing of it does not say no."""
    return bool(htcds.denied(values))


def denied_in(lines: Iterable[Line]) -> int:
    """Of how many rows that can be taken this is so."""
    return sum(line["kind"] in (FRESH, KNOWN) and denies_consent(line["values"]) for line in lines)
