"""The public part is written anew by itself, once a coordinator has written it: every hour, and at once after what takes from it."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import Error, transaction

from amanat.directory import public, published
from amanat.people.clock import clock
from amanat.vault.rounds import Rounds

EVERY: Final = 60.0  # seconds between two looks whether it is time
GOOD_FOR: Final = timedelta(hours=1)
"""Ours."""
log = logging.getLogger(__name__)


def after_this(now: datetime) -> None:
    """For verbs that hide, withhold, pause or take out: the site shows it no more once they are through."""
    transaction.on_commit(lambda: _anew(now))


def _anew(now: datetime) -> None:
    if not published.file().exists():
        return
    try:
        public.write(now)
    except (OSError, Error) as error:  # rather nothing than what is hidden now; the next round writes it
        log.error("the public part could not be written and is empty: %s", type(error).__name__)
        os.truncate(published.file(), 0)


class Refresher(Rounds):
    name = "public-part"
    waits = "the public part of the directory waits"

    def __init__(self, now: Callable[[], datetime] = clock, every: float = EVERY) -> None:
        super().__init__(every)
        self.now = now

    def turn(self) -> bool:
        now, made_at = self.now(), published.part().made_at
        if published.file().exists() and not (made_at and made_at <= now < made_at + GOOD_FOR):
            public.write(now)
        return False
