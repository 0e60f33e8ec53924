"""What is due in proceedings follows from what happened there. Only verbs call what writes it down for lists."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from amanat import packs
from amanat.access.files import File
from amanat.legal import deadlines
from amanat.legal.deadlines import Happened, Running
from amanat.legal.models import LegalDue, Proceeding, ProceedingState, Ruling
from amanat.legal.reading import rules
from amanat.procedures import Calendar


def happened(content: dict[str, Any], on: date) -> Happened:
    """A sealed decision as the rules read it."""
    days = {key: date.fromisoformat(content[key]) if content.get(key) else None for key in deadlines.NAMED}
    return Happened(content.get("event", ""), on, **days)


def running(told: list[Happened]) -> list[Running]:
    """By the rules and the calendar of the workspace's packs."""
    return deadlines.running(rules(), told, Calendar.of(packs.current()))


def last_day(due: datetime) -> date:
    """The last day, where the country is, on which what is due then is in time."""
    return (due - timedelta(seconds=1)).astimezone(Calendar.of(packs.current()).zone).date()


def follow(file: File, proceeding: Proceeding) -> None:
    """Write down anew by when what is due, so that *My day* can count it. Within a verb, by whoever sees the legal file, under the lock
    of the case: whether the proceedings ended is read there."""
    LegalDue.objects.filter(proceeding=proceeding).delete()
    if Proceeding.objects.filter(pk=proceeding.pk, state=ProceedingState.ENDED).exists():
        return
    told = []
    for row in Ruling.objects.filter(proceeding=proceeding).order_by("on", "at", "id"):
        row.subject = file.row.subject
        told.append(happened(file.open(row, "content") or {}, row.on))
    LegalDue.objects.bulk_create(
        LegalDue(proceeding=proceeding, due=one.deadline.at) for one in running(told) if one.deadline is not None
    )
