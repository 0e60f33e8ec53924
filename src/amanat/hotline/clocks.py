"""By when a call demands a first step: what the pack says of its priority. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from amanat import packs

URGENT = "P1"


@dataclass(frozen=True, slots=True)
class Demand:
    """What a priority demands, in the reader's language. `by` is None where no time is set; `verified` is the pack's word."""

    priority: str
    label: str
    help: str
    by: datetime | None
    verified: bool


def demand(priority: str, since: datetime) -> Demand | None:
    """None without a priority, and for one that the pack does not know. `since`: when the call was answered."""
    offered = packs.current().codes("priority")
    if priority not in offered:
        return None
    code = offered[priority]
    by = since + code.within if code.within else None
    return Demand(
        priority,
        code.label.text(),
        code.help.text() if code.help else "",
        by,
        offered.verified and code.verified,
    )


def call_back_by(priority: str, now: datetime) -> datetime | None:
    """By when to call back where nobody chose a time: the clock of the priority."""
    told = demand(priority, now)
    return told.by if told else None
