"""Taking a backup: two sealed files of one moment, written here; `carrying` brings them to each place."""

from __future__ import annotations

import fcntl
import logging
import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

import amanat
from amanat.audit import recording
from amanat.audit.chain import Head
from amanat.audit.models import Outcome
from amanat.audit.queries import head
from amanat.audit.sealer import seal_pending
from amanat.office.backups import carrying, envelope, media, names, own_packs, places, rows
from amanat.office.backups.carrying import SKEW, Pair, Way
from amanat.office.backups.envelope import Record
from amanat.office.backups.label import Label
from amanat.office.backups.models import KEYS_DAYS, Backup, BackupPlan, Destination, Trouble
from amanat.office.backups.places import NotReached
from amanat.vault import erasures, intake
from amanat.vault.header import Header
from amanat.vault.keys import keyring
from amanat.vault.snapshots import snapshot
from amanat.web.errors import PersonFacingError

NOT_CARRIED = {
    "wrapped",
    "provider",
    "database",
    "recoverable",
    "tls",
    "proxied",
}  # of the header: they belong to one machine

SHOWN = 10  # backups on the page

log = logging.getLogger(__name__)


class AtWork(PersonFacingError):
    """Another process is making one."""

    def __init__(self) -> None:
        super().__init__(_("Another backup is being made."), _("Wait until it has ended."))


def plan() -> BackupPlan:
    return BackupPlan.objects.first() or BackupPlan()


def take(backup: Backup, now: datetime, only: Sequence[Destination] | None = None) -> Backup:
    """Make the backup that a row asks for, and bring it to every place, or to `only` these. What came of it stands in the row.

    Raises:
        AtWork: another process is making one.
    """
    with alone() as folder:
        backup.refresh_from_db()
        if backup.ended_at:  # by another process, while this one looked
            return backup
        backup.begun_at = _moment(now)
        backup.save(update_fields=["begun_at"])
        at_head = None
        try:
            at_head = _make(backup, folder, now, only)
        except NotReached as error:
            backup.trouble = error.trouble
        except OSError as error:
            log.exception("a backup failed")
            backup.trouble = Trouble.FULL_HERE if error.errno in places.NO_ROOM else Trouble.FAILED
        _end(backup, now, at_head)
    return backup


def take_at_once(now: datetime, only: Sequence[Destination] | None = None) -> Backup:
    """A backup that nobody asked for on a page: by the command.

    Raises:
        AtWork: another process is making one.
    """
    return take(Backup.objects.create(asked_at=now), now, only)


def _make(backup: Backup, folder: Path, now: datetime, only: Sequence[Destination] | None) -> str:
    """Write both files and carry them; the head of the log that they are of.

    Raises:
        NotReached: no place has them.
        OSError: the disk of this machine did not take them.
    """
    assert backup.begun_at
    media.note_new(backup.begun_at)
    seal_pending(now)
    pair = _write(folder, backup.begun_at)
    backup.name, backup.size = pair.data.name.partition(".")[0], pair.size
    backup.reached = carrying.carry(pair, Way(folder, backup.begun_at, now), plan(), only)
    if not backup.reached:
        raise NotReached(Trouble.NOWHERE)
    return pair.head


def _moment(now: datetime) -> datetime:
    """The moment that a backup bears: now, or where the clock is behind, the second after the newest one before it.

    So the order of the names is the order in which they were made, also after a clock that jumped and was set right.
    """
    last = _last_moment()
    return max(now, last + timedelta(seconds=1)) if last else now


def _last_moment() -> datetime | None:
    last: datetime | None = Backup.objects.aggregate(last=Max("begun_at"))["last"]
    return last


@transaction.atomic
def _end(backup: Backup, now: datetime, at_head: str | None) -> None:
    """What came of it, in the row and in the log."""
    backup.ended_at = now
    backup.save()
    details = {"name": backup.name, "head": at_head, "reached": backup.reached, "trouble": backup.trouble}
    told = {key: value for key, value in details.items() if value}
    recording.record(at=now, verb="backup.made", outcome=Outcome.DONE, membership=backup.asked_by, details=told)


