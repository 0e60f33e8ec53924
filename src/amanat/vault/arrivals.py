"""Opening what came in, once there are keys: one packet after another, each in a transaction with the note that it was taken."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.dispatch import Signal
from django.utils import timezone

from amanat.vault import intake
from amanat.vault.keys import Locked, keyring
from amanat.vault.models import TakenPacket
from amanat.vault.rounds import Rounds

EVERY = 0.5  # seconds between two looks into the folder
# Packets a transaction, by the kind of database: whoever saves a page waits for all of them, or on PostgreSQL for those on the same file.
TOGETHER = {"sqlite": 8, "postgresql": 32}
PATIENCE = 50  # milliseconds that such a transaction waits for a row; PostgreSQL looks for deadlocks after a second
IN_THE_WAY = (OperationalError, InterfaceError, OSError, Locked)

log = logging.getLogger(__name__)
# Sent in the transaction in which a packet is taken, or set aside (`taken=False`; `packet` is None where it did not open).
arrived = Signal()


class Opener(Rounds):
    """Opens packets, in a thread of the task process."""

    name = "intake-opener"
    waits = "packets of the intake wait"

    def __init__(
        self, clock: Callable[[], datetime] = timezone.now, every: float = EVERY, place: Path | None = None
    ) -> None:
        super().__init__(every)
        self.clock = clock
        self.place = place or intake.folder(Path(settings.WORKSPACE))

    def turn(self) -> bool:
        held_up, files, many = None, intake.waiting(self.place), TOGETHER[connection.vendor]
        for first in range(0, len(files), many):
            some = files[first : first + many]
            if len(some) > 1 and self._take_all(some):
                continue
            for file in some:
                try:
                    self.take(file)
                except IN_THE_WAY as error:  # it may be in the way of this one only
                    held_up = held_up or error
        if held_up:
            raise held_up
        return False

    def _take_all(self, files: Sequence[Path]) -> bool:
        """Some in one transaction, for which the disk is waited for once; false where that can't be, and nothing was done."""
        try:
            with transaction.atomic():
                _give_way()
                for file in files:
                    self._hand_over(intake.open_packet(keyring(), file.read_bytes()))
        except Exception:  # each is taken alone, and says what is wrong with it
            return False
        for file in files:
            file.unlink()
        return True

    def take(self, file: Path) -> None:
        """Hand one packet to the room that knows its kind; one that was taken before just goes.

        Raises:
            OperationalError, InterfaceError, OSError, Locked: the database, the disk or a key is in the way; the packet waits.
        """
        packet = None
        try:
            packet = intake.open_packet(keyring(), file.read_bytes())
            with transaction.atomic():
                self._hand_over(packet)
        except IN_THE_WAY:
            raise
        except Exception as error:
            log.error(
                "a packet of the intake was set aside: %s", type(error).__name__
            )  # its message may repeat what it says
            self._set_aside(file, packet)
        else:
            file.unlink()

    def _hand_over(self, packet: intake.Packet) -> None:
        if self._is_new(packet):
            intake.kinds[packet.kind].handler(packet)
            arrived.send(Opener, packet=packet, taken=True, at=self.clock())

    def _set_aside(self, file: Path, packet: intake.Packet | None) -> None:
        with transaction.atomic():
            arrived.send(Opener, packet=packet, taken=False, at=self.clock())
            intake.set_aside(file)

    def _is_new(self, packet: intake.Packet) -> bool:
        """One statement, in which whoever takes the same packet meanwhile is waited for."""
        table = connection.ops.quote_name(TakenPacket._meta.db_table)
        at = connection.ops.adapt_datetimefield_value(self.clock())
        with connection.cursor() as cursor:
            cursor.execute(f"INSERT INTO {table} (id, at) VALUES (%s, %s) ON CONFLICT DO NOTHING", [packet.id, at])  # noqa: S608
            return bool(cursor.rowcount)


def _give_way() -> None:
    """Whoever holds several rows, in no order, waits for none for long: where two wait for each other, it is not a person who fails."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{PATIENCE}ms'")
