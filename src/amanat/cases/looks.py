"""The lines of *who looked*: entries of the log about one file, in words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from amanat.access.files import File
from amanat.access.labels import PART_LABELS, act_label
from amanat.audit.models import Entry, Outcome
from amanat.cases.shown import Badge, Text, spoken

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_KINDS = {Outcome.DONE: ("accent", "check"), Outcome.READ: ("", "eye"), Outcome.REFUSED: ("danger", "close")}


@dataclass(frozen=True, slots=True)
class Look:
    """One entry. `who` is empty for what the system did by itself."""

    at: datetime
    who: str
    role: str
    agency: str
    what: StrOrPromise
    outcome: Badge
    parts: list[StrOrPromise]
    reason: Text
    to: str  # the agency that something was given to


def lines(file: File, entries: Iterable[Entry]) -> list[Look]:
    """Opens the details (reason, parts) of each entry through the file of the reader."""
    return [_line(file, entry) for entry in entries]


def _line(file: File, entry: Entry) -> Look:
    entry.subject = file.row.subject
    details: dict[str, Any] = (file.open(entry, "details") or {}) if entry.details else {}
    outcome = Outcome(entry.outcome)
    return Look(
        at=entry.at,
        who=entry.user.display_name if entry.user else "",
        role=entry.membership.get_role_display() if entry.membership else "",
        agency=entry.membership.agency.name if entry.membership else "",
        what=act_label(entry.verb, only_read=outcome is Outcome.READ),
        outcome=Badge(str(outcome.label), *_KINDS[outcome]),
        parts=[PART_LABELS[part] for part in details.get("parts", []) if part in PART_LABELS],
        reason=spoken(details.get("reason", "")),
        to=details.get("to", ""),
    )
