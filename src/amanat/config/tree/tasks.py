"""The child that works beside the requests: it seals the log, goes on with imports, opens what came in, and posts the index anew."""

from __future__ import annotations

from amanat.config.tree import child

if __name__ == "__main__":
    child.enter()

import os
import signal
import threading
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from amanat.vault.rounds import Rounds

LINGER = 12.0  # seconds of the twenty until force is used: what was done has to be sealed by then


def main() -> None:
    """Until a signal says to stop; what is on its way is finished, if it does not take long, and what was done is sealed last."""
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())
    django.setup()

    from amanat.audit.sealer import Sealer
    from amanat.vault import rounds

    child.unlock()
    others, sealer = _threads(), Sealer()
    for one in (*others, sealer):
        one.start()
    stopping.wait()
    if rounds.end(others, sealer, LINGER):
        os._exit(0)  # a backup or an import goes on at the next start


def _threads() -> list[Rounds]:
    """All but the one that seals the log."""
    from amanat.api.waiting import Ender
    from amanat.cases.catching_up import Follower
    from amanat.cases.escalating import Escalator
    from amanat.cases.sweeping import Sweeper
    from amanat.config.rotating import Rotator
    from amanat.desk.rekeying import Rekeyer
    from amanat.desk.reviewing import Reviewer
    from amanat.directory.refreshing import Refresher
    from amanat.exchange.gathering import Gatherer
    from amanat.exchange.work import Importer
    from amanat.hotline.ringing import Ringer
    from amanat.legal.catching_up import DuesFollower
    from amanat.office.backups.keeping import Keeper
    from amanat.office.health.watching import Watcher
    from amanat.people import looks
    from amanat.people.messages import Messenger
    from amanat.referrals.keeping_time import Timekeeper
    from amanat.referrals.places_ending import Announcer
    from amanat.vault.arrivals import Opener
    from amanat.vault.erasing import Tidier

    sweeps = [DuesFollower(), Follower(), Importer(), Rekeyer(), Reviewer(), Rotator(), Sweeper()]
    return [
        *sweeps,
        Announcer(),
        Ender(),
        Escalator(),
        Gatherer(),
        Keeper(),
        Messenger(),
        Opener(),
        Refresher(),
        Ringer(),
        Tidier(),
        Timekeeper(),
        Watcher(),
        looks.Sweeper(),
    ]


if __name__ == "__main__":
    main()
