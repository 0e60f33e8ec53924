"""What two files and an erasure list say before anything is restored from them, and whether they go together."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any, Final

from django.utils.translation import gettext as _

from amanat.audit.chain import Head
from amanat.office.backups import envelope, names
from amanat.office.backups.envelope import Damaged, NewerFormat
from amanat.office.backups.label import Label
from amanat.office.backups.places import Folder, Place
from amanat.vault import erasures
from amanat.vault.erasures import ErasureList
from amanat.vault.keys import Keyring
from amanat.web.errors import PersonFacingError

BEGINNING: Final = 64 * 1024  # bytes of a file in which its clear line ends; ours have three thousand


class DoNotFit(PersonFacingError):
    """The files are not two halves that belong together."""


class OldList(PersonFacingError):
    """There is no erasure list that is newer than what is to be restored."""


@dataclass(frozen=True)
class Chosen:
    """The two files that somebody wants to restore from, by their clear lines."""

    data: Path
    keys: Path
    of_data: Label
    of_keys: Label
    places: tuple[Place, ...]  # where other backups lie; the documents in the first of them

    @property
    def erasures(self) -> Path:
        """Where the list lies, unless somebody says otherwise: beside the data."""
        return self.data.parent / erasures.FILE

    @cached_property
    def known(self) -> list[Label]:
        """What both files say, and the later backups of this workspace that lie in the same places."""
        others = (
            _said_by(place, name, self.of_data.workspace)
            for place in self.places
            for name in place.names()
            if (told := names.parsed(name)) and told[0] >= self.of_data.taken_at.replace(microsecond=0)
        )
        return [self.of_data, self.of_keys, *chain.from_iterable(others)]

    @property
    def newest(self) -> datetime:
        """When the newest backup was taken that lies there."""
        return max(label.taken_at for label in self.known)


@dataclass(frozen=True)
class Identities:
    """What opens the two files: one and the same, unless shares were given out anew between them."""

    data: str = field(repr=False)
    keys: str = field(repr=False)


@dataclass(frozen=True)
class Unlocked:
    """The first of what stood in the file of the keys."""

    header: dict[str, Any]
    keys: Keyring = field(repr=False)


def choose(data: Path, keys: Path, place: Place | None = None) -> Chosen:
    """Both files, by their clear lines; of a `place`, or of the folders in which they lie.

    Raises:
        DoNotFit: they are of two workspaces, twice the same half, or the keys are older than the data.
        Damaged, NewerFormat: a file is none of ours.
    """
    for path in (data, keys):
        if not path.is_file():
            raise DoNotFit(
                _("%(file)s is not there.") % {"file": path},
                _("Name the file with the data, then the one with the keys."),
            )
    places = (place,) if place else (Folder(data.parent), Folder(keys.parent))
    chosen = Chosen(data, keys, Label.read(data), Label.read(keys), places)
    if [chosen.of_data.half, chosen.of_keys.half] != [names.DATA, names.KEYS]:
        raise DoNotFit(
            _("The first file has to be the data, the second the keys."),
            _("Their names end in .data.age and .keys.age."),
        )
    if chosen.of_data.workspace != chosen.of_keys.workspace:
        raise DoNotFit(_("The two files are of different workspaces."))
    if chosen.of_keys.taken_at < chosen.of_data.taken_at:
        raise DoNotFit(
            _("The keys are older than the data: what was begun between the two could not be read."),
            _("Take the keys of the same backup, or of a later one."),
        )
    return chosen


def unlock(chosen: Chosen, opened_by: Identities) -> Unlocked:
    """The workspace's keys.

    Raises:
        Damaged, WrongIdentity: as `envelope.opened` does.
    """
    with envelope.opened(chosen.keys, opened_by.keys) as records:
        told, _beside = next(records)
        held = Keyring({name: bytes.fromhex(key) for name, key in told["keyring"].items()})
        return Unlocked(told["header"], held)


def read_list(chosen: Chosen, path: Path | None, keys: Keyring) -> ErasureList | None:
    """The list that lies beside the data or at `path`; None where none lies there.

    Raises:
        BadList: it is not this workspace's, or was changed.
    """
    found = path or chosen.erasures
    return erasures.read_list(found.read_bytes(), keys, chosen.of_data.workspace) if found.is_file() else None


def check_list(chosen: Chosen, found: ErasureList | None) -> None:
    """Whether the list is the newest that can be known of: not older than either file, and than any backup that lies beside them.

    Raises:
        OldList: it is not, or there is none.
    """
    most = max(label.erasures for label in chosen.known)
    if found is None or found.made_at < chosen.newest or found.number < most:
        raise OldList(
            _("There is no erasure list as new as the newest backup."),
            _(
                "Whoever was erased since would come back. Take %(file)s from the place where the newest backup lies, and name it "
                "with --erasures."
            )
            % {"file": erasures.FILE},
        )


def is_newer(chosen: Chosen, found: ErasureList) -> bool:
    """Else it is as old as the backup: whoever was erased since stands in no list that lies there."""
    return found.made_at > chosen.of_keys.taken_at


def _said_by(place: Place, name: str, workspace: str) -> list[Label]:
    """Nothing where the file is not of this workspace, or could not be restored either."""
    try:
        beginning = b"".join(place.read(name, BEGINNING))
        line = envelope.clear_line(beginning[: beginning.find(b"\n") + 1], Path(name))
        label = Label.parsed(line, Path(name))
    except (Damaged, NewerFormat, OSError):
        return []
    return [label] if label.workspace == workspace else []


def lost_head(chosen: Chosen, found: ErasureList | None, told: Head | None) -> str | None:
    """The newest head of the log that anything knows of, where it is newer than that of the data; None where nothing is known lost."""
    listed = Head.parse(found.head) if found and found.head else None
    known = [*(label.head for label in chosen.known[1:]), listed, told]
    newest = max((head for head in known if head), key=lambda head: head.number, default=None)
    own = chosen.of_data.head
    if newest is None or (own and newest.number <= own.number):
        return None
    return str(newest)
