"""Backups as tests make them, look at them, and try to restore them without writing anything."""

from __future__ import annotations

import io
from contextlib import redirect_stdout
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from amanat.access.actor import Actor
from amanat.office.actions import backing_up
from amanat.office.backups import envelope, taking
from amanat.office.backups.models import Backup, Destination, DestinationKind
from amanat.vault import recovery


def add(path: Path, actor: Actor, name: str = "the blue disk") -> Destination:
    return backing_up.add_place(name=name, kind=DestinationKind.FOLDER, place=str(path), access={}, actor=actor)


def made(now: datetime) -> Backup:
    return taking.take(Backup.objects.create(asked_at=now), now)


def files(disk: Path, which: str = "*") -> list[str]:
    return sorted(path.name for path in disk.glob(f"amanat-*.{which}.age"))


def identity(disk: Path, shares: list[str]) -> str:
    boxes = envelope.read_clear(disk / files(disk)[-1])["boxes"]
    return recovery.open_with(boxes, shares[1], shares[2])


def rehearsed(said: list[str], *arguments: str) -> str:
    """What `amanat restore … --dry-run` says to somebody who answers so, its questions too.

    Raises:
        CommandError: it refused.
        SystemExit: it asked for more than was answered.
    """
    told = io.StringIO()
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(told):
        patch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in said)))
        call_command("restore", *arguments, "--shares", "--dry-run", stdout=told)
    return told.getvalue()
