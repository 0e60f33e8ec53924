"""Work that goes on beside the requests: a thread of the task process that goes round after round while it lives."""

from __future__ import annotations

import logging
import threading
import time
import traceback
from abc import ABC, abstractmethod
from collections.abc import Sequence
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

    def ask_to_end(self) -> None:
        """After the turn that is on its way and what is left `at_the_end`."""
        self._stopping.set()

    def has_ended(self, within: float | None = None) -> bool:
        """Whether it has, after waiting for that at most `within` seconds."""
        self._thread.join(within)
        return not self._thread.is_alive()

    def at_the_end(self) -> None:  # noqa: B027 (nothing, unless a kind says otherwise)
        """What is to be done before the thread ends."""

    def round(self) -> bool:
        """A turn. What can't be done now is tried again next time, whatever was in the way."""
        try:
            close_old_connections()
            more = self.turn()
            self._failing = False
            return more
        except Exception as error:
            if not self._failing:  # once, not twice a second for as long as it lasts
                self._say_why(error)
            self._failing = True
            connection.close()
            return False

    def _say_why(self, error: Exception) -> None:
        """Of an error that nobody thought of only its type and its place: its message may repeat what was being read."""
        if isinstance(error, Error | Locked | OSError):
            log.exception(self.waits)
        else:
            where = "".join(traceback.format_tb(error.__traceback__))
            log.error("%s: %s\n%s", self.waits, type(error).__name__, where)

    def _run(self) -> None:
        try:
            while not self._stopping.is_set():
                if not self.round():
                    self._stopping.wait(self.every)
            self.at_the_end()
        finally:
            connection.close()


def end(some: Sequence[Rounds], last: Rounds, within: float) -> list[Rounds]:
    """End all of them at once, then the last one, which does not wait for any longer than `within` seconds; who is still at work."""
    until = time.monotonic() + within
    for one in some:
        one.ask_to_end()
    left = [one for one in some if not one.has_ended(max(0.0, until - time.monotonic()))]
    last.ask_to_end()
    last.has_ended()
    return left
