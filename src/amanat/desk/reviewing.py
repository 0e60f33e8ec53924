"""The daily look through all closed files for those whose period of keeping ends: a thread of the process beside the requests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from amanat.desk.retention import last_review, review
from amanat.people.clock import clock
from amanat.vault.rounds import Rounds

EVERY: Final = 60.0  # seconds between two looks whether it is time
DAY: Final = timedelta(days=1)


class Reviewer(Rounds):
    """Makes the report of what will go, once a day."""

    name = "reviewer"
    waits = "the report of what will go waits"

    def __init__(self, now: Callable[[], datetime] = clock, every: float = EVERY) -> None:
        super().__init__(every)
        self.now = now

    def turn(self) -> bool:
        now, last = self.now(), last_review()
        if last is None or now - last.finished_at >= DAY:
            review(now)
        return False
