"""What is due in proceedings follows from what happened there.

The verbs that can change it write down by when, for lists; once the rules or the calendar of a pack are others, `catching_up` does so
for all: `dues_by` says by which rules it was worked out.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, Final

from django.db.models import Q

from amanat import packs
from amanat.legal import deadlines
from amanat.legal.deadlines import Happened, Running
from amanat.legal.models import LegalDue, Proceeding, ProceedingState, Ruling
from amanat.legal.reading import rules, rules_of
from amanat.packs import Pack
from amanat.procedures import Calendar
from amanat.procedures.marks import mark_of
from amanat.vault.sealing import Tampered, open_sealed

COUNTING: Final = 2  # raised when the same rules and events give other days than before
AT_ONCE: Final = 100


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


def behind() -> list[Proceeding]:
    """Some of the proceedings whose deadlines were worked out by other rules than today's, or never."""
    mark = _mark(packs.current())
    rows = Proceeding.objects.filter(Q(dues_by__lt=mark) | Q(dues_by__gt=mark))
    return list(rows.select_related("case")[:AT_ONCE])


def follow(proceeding: Proceeding) -> None:
    """Write down anew by when what is due, and what lacks its last day, so that *My day* can count it. Under the lock of the case:
    whether the proceedings ended is read there."""
    LegalDue.objects.filter(proceeding=proceeding).delete()
    here = Proceeding.objects.filter(pk=proceeding.pk)
    if not here.filter(state=ProceedingState.ENDED).exists():
        rows = Ruling.objects.filter(proceeding=proceeding, takes_back=None, taken_back=None)
        rows = rows.select_related("subject").order_by("on", "at", "id")
        LegalDue.objects.bulk_create(
            LegalDue(proceeding=proceeding, due=one.deadline.at if one.deadline else None)
            for one in running(list(_happened(rows)))
            if one.deadline or one.lacks_day
        )
    here.update(dues_by=_mark(packs.current()))


def _happened(rulings: Iterable[Ruling]) -> Iterable[Happened]:
    """One that was damaged says nothing here: its page tells of that, and work goes on."""
    for row in rulings:
        try:
            yield happened(open_sealed(row, "content") or {}, row.on)
        except Tampered:
            continue


@lru_cache(maxsize=8)
def _mark(pack: Pack) -> str:
    return mark_of(COUNTING, Calendar.of(pack), list(rules_of(pack)))
