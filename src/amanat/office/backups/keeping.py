"""When a backup is due, and the thread that makes it."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from amanat.office.backups.models import Backup, BackupPlan, Destination
from amanat.office.backups.taking import AtWork, plan, take, tend
from amanat.people.clock import clock
from amanat.vault.rounds import Rounds

EVERY: Final = 20.0  # seconds between two looks
AGAIN: Final = timedelta(hours=1)  # after one that failed
A_DAY: Final = timedelta(days=1)


def last_slot(now: datetime, plan: BackupPlan) -> datetime:
    """The last moment at which the plan wanted a backup."""
    there = now.astimezone(zoneinfo.ZoneInfo(plan.time_zone))
    slot = there.replace(hour=plan.hour, minute=0, second=0, microsecond=0)
    return slot if slot <= there else slot - timedelta(days=1)


def next_slot(now: datetime, plan: BackupPlan) -> datetime:
    return last_slot(now, plan) + timedelta(days=1)


def due(now: datetime) -> Backup | None:
    """The backup to be made now: one that somebody asked for or that was broken off, or the plan's; None where there is none."""
    if waiting := Backup.objects.filter(ended_at=None).order_by("asked_at").first():
        return waiting
    if not Destination.objects.regular().exists():
        return None
    # What was asked for under a clock that ran ahead must not keep the next ones waiting until that day.
    last = Backup.objects.filter(asked_at__lte=now).order_by("-asked_at").first()
    if last and last.asked_at >= last_slot(now, plan()) and not (last.trouble and now - last.asked_at > AGAIN):
        return None
    return Backup.objects.create(asked_at=now)


class Keeper(Rounds):
    """Makes backups when they are due, and goes round the places on demand once a day; in a thread of the process that works beside
    the requests."""

    name = "backup-keeper"
    waits = "a backup waits"

    def __init__(self, now: Callable[[], datetime] = clock, every: float = EVERY) -> None:
        super().__init__(every)
        self.now = now
        self._tended: datetime | None = None

    def turn(self) -> bool:
        now = self.now()
        try:
            if backup := due(now):
                take(backup, now)
            elif self._tended is None or abs(now - self._tended) >= A_DAY:
                tend(now)
                self._tended = now
        except AtWork:  # by the command, in a process of its own
            return False
        return False
