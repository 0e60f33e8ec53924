"""Which backup of a place is restored: its pair is found by the names of the files, and brought here where it lies in a storage."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from amanat.office.backups import names, pairs
from amanat.office.backups.pairs import Chosen
from amanat.office.backups.places import Folder, Place
from amanat.vault import erasures
from amanat.web.errors import PersonFacingError


class NoBackup(PersonFacingError):
    """Nothing that could be restored lies there."""

    def __init__(self, backup: str) -> None:
        super().__init__(
            _("No backup of that name lies there with its data and keys.")
            if backup
            else _("No backup lies there with its data and keys."),
            _(
                "Look for files that end in .data.age and .keys.age, and name the folder, or the bucket and prefix, in which they lie."
            ),
        )


def in_folder(folder: Path, backup: str = "") -> Chosen:
    """The newest pair of a folder, or the one that is named.

    Raises:
        NoBackup, NotReached. What `pairs.choose` raises.
    """
    data, keys = _pair(Folder(folder), backup)
    return pairs.choose(folder / data, folder / keys)


def from_storage(storage: Place, scratch: Path, backup: str = "") -> Chosen:
    """The same of a storage: the pair and the list of erasures are brought into a folder that is made for them, documents are not.

    Raises:
        NoBackup, NotReached. What `pairs.choose` raises.
    """
    data, keys = _pair(storage, backup)
    scratch.mkdir(mode=0o700)
    for name in (data, keys, erasures.FILE):
        _bring(storage, name, scratch)
    return pairs.choose(scratch / data, scratch / keys, storage)


def _pair(place: Place, backup: str) -> tuple[str, str]:
    found = names.newest_pair(place.names(), backup)
    if found is None:
        raise NoBackup(backup)
    return found


def _bring(storage: Place, name: str, to: Path) -> None:
    """Nothing where it is not there: what needs it says so."""
    pieces = storage.read(name)
    try:
        first = next(pieces, b"")
    except FileNotFoundError:
        return
    with (to / name).open("xb") as copy:
        copy.write(first)
        copy.writelines(pieces)
