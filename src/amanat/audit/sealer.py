"""Sealing: what waits in the queue is bound into the chain, by one process at a time, about every half second.

A process that dies leaves its entries in the queue; whoever starts next seals them. Checking the chain is `verify`'s.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils import timezone

from amanat.audit import chain
from amanat.audit.locks import Lock, hold
from amanat.audit.models import Entry, Pending, Seal
from amanat.vault.keys import AUDIT, keyring
from amanat.vault.rounds import Rounds

MOST: Final = 500  # entries a seal
EVERY: Final = 0.5  # seconds between two looks into the queue; DESIGN §8 asks for a seal within one


def seal_pending(now: datetime) -> int:
    """Seal all that waits, and return how many entries that was.

    Relies on no order: an entry whose transaction commits late is simply taken by the next round. An entry that was removed
    while it waited is sealed as absent, so that `verify` names it.

    Raises:
        Locked: the workspace is locked, or has newer keys than this process; nothing was sealed.
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
    last = Seal.objects.order_by("-number").values_list("number", "digest", "key").first()
    number, before = (last[0] + 1, bytes(last[1])) if last else (1, chain.GENESIS)
    if last:
        keyring().of(AUDIT, last[2])  # a process from before the rotation must not seal by the key that was given up
    key = keyring().newest(AUDIT)
    digest = chain.digest(before, number, now, sealed)
    Seal.objects.create(
        number=number,
        sealed_at=now,
        entries=[id_.hex for id_, _print in sealed],
        fingerprints=b"".join(print_ for _id, print_ in sealed),
        digest=digest,
        mac=chain.mac(digest, key),
        key=key,
    )
    Pending.objects.filter(entry_id__in=waiting).delete()
    return len(waiting)


class Sealer(Rounds):
    """Seals what waits, in a thread of the task process."""

    name = "audit-sealer"
    waits = "audit entries wait for their seal"

    def __init__(self, clock: Callable[[], datetime] = timezone.now, every: float = EVERY) -> None:
        super().__init__(every)
        self.clock = clock

    def turn(self) -> bool:
        if Pending.objects.exists():
            seal_pending(self.clock())
        return False

    def at_the_end(self) -> None:
        self.round()
