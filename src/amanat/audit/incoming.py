"""What came in by the intake and was taken, or set aside. `vault` stands below this room, so it is heard by a signal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from amanat.audit.models import Outcome
from amanat.audit.recording import record
from amanat.vault.arrivals import arrived
from amanat.vault.intake import Packet


def listen() -> None:
    arrived.connect(note, dispatch_uid="audit.arrived")


def note(packet: Packet | None, taken: bool, at: datetime, **_signal: Any) -> None:
    """Of a packet that opens, its kind and when it came; who sent it is nobody that we know."""
    details = {"kind": packet.kind, "arrived": packet.arrived_at.isoformat()} if packet else None
    outcome = Outcome.DONE if taken else Outcome.REFUSED
    record(at=at, verb="intake.take", outcome=outcome, details=details)
