"""Work that goes on beside the requests: a thread of the serving process that goes round after round while it lives."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from typing import ClassVar

from django.db import Error, close_old_connections, connection

from amanat.vault.keys import Locked

log = logging.getLogger(__name__)


class Rounds(ABC):
    """A thread that takes one turn after another. Start it after forking: threads do not survive a fork.

    `name` is that of the thread; `waits` is what the log says when the database, the disk or a lock is in the way.
    """

    name: ClassVar[str]
    waits: ClassVar[str]

    def __init__(self, every: float) -> None:
        self.every = every  # seconds between two turns that found nothing to do
        self._failing = False
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    @abstractmethod
    def turn(self) -> bool:
        """Do what there is to do now; whether there may be more at once."""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread after the turn that is on its way and what is left `at_the_end`."""
        self._stopping.set()
        self._thread.join()

    def at_the_end(self) -> None:  # noqa: B027 (nothing, unless a kind says otherwise)
        """What is to be done before the thread ends."""

    def round(self) -> bool:
        """A turn. What can't be done now is tried again next time."""
        try:
            close_old_connections()
            more = self.turn()
            self._failing = False
            return more
        except (Error, Locked, OSError):
            if not self._failing:  # once, not twice a second for as long as it lasts
                log.exception(self.waits)
            self._failing = True
            connection.close()
            return False

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                if not self.round():
                    self._stopping.wait(self.every)
            self.at_the_end()
        finally:
            connection.close()
