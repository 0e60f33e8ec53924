"""Sealing: what waits in the queue is bound into the chain, by one process at a time, about every half second.

A process that dies leaves its entries in the queue; whoever starts next seals them. Checking the chain is `verify`'s.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import Error, close_old_connections, connection, transaction
from django.utils import timezone

from amanat.audit import chain
from amanat.audit.locks import Lock, hold
from amanat.audit.models import Entry, Pending, Seal
from amanat.vault.keys import Locked

MOST: Final = 500  # entries a seal
EVERY: Final = 0.5  # seconds between two looks into the queue; DESIGN §8 asks for a seal within one

log = logging.getLogger(__name__)


def seal_pending(now: datetime) -> int:
    """Seal all that waits, and return how many entries that was.

    Relies on no order: an entry whose transaction commits late is simply taken by the next round. An entry that was removed
    while it waited is sealed as absent, so that `verify` names it.

    Raises:
        Locked: the workspace is locked; nothing was sealed.
    """
    sealed = 0
    while round_ := _seal_some(now):
        sealed += round_
        if round_ < MOST:
            break
    return sealed


@transaction.atomic
def _seal_some(now: datetime) -> int:
    hold(Lock.SEALER)
    waiting = list(Pending.objects.order_by("entry_id").values_list("entry_id", flat=True)[:MOST])
    if not waiting:
        return 0
    prints = {row[0]: chain.fingerprint(row) for row in chain.rows(Entry.objects.filter(id__in=waiting))}
    sealed = [(id_, prints.get(id_, chain.ABSENT)) for id_ in waiting]
    last = Seal.objects.order_by("-number").values_list("number", "digest").first()
    number, before = (last[0] + 1, bytes(last[1])) if last else (1, chain.GENESIS)
    digest = chain.digest(before, number, now, sealed)
    Seal.objects.create(
        number=number,
        sealed_at=now,
        entries=[id_.hex for id_, _print in sealed],
        fingerprints=b"".join(print_ for _id, print_ in sealed),
        digest=digest,
        mac=chain.mac(digest),
    )
    Pending.objects.filter(entry_id__in=waiting).delete()
    return len(waiting)


class Sealer:
    """A thread of the serving process that seals what waits. Start it after forking: threads do not survive a fork."""

    def __init__(self, clock: Callable[[], datetime] = timezone.now, every: float = EVERY) -> None:
        self.clock = clock
        self.every = every
        self._failing = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="audit-sealer", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread, after a last round."""
        self._stopping.set()
        self._thread.join()

    def _run(self) -> None:
        try:
            while not self._stopping.wait(self.every):
                self.round()
            self.round()
        finally:
            connection.close()

    def round(self) -> None:
        """Seal if anything waits. What the database or a lock prevents now is tried again next time."""
        try:
            close_old_connections()
            if Pending.objects.exists():
                seal_pending(self.clock())
            self._failing = False
        except (Error, Locked):
            if not self._failing:  # once, not twice a second for as long as it lasts
                log.exception("audit entries wait for their seal")
            self._failing = True
            connection.close()
