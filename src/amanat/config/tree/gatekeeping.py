"""The gate as the keys, the settings and the rooms say it; tokens are their verbs' and stay."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from django.conf import settings

from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.vault import gate, intake
from amanat.vault.keys import INTAKE, Keyring, keyring


def write_gate(folder: Path, now: datetime) -> None:
    """When a workspace was made, and each time it is opened: a room may have brought a kind of packet, or changed a limit."""
    name_the_key(folder, keyring(), now)
    gate.change(
        folder,
        duty_number=settings.AMANAT_DUTY_NUMBER,
        limits={name: kind.limit for name, kind in intake.kinds.items()},
        guarded=tuple(name for name, kind in intake.kinds.items() if kind.needs_token),
    )


def name_the_key(folder: Path, held: Keyring, now: datetime) -> None:
    """Let all who send seal to the newest intake key. If a key stood there that was never ours, the log tells of it: what was sealed
    to that one opens for somebody else.
    """
    there = gate.read(folder).intake_public
    if there not in {held.intake_public(one) for one in range(1, held.newest(INTAKE) + 1)}:
        recording.record(at=now, verb="intake.exchanged", outcome=Outcome.DONE, details={"found": there})
    if there != held.intake_public() or not gate.path(folder).exists():
        gate.change(folder, intake_public=held.intake_public())
