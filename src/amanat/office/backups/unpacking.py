"""What a backup brings besides rows: sealed documents, which lie beside it, and packets that waited when it was made.

All of it is for its owner alone, and on the disk before anything moves to its place: whoever is told *Restored* may destroy what it
came from. That the names of folders stand there, too, `staging` sees to.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from amanat.office.backups import media
from amanat.office.backups.places import Place
from amanat.vault import intake
from amanat.vault.durable import fresh, write_whole
from amanat.vault.files import path_of
from amanat.web.errors import PersonFacingError


class MissingFile(PersonFacingError):
    """A document of the workspace is not beside the backup, or is damaged there."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _("The document %(name)s is missing beside the backup, or damaged there.") % {"name": name},
            _(
                "Bring the folder media from another place, or add --leave-out-damaged to restore without such documents."
            ),
        )


def keep_packet(told: dict[str, Any], sealed: bytes, workspace: Path) -> None:
    folder = intake.folder(workspace)
    folder.mkdir(mode=0o700, exist_ok=True)
    if told["aside"]:
        folder /= intake.ASIDE
        folder.mkdir(mode=0o700, exist_ok=True)
    write_whole(folder / Path(told["packet"]).name, sealed)


@dataclass(frozen=True)
class Documents:
    """Those of a place; they are copied into this workspace, or only looked at."""

    place: Place
    copied: bool

    def bring(self, files: Iterable[tuple[str, int, str]], leave_out: bool) -> tuple[int, list[str]]:
        """So many came, and these were left out.

        Raises:
            MissingFile: one is missing or damaged, and is not to be left out.
        """
        came, left_out = 0, []
        for name, _size, digest in files:
            if self._is_whole(name, digest):
                came += 1
            elif leave_out:
                left_out.append(name)
            else:
                raise MissingFile(name)
        return came, left_out

    def _is_whole(self, name: str, digest: str) -> bool:
        pieces = self.place.read(media.place_of(name))
        try:
            if not self.copied:
                return media.digest_of(pieces).hex() == digest
            return _is_written(path_of(UUID(name)), pieces, digest)
        except FileNotFoundError:
            return False


def _is_written(kept: Path, pieces: Iterator[bytes], digest: str) -> bool:
    """Write a file, unless its pieces are not what they should be."""
    first, hashed = next(pieces, b""), hashlib.sha256()
    for folder in (kept.parent.parent, kept.parent):
        folder.mkdir(mode=0o700, exist_ok=True)
    with fresh(kept) as copy:
        for piece in chain([first], pieces):
            hashed.update(piece)
            copy.write(piece)
    if hashed.hexdigest() == digest:
        return True
    kept.unlink()
    return False
