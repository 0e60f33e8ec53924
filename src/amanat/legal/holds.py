"""Legal holds that were asked for: those that wait for an officer, and how they were answered on a file."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.files import File, not_kept_out
from amanat.access.models import FileRow
from amanat.access.policy import Part
from amanat.cases.shown import Text, spoken
from amanat.legal.models import HoldAsked
from amanat.office import registers

SHOWN = 10


@dataclass(frozen=True)
class Asked:
    row: HoldAsked
    answer: Text


def waiting(actor: Actor) -> QuerySet[HoldAsked]:
    """Those that nobody answered, but on files that the actor is kept out of."""
    rows = not_kept_out(actor, HoldAsked.objects.filter(answered_at=None))
    return rows.select_related("author__user", "author__agency", "case", "subject")


def asked_on(file: File) -> list[Asked]:
    """What was asked on a file, the newest first, with the answers that its reader may read."""
    rows = HoldAsked.objects.filter(case=file.row.pk).select_related("author__user").order_by("-at", "-id")[:SHOWN]
    found = []
    for row in rows:
        row.subject = file.row.subject
        told = (file.open(row, "answer") or {}) if row.answer and file.sees(Part.LEGAL_STATUS) else {}
        found.append(Asked(row, spoken(str(told.get("reason", "")))))
    return found


def reason(file: File, row: HoldAsked) -> str:
    """Why it was asked for; "" where the log of the file is closed to the actor."""
    row.subject = file.row.subject
    return str((file.open(row, "words") or {}).get("reason", "")) if file.sees(Part.AUDIT) else ""


def counted(actor: Actor) -> Mapping[str, QuerySet[Any]]:
    """For the head of the desk."""
    return {"holds_asked": waiting(actor).select_related(None).values("pk")}


def tiles(numbers: Mapping[str, int]) -> list[registers.Waiting]:
    return [
        registers.Waiting(
            str(numbers["holds_asked"]),
            _("legal holds asked for"),
            "lock",
            "legal.holds_asked",
            numbers["holds_asked"] > 0,
        )
    ]


def waits(subject: uuid.UUID) -> bool:
    """Whether one was asked for that nobody answered (`cases.holds_asked`)."""
    return bool(kept([subject]))


def kept(subjects: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those about which one waits for its answer: nothing erases them by itself."""
    return set(HoldAsked.objects.filter(subject__in=subjects, answered_at=None).values_list("subject", flat=True))


def placed(row: FileRow, actor: Actor) -> None:
    """Within the verb that places a hold: what was asked for on this file is answered by it."""
    waiting = HoldAsked.objects.filter(subject=row.subject_id, answered_at=None)
    waiting.update(answered_at=actor.now, answered_by=actor.membership)
