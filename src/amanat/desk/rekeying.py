"""The thread that seals anew what asked for a new data key: one child before all of them; the log is told when it is done."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from typing import Final

from django.db import transaction

from amanat.access.policy import Verb
from amanat.audit import recording
from amanat.audit.locks import Lock, hold
from amanat.audit.models import Outcome
from amanat.people.clock import clock
from amanat.vault import resealing
from amanat.vault.models import Rotation
from amanat.vault.resealing import SETTLED, Overtaken
from amanat.vault.rounds import Rounds

EVERY: Final = 2.0  # seconds between two looks


class Rekeyer(Rounds):
    """A batch of one rotation after another. `settled`: seconds until those who read an old key have written."""

    name = "data-key-rotator"
    waits = "new data keys wait"

    def __init__(self, now: Callable[[], datetime] = clock, every: float = EVERY, settled: float = SETTLED) -> None:
        super().__init__(every)
        self.now = now
        self._settled = settled
        self._since: dict[int, float] = {}  # when all of a rotation were seen to have their keys

    def turn(self) -> bool:
        try:
            return any(self._goes_on(rotation) for rotation in resealing.waiting())
        except Overtaken:
            return True

    def to_the_end(self, rotation: Rotation, tell: Callable[[Rotation], None]) -> None:
        """One rotation, in the foreground; `tell` hears after each batch how far it is."""
        while rotation.ended_at is None:
            if not self._goes_on(rotation):
                time.sleep(self.every)
            rotation.refresh_from_db()
            tell(rotation)

    def _goes_on(self, rotation: Rotation) -> bool:
        """Whether anything was done; nothing is while it waits for its second look."""
        if resealing.go_on(rotation, self.now()):
            return True
        if rotation.again:
            end(rotation, self.now())
            return True
        since = self._since.setdefault(rotation.pk, time.monotonic())
        if time.monotonic() - since < self._settled:
            return False
        resealing.look_again(rotation)
        return True


@transaction.atomic
def begin_all(now: datetime) -> Rotation:
    """New keys for all, asked for at the terminal."""
    hold(Lock.OFFICE)
    rotation = resealing.begin(None, now)
    recording.record(at=now, verb=str(Verb.KEYS_DATA), outcome=Outcome.DONE)
    return rotation


@transaction.atomic
def end(rotation: Rotation, now: datetime) -> None:
    """Note that it is done, and let the log tell."""
    if resealing.end(rotation, now):
        verb = Verb.KEYS_CHILD if rotation.subject_id else Verb.KEYS_DATA
        recording.record(
            at=now, verb=str(verb), outcome=Outcome.DONE, subject=rotation.subject, details={"ended": True}
        )
