"""The room that is left on the disks of a workspace, and what waits to be written into its database."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import connection
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from amanat.office.health import Check, Probe, Seen, State, add

LEAST: Final = 1_000_000_000  # bytes free (ours)
LOW: Final = 0.1  # of the disk (ours)
LARGE: Final = 256 * 1024 * 1024  # bytes of SQLite's log (ours)


def register() -> None:
    add(Probe("disk", disks, without_keys=True), Probe("database", not_written_back, without_keys=True))


def disks(_seen: Seen) -> Iterator[Check]:
    """Each disk once: the workspace's, and those of `media` and `run` where they lie on others."""
    workspace, known = Path(settings.WORKSPACE), set()
    folders = {"disk": workspace, "disk.media": Path(settings.AMANAT_MEDIA), "disk.run": workspace / "run"}
    for id_, folder in folders.items():
        if folder.exists() and (device := folder.stat().st_dev) not in known:
            known.add(device)
            yield _disk(id_, folder)


def _disk(id_: str, folder: Path) -> Check:
    whole, _used, free = shutil.disk_usage(folder)
    state = State.FAULT if free < LEAST else State.WARNING if free < LOW * whole else State.OK
    sentence = _("Free: %(free)s of %(whole)s.") % {"free": filesizeformat(free), "whole": filesizeformat(whole)}
    hint = _("Make room, or move to a larger disk: on a full one nothing can be saved.") if state != State.OK else ""
    return Check(id_, _("Disk"), state, sentence, hint, free)


def not_written_back(_seen: Seen) -> Iterator[Check]:
    if connection.vendor != "sqlite":
        return
    try:
        size = Path(f"{os.fspath(connection.settings_dict['NAME'])}-wal").stat().st_size
    except FileNotFoundError:
        size = 0
    state, hint = State.OK, ""
    if size > LARGE:
        state, hint = (
            State.WARNING,
            _("Something keeps reading, such as a backup. If it stays so, serve anew."),
        )
    sentence = _("Waiting to be written back: %(size)s.") % {"size": filesizeformat(size)}
    yield Check("database.log", _("Database"), state, sentence, hint, size)
