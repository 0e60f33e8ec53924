"""Giving up the master, the audit or the intake key for a new one. First the header has it, then all who serve, then the log tells
of it, and only then anything rests on it: so whoever is killed in between loses nothing, and whoever comes next goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.audit.sealer import seal_pending
from amanat.config import unlocking
from amanat.config.tree.gatekeeping import name_the_key
from amanat.people.clock import clock
from amanat.vault import control, rotating
from amanat.vault.keys import AUDIT, INTAKE, MASTER, Keyring, Workspace, hold, keyring
from amanat.vault.models import Rotation
from amanat.vault.rounds import Rounds
from amanat.web.errors import PersonFacingError

KINDS: Final = (MASTER, AUDIT, INTAKE)
EVERY: Final = 5.0  # seconds between two looks for a rotation
REPLACED_WITHIN: Final = 600.0  # seconds; each process may take twenty to answer what is on its way


class NotTold(PersonFacingError):
    """Whoever serves has not taken the new key."""

    def __init__(self) -> None:
        super().__init__(
            _("The new key is kept, but the processes that serve could not be told of it."),
            _("Lock the workspace and unlock it: then they take it. ./run amanat lock, then ./run amanat unlock"),
        )


def begin(folder: Path, kind: str, opener: Mapping[str, Any]) -> int:
    """Put the next generation of a key into the header, and hold it; its number. An unfinished rotation is gone on with instead.

    Raises:
        WrongKey: what was typed does not open the workspace.
    """
    workspace = Workspace.at(folder)
    held = hold(workspace.renew(kind, unlocking.provider_of(workspace, opener), partial(_is_unfinished, kind)))
    return held.newest(kind)


def _is_unfinished(kind: str, generation: int) -> bool:
    known = Rotation.objects.filter(kind=kind, generation=generation).first()
    return known.ended_at is None if known else generation > 1


def tell(folder: Path, opener: Mapping[str, Any]) -> bool:
    """Let all who serve take the keys that the header has now. False: nobody serves.

    Raises:
        NotTold: they did not.
    """
    told = control.ask(folder, {"ask": "reread", **opener})
    if told is None:
        return False
    if not told.get("reread"):
        raise NotTold
    control.ask(folder, {"ask": "status"}, REPLACED_WITHIN)  # it answers again when all were replaced
    return True


def note(folder: Path, held: Keyring, now: datetime) -> None:
    """Note the newest generations that no row tells of, each with its line in the log: from then on they are used.

    All who serve have them by now. It is done by whoever began a rotation, and once more at each start.
    """
    for kind in KINDS:
        if (generation := held.newest(kind)) > 1:
            _note_one(kind, generation, now)
    name_the_key(folder, held, now)


def _note_one(kind: str, generation: int, now: datetime) -> None:
    is_master = kind == MASTER
    begun = {
        "begun_at": now,
        "total": rotating.keys_to_wrap() if is_master else 0,
        "ended_at": None if is_master else now,
    }
    with transaction.atomic():
        _row, is_new = Rotation.objects.get_or_create(kind=kind, generation=generation, defaults=begun)
        if is_new:
            _record(kind, now, generation=generation)
    if is_new and kind == AUDIT:
        seal_pending(now)  # `verify` asks for a seal under the newest key


def go_on(now: datetime) -> Rotation | None:
    """A batch of the rotation of the master key; how far it was before. None: there is none.

    Raises:
        Locked: this process began before that rotation.
    """
    rotation = rotating.of_master()
    if rotation and not rotating.wrap_some(rotation) and not rotating.wrap_late():
        with transaction.atomic():
            if rotating.finish(rotation, now):
                _record(MASTER, now, generation=rotation.generation, ended=True)
    return rotation


def _record(kind: str, now: datetime, **details: Any) -> None:
    recording.record(at=now, verb=f"keys.{kind}", outcome=Outcome.DONE, details=details)


class Rotator(Rounds):
    """Notes at its start what the header has, and goes on with the rotation of the master key: in the process beside the requests."""

    name = "key-rotator"
    waits = "a rotation of the master key waits"

    def __init__(self, now: Callable[[], datetime] = clock, every: float = EVERY) -> None:
        super().__init__(every)
        self.now = now
        self._noted = False

    def turn(self) -> bool:
        if not self._noted:
            note(Path(settings.WORKSPACE), keyring(), self.now())
            self._noted = True
        return go_on(self.now()) is not None
