"""Looking each minute, beside the requests: how many faults there are stands in a file, so that the day of whoever looks after the
system costs no question; the log of the server tells of each fault once.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings

from amanat.office.health import Check, State, look
from amanat.people.clock import clock
from amanat.vault.durable import write_whole
from amanat.vault.rounds import Rounds

EVERY: Final = 60.0  # seconds
STALE: Final = timedelta(minutes=10)  # after which nobody seems to look any more (ours)

log = logging.getLogger(__name__)


class Watcher(Rounds):
    """In a thread of the task process."""

    name = "health-watcher"
    waits = "how the system is could not be looked at"

    def __init__(self, now: Callable[[], datetime] = clock, every: float = EVERY) -> None:
        super().__init__(every)
        self.now = now
        self._told: set[str] = set()
        self._is_first = True

    def turn(self) -> bool:
        """At first only forget what stood there: whoever has to catch up begins in this moment, too."""
        if self._is_first:
            self._is_first = False
            _file().unlink(missing_ok=True)
            return False
        now = self.now()
        faults = [check for check in look(now) if check.state == State.FAULT]
        self._tell(faults)
        write_whole(_file(), json.dumps({"at": now.isoformat(), "faults": len(faults)}).encode())
        return False

    def _tell(self, faults: list[Check]) -> None:
        for check in faults:
            if check.id not in self._told:
                log.error("%s: %s", check.id, check.sentence)
        self._told = {check.id for check in faults}


def faults(now: datetime) -> int:
    """How many there were at the last look; that there was none lately is one, too. 0 where nobody has ever looked."""
    try:
        told = json.loads(_file().read_bytes())
    except FileNotFoundError:
        return 0
    is_stale = now - datetime.fromisoformat(told["at"]) > STALE
    return int(told["faults"]) + is_stale


def _file() -> Path:
    return Path(settings.WORKSPACE) / "run" / "health"
