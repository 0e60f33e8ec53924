"""Opening what came in, once there are keys: one packet after another, each in one transaction with the note that it was taken."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.dispatch import Signal
from django.utils import timezone

from amanat.vault import intake
from amanat.vault.keys import Locked, keyring
from amanat.vault.models import TakenPacket
from amanat.vault.rounds import Rounds

EVERY = 0.5  # seconds between two looks into the folder
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
        held_up = None
        for file in intake.waiting(self.place):
            try:
                self.take(file)
            except IN_THE_WAY as error:  # it may be in the way of this one only
                held_up = held_up or error
        if held_up:
            raise held_up
        return False

    def take(self, file: Path) -> None:
        """Hand one packet to the room that knows its kind; one that was taken before just goes.

        Raises:
            OperationalError, InterfaceError, OSError, Locked: the database, the disk or a key is in the way; the packet waits.
        """
        packet = None
        try:
            packet = intake.open_packet(keyring(), file.read_bytes())
            with transaction.atomic():
                if self._is_new(packet):
                    intake.kinds[packet.kind].handler(packet)
                    arrived.send(Opener, packet=packet, taken=True, at=self.clock())
        except IN_THE_WAY:
            raise
        except Exception as error:
            log.error(
                "a packet of the intake was set aside: %s", type(error).__name__
            )  # its message may repeat what it says
            self._set_aside(file, packet)
        else:
            file.unlink()

    def _set_aside(self, file: Path, packet: intake.Packet | None) -> None:
        with transaction.atomic():
            arrived.send(Opener, packet=packet, taken=False, at=self.clock())
            intake.set_aside(file)

    def _is_new(self, packet: intake.Packet) -> bool:
        _row, is_new = TakenPacket.objects.get_or_create(id=packet.id, defaults={"at": self.clock()})
        return is_new