@contextmanager
def alone() -> Iterator[Path]:
    """A folder for the files that are being made; whatever an earlier backup left there when it was killed is gone.

    Raises:
        AtWork: another process is going round the places.
    """
    run = Path(settings.WORKSPACE) / "run"
    run.mkdir(exist_ok=True, mode=0o700)
    with (run / "backup.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AtWork from None
        folder = run / "backup"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(mode=0o700)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


# --- the two files ----------------------------------------------------------------------------------------------------


def _write(folder: Path, moment: datetime) -> Pair:
    """Both files, of one snapshot.

    Raises:
        NotReached: nobody holds shares, so nobody could open them.
        Locked: the workspace got another key after this process began.
    """
    header, keys = Header.read(Path(settings.WORKSPACE)), keyring()
    if not header.recovery:
        raise NotReached(Trouble.NO_RECOVERY)
    public, boxes = header.recovery["public"], header.recovery["boxes"]
    _link_packets(folder)
    with snapshot():
        at_head = head() or ""
        # Only now: what the snapshot shows may rest on a key that came after ours.
        keys.check_is_whole(Header.read(Path(settings.WORKSPACE)))
        label = Label(
            header.id,
            names.DATA,
            moment,
            Head.parse(at_head) if at_head else None,
            boxes,
            erasures.number(),
            amanat.__version__,
        )
        data, sealed = (folder / names.file_name(moment, which) for which in (names.DATA, names.KEYS))
        envelope.write(data, label.clear(), _data(folder), public)
        envelope.write(sealed, replace(label, half=names.KEYS).clear(), _keys(header), public)
    return Pair(data, sealed, at_head)


def _data(folder: Path) -> Iterator[Record]:
    columns = rows.tables()
    yield {"tables": columns, "migrations": rows.migrations()}, b""
    yield from chain(rows.dump(columns), media.listed(), _packets(folder), own_packs.carried())


def _keys(header: Header) -> Iterator[Record]:
    held = {name: key.hex() for name, key in keyring().keys.items()}
    carried = {name: value for name, value in vars(header).items() if name not in NOT_CARRIED}
    yield {"header": carried, "keyring": held}, b""
    yield from chain(rows.dump_keys(), rows.dump_retired())


def _link_packets(folder: Path) -> None:
    """What came in and waits to be opened, or could not be: whatever is opened after this stands in the snapshot or is linked here."""
    intake_here = intake.folder(Path(settings.WORKSPACE))
    for place, kept in (
        (intake_here, folder / "intake"),
        (intake_here / intake.ASIDE, folder / "intake" / intake.ASIDE),
    ):
        kept.mkdir()
        for packet in intake.waiting(place):
            try:
                os.link(packet, kept / packet.name)
            except FileNotFoundError:  # opened this moment
                continue


def _packets(folder: Path) -> Iterator[Record]:
    for packet in sorted((folder / "intake").rglob("*.packet")):
        yield {"packet": packet.name, "aside": packet.parent.name == intake.ASIDE}, packet.read_bytes()


@dataclass(frozen=True)
class Status:
    """What the page and the command say.

    `late`: places not reached for as long as keys live, so that old ones may lie there. `beside`: those on the workspace's own disk.
    `ahead`: the moment of the newest backup, where the clock says that it is still to come.
    """

    destinations: list[Destination]
    late: list[Destination]
    beside: list[Destination]
    backups: list[Backup]
    ahead: datetime | None

    @property
    def is_arranged(self) -> bool:
        """Whether any place gets backups by the plan."""
        return any(place.is_regular for place in self.destinations)

    @property
    def told_ahead(self) -> str:
        """A sentence about that; "" where all is well."""
        if not self.ahead:
            return ""
        return _(
            "The newest backup is dated %(day)s, a day that is still to come: the clock of this machine is wrong, or was. Set it right."
        ) % {"day": f"{self.ahead:%d.%m.%Y}"}


def status(now: datetime) -> Status:
    found = list(Destination.objects.all())
    last = _last_moment()
    ahead = last if last and last > now + SKEW else None
    beside = [one for one in found if places.shares_our_disk(one)]
    return Status(found, late(found, now), beside, list(Backup.objects.select_related("asked_by__user")[:SHOWN]), ahead)


def late(places_: Iterable[Destination], now: datetime) -> list[Destination]:
    """A day to come was written under a clock that was wrong, and says nothing."""
    since, until = now - timedelta(days=KEYS_DAYS), now + SKEW
    return [one for one in places_ if not since <= (one.reached_at or one.added_at) <= until]


def publish_erasures(now: datetime) -> list[str]:
    """Bring a fresh erasure list to every place, as soon as something was erased; the names of those that have it now.

    Raises:
        AtWork: another process is going round the places.
    """
    with alone() as folder:
        return carrying.publish(Way(folder, _moment(now), now))


def tend(now: datetime) -> None:
    """Go round the places on demand, which no plan brings anything to.

    Raises:
        AtWork: another process is going round the places.
    """
    with alone() as folder:
        carrying.tend(Way(folder, _moment(now), now), Destination.objects.on_demand())
