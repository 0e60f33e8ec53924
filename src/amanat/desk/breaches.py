"""Questions to the register of breaches; what stands in it is the office's."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from amanat.access.actor import Actor
from amanat.access.files import open_office
from amanat.access.loaders import Hidden
from amanat.desk.models import Breach, BreachStep


@dataclass(frozen=True)
class Told:
    """A breach with its clock at a moment."""

    row: Breach
    now: datetime

    @property
    def runs(self) -> bool:
        """Whether the authority still waits to be told."""
        return self.row.authority_at is None and self.row.closed_at is None

    @property
    def is_late(self) -> bool:
        return self.runs and self.row.due < self.now

    @property
    def hours_left(self) -> int:
        return max(0, (self.row.due - self.now) // timedelta(hours=1))

    @property
    def was_late(self) -> bool:
        return self.row.authority_at is not None and self.row.authority_at > self.row.due


def breaches() -> QuerySet[Breach]:
    return Breach.objects.select_related("recorded_by__user", "recorded_by__agency")


def running(now: datetime) -> list[Told]:
    """Those of which the authority was not told, the one that is due first at the top."""
    rows = Breach.objects.filter(authority_at=None, closed_at=None).order_by("due")
    return [Told(row, now) for row in rows]


def find(breach: uuid.UUID) -> Breach:
    """Raises:
    Hidden: there is none.
    """
    found = breaches().select_related("subject").filter(pk=breach).first()
    if found is None:
        raise Hidden(None)
    return found


def words_of(row: Breach, actor: Actor) -> dict[str, str]:
    words: dict[str, str] = open_office(actor, row, "words")
    return words


def steps_of(row: Breach, actor: Actor) -> list[tuple[BreachStep, dict[str, str]]]:
    """What was done, in order, each with its words: `text`, and `untold` where it says why the authority need not be told."""
    steps = row.steps.select_related("by__user", "by__agency")
    found = []
    for step in steps:
        step.subject = row.subject
        found.append((step, open_office(actor, step, "words") or {}))
    return found
