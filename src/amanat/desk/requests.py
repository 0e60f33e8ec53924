"""Questions to the register of requests: what waits and until when, what was answered."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.utils import timezone

from amanat.access.actor import Actor
from amanat.access.files import File, not_kept_out
from amanat.access.loaders import files_about
from amanat.cases.shown import label
from amanat.desk.models import Request

SOON_DAYS = 7


@dataclass(frozen=True)
class Line:
    """A request in a list; without a file where that was erased, and nobody can read what was asked."""

    row: Request
    file: File | None
    today: date

    @property
    def is_late(self) -> bool:
        return self.row.answered_at is None and self.row.due_on < self.today

    @property
    def days_left(self) -> int:
        return (self.row.due_on - self.today).days

    @property
    def is_soon(self) -> bool:
        return self.row.answered_at is None and 0 <= self.days_left <= SOON_DAYS


def told(rows: QuerySet[Request]) -> QuerySet[Request]:
    """With all that a page says of them."""
    return rows.select_related("subject", "recorded_by__user", "recorded_by__agency", "answered_by__user")


def requests(actor: Actor, *, answered: bool) -> QuerySet[Request]:
    """Those that wait, or that were answered, but on files that the actor is kept out of."""
    return told(not_kept_out(actor, Request.objects.filter(answered_at__isnull=not answered)))


def lines(actor: Actor, rows: Collection[Request]) -> list[Line]:
    files = files_about(actor, [row.subject_id for row in rows])
    today = timezone.localdate(actor.now)
    return [Line(row, files.get(row.subject_id), today) for row in rows]


def of_file(subject: uuid.UUID) -> QuerySet[Request]:
    """The requests of one child, the latest first."""
    return told(Request.objects.filter(subject=subject)).order_by("-received_on", "-id")


def words_of(file: File, row: Request) -> dict[str, str]:
    """What was asked and answered, for whoever sees consents; {} for others."""
    row.subject = file.row.subject
    words: dict[str, str] = dict(file.open(row, "words") or {}) if file.opens(row, "words") else {}
    return words | {"by": label("consent_given_by", words.get("given_by", ""))} if words else {}
