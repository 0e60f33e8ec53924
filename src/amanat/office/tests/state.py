"""What tests of the health page share: one check by its name, and rows of backups."""

from __future__ import annotations

from datetime import datetime, timedelta

from amanat.audit.recording import office_subject
from amanat.office import health
from amanat.office.backups.models import Backup, Destination, DestinationKind
from amanat.office.health import Check, State


def found(id_: str, now: datetime, **more: bool) -> Check:
    """The one check of this name."""
    [check] = [check for check in health.look(now, **more) if check.id == id_]
    return check


def state(id_: str, now: datetime, **more: bool) -> State:
    return found(id_, now, **more).state


def ids(now: datetime, **more: bool) -> set[str]:
    return {check.id for check in health.look(now, **more)}


def place(now: datetime, name: str = "shelf", **more: object) -> Destination:
    usual: dict[str, object] = {
        "kind": DestinationKind.FOLDER,
        "place": f"/mnt/{name}",
        "added_at": now - timedelta(days=90),
    }
    return Destination.objects.create(subject=office_subject(), name=name, **usual | more)


def backup(begun_at: datetime, **more: object) -> Backup:
    return Backup.objects.create(**{"asked_at": begun_at, "begun_at": begun_at, "ended_at": begun_at} | more)
