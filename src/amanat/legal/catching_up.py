"""Legal deadlines are worked out anew for all proceedings once a pack says something else."""

from __future__ import annotations

from typing import Final

from django.db import transaction

from amanat.cases.models import Case
from amanat.legal import following
from amanat.vault.rounds import Rounds

EVERY: Final = 5.0  # seconds between two looks whether proceedings are behind


class DuesFollower(Rounds):
    """In batches, each of the proceedings in a transaction of its own; killed, it goes on with those that are left."""

    name = "dues-follower"
    waits = "working out legal deadlines waits"

    def __init__(self, every: float = EVERY) -> None:
        super().__init__(every)

    def turn(self) -> bool:
        found = following.behind()
        for proceeding in found:
            with transaction.atomic():
                list(Case.objects.select_for_update(no_key=True).filter(pk=proceeding.case_id).values_list("pk"))
                following.follow(proceeding)
        return bool(found)
