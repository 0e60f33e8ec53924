"""Shared by the verbs: the line in the timeline, the version check, the dates by which lists are ordered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Min

from amanat.access.actor import Actor
from amanat.access.policy import Part
from amanat.cases.models import NOTHING_DUE, Case, Event, EventKind, Task
from amanat.web.errors import Stale


def mark(
    case: Case, kind: EventKind, actor: Actor, *, part: Part = Part.EXISTENCE, at: datetime | None = None, **note: Any
) -> Event:
    """Add a line to the timeline. `note` (text, from, to, …) is sealed under the part."""
    told = {key: value for key, value in note.items() if value not in ("", None)}
    return Event.objects.create(
        case=case,
        subject=case.subject,
        kind=kind,
        part=part,
        author=actor.membership,
        happened_at=at or actor.now,
        written_at=actor.now,
        note=told or None,
    )


def hold(case: Case, seen: int | None = None, **theirs: str) -> None:
    """Lock the case for this transaction, check that it is still as `seen`, and raise its version.

    Raises:
        Stale: it changed since; `theirs` says, by form field, what stands there now.
    """
    version = Case.objects.select_for_update().values_list("version", flat=True).get(pk=case.pk)
    if seen is not None and version != seen:
        case.refresh_from_db()
        raise Stale({name: str(getattr(case, column)) for name, column in theirs.items()}, version)
    case.version = version + 1
    case.save(update_fields=["version"])


def set_next_due(case: Case) -> None:
    """The earliest open task decides where the case stands in lists by date."""
    earliest = Task.objects.filter(case=case, done_at=None).aggregate(due=Min("due"))["due"]
    case.next_due = earliest or NOTHING_DUE
    case.save(update_fields=["next_due"])
