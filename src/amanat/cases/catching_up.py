"""Steps that are due are worked out for cases that came with an import, and anew for all once a pack says something else."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from amanat.cases.actions import following
from amanat.vault.rounds import Rounds

EVERY: Final = 5.0  # seconds between two looks whether a case is behind


class Follower(Rounds):
    """In batches, each a transaction of its own; killed, it goes on with those that are left. A thread of the task process."""

    name = "steps-follower"
    waits = "working out the steps that are due waits"

    def __init__(self, every: float = EVERY) -> None:
        super().__init__(every)

    def turn(self) -> bool:
        cases = following.behind()
        if not cases:
            return False
        with transaction.atomic():
            following.work_out(cases)
        return True
