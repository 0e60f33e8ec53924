"""The sealed files of a workspace, for backups: each is hashed once and copied once to each place. They never change."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db.models import QuerySet

from amanat.office.backups.envelope import Record
from amanat.office.backups.models import KeptFile
from amanat.office.backups.places import Folder, NotReached, Place

FOLDER = "media"
NAME: Final = re.compile(r"[0-9a-f]{32}")  # of a sealed file that is whole
A_SECOND: Final = timedelta(seconds=1)  # names of backups tell no less
PARTS = [f"{number:02x}" for number in range(256)]  # the folders in which they lie, by the beginning of their names


def note_new(now: datetime) -> None:
    """Hash what is new here, and note what is gone."""
    for part in PARTS:
        here = _here(part)
        known = set(_known(part).filter(gone_at=None).values_list("name", flat=True))
        KeptFile.objects.bulk_create(
            _hashed(path for name, path in here.items() if name not in known),
            update_conflicts=True,
            unique_fields=["name"],
            update_fields=["gone_at"],
        )
        _known(part).filter(name__in=known - set(here)).update(gone_at=now)


def listed() -> Iterator[Record]:
    """Name, size and hash of each file that is here now; of those that came since `note_new`, too."""
    for part in PARTS:
        known = {held.name: held for held in _known(part)}
        here = _here(part)
        came = {one.name: one for one in _hashed(path for name, path in here.items() if name not in known)}
        files = [found for name in sorted(here) if (found := known.get(name) or came.get(name))]
        if files:
            yield {"files": [[one.name, one.size, bytes(one.sha256).hex()] for one in files]}, b""


def copy_new(place: Place) -> None:
    """Bring what the place does not have yet."""
    for part in PARTS:
        here = _here(part)
        if here:
            there = set(place.names(f"{FOLDER}/{part}"))
            for name in sorted(here.keys() - there):
                _copy(place, name, here[name])


def _copy(place: Place, name: str, path: Path) -> None:
    try:
        place.put(place_of(name), path)
    except NotReached:
        if path.exists():  # else it was taken away this moment
            raise


def drop_unneeded(place: Place, oldest: datetime) -> None:
    """Take away what was gone here before the oldest data that lie there were taken: no backup that is left needs it."""
    gone = KeptFile.objects.filter(gone_at__lt=oldest + A_SECOND).order_by("name").values_list("name", flat=True)
    for part, some in groupby(gone.iterator(), key=lambda name: name[:2]):
        there = set(place.names(f"{FOLDER}/{part}"))
        for name in there.intersection(some):
            place.remove(place_of(name))


def forget_old(now: datetime, keep: timedelta) -> None:
    """What has been gone for twice as long as data is kept has been dropped everywhere that was reached."""
    KeptFile.objects.filter(gone_at__lt=now - 2 * keep).delete()


def digest_of(pieces: Iterable[bytes]) -> bytes:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.digest()


def _here(part: str) -> dict[str, Path]:
    folder = Path(settings.AMANAT_MEDIA) / part
    if not folder.is_dir():
        return {}
    with os.scandir(folder) as found:
        return {entry.name: Path(entry.path) for entry in found if NAME.fullmatch(entry.name) and entry.is_file()}


def _known(part: str) -> QuerySet[KeptFile]:
    return KeptFile.objects.filter(name__startswith=part)


def place_of(name: str) -> str:
    """Where a document lies, in each place."""
    return f"{FOLDER}/{name[:2]}/{name}"


def _hashed(paths: Iterable[Path]) -> Iterator[KeptFile]:
    """Those of them that are not taken away meanwhile."""
    for path in paths:
        try:
            digest = digest_of(Folder(path.parent).read(path.name))
            yield KeptFile(name=path.name, size=path.stat().st_size, sha256=digest)
        except FileNotFoundError:
            continue
