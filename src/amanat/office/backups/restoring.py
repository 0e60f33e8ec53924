"""Making a workspace again out of a backup: tables as they were then, rows, sealed files, erasures replayed, and the log told of it."""

from __future__ import annotations

import errno
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from django.apps.registry import Apps
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import Error, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils.translation import gettext as _

from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.audit.sealer import seal_pending
from amanat.office.backups import envelope, own_packs
from amanat.office.backups.envelope import Damaged, Record
from amanat.office.backups.models import Backup
from amanat.office.backups.pairs import Chosen, Identities
from amanat.office.backups.rows import SUBJECT, Columns, Loader, load_retired
from amanat.office.backups.unpacking import Documents, keep_packet
from amanat.people.models import User
from amanat.vault import erasing, erasures, resealing
from amanat.vault.erasures import ErasureList
from amanat.vault.first_tables import drawing_one_model_a_step
from amanat.vault.models import Subject, SubjectKind
from amanat.web.errors import PersonFacingError


class NewerVersion(PersonFacingError):
    """It was made by a version with tables that this one does not know."""

    def __init__(self) -> None:
        super().__init__(
            _("This backup was made by a newer version of Amanat."), _("Install that version, then restore.")
        )


@dataclass
class Found:
    """What a backup holds, or what was restored."""

    rows: dict[str, int] = field(default_factory=dict)  # by table
    files: int = 0
    packets: int = 0
    left_out: list[str] = field(default_factory=list)  # documents that are missing or damaged
    unreadable: int = 0  # subjects whose key was in no file: drafts and imports that were gone when the keys were saved


@dataclass(frozen=True)
class Ways:
    """How it is to be done. `erased` is the list that is replayed; `leave_out` lets documents be missing."""

    opened_by: Identities
    erased: ErasureList | None
    leave_out: bool = False

    @property
    def without_key(self) -> Collection[UUID]:
        return self.erased.erased.keys() if self.erased else ()


@dataclass(frozen=True)
class Told:
    """What the log is told: who opened it and how, what was lost."""

    now: datetime
    details: dict[str, Any]
    host_changed: bool
    newest: datetime  # when the newest backup was taken that lies where this one came from


def look_through(chosen: Chosen, ways: Ways) -> Found:
    """What would be restored; every byte is read and checked, and nothing is written.

    Raises:
        Damaged, WrongIdentity, MissingFile.
    """
    found, documents = Found(), Documents(chosen.places[0], copied=False)
    with _both(chosen, ways) as (records, keys):
        _tables, migrations = _manifest(records, chosen)
        _check_known(migrations)
        for told, _beside in records:
            if "table" in told:
                found.rows[told["table"]] = found.rows.get(told["table"], 0) + len(told["rows"])
            else:
                _files_or_packet(told, ways, found, documents)
        keys.to_the_end()
    return found


def load(chosen: Chosen, ways: Ways, workspace: Path) -> Found:
    """Everything, into the empty database of this process and a folder; all rows in one transaction.

    Raises:
        Damaged, WrongIdentity, MissingFile, NewerVersion.
    """
    found, documents = Found(), Documents(chosen.places[0], copied=True)
    with _both(chosen, ways) as (records, keys):
        columns, migrations = _manifest(records, chosen)
        apps = make_tables(migrations)
        loader = Loader(apps, columns)
        keys.place = columns[SUBJECT].index("id")
        with _room_here(), transaction.atomic():
            for told, beside in records:
                if "table" in told:
                    count = loader.load(told, beside, keys.extended if told["table"] == SUBJECT else None)
                    found.rows[told["table"]] = found.rows.get(told["table"], 0) + count
                else:
                    _files_or_packet(told, ways, found, documents)
                    if "packet" in told:
                        keep_packet(told, beside, workspace)
                    elif "pack" in told:
                        own_packs.keep(told, beside, workspace)
            keys.to_the_end()
            _set_sequences(apps, columns)
    found.unreadable = keys.missing
    call_command("migrate", verbosity=0, interactive=False)
    with transaction.atomic(), envelope.opened(chosen.keys, ways.opened_by.keys) as of_keys:
        load_retired(of_keys)  # into a table that the version which made the data may not have had
    return found


@contextmanager
def _room_here() -> Iterator[None]:
    """Raises:
    OSError: the disk under the database is full, as it is full for any other file.
    """
    try:
        yield
    except Error as error:
        if connection.vendor == "sqlite" and "full" in str(error):
            raise OSError(errno.ENOSPC, str(error)) from error
        raise


@transaction.atomic
def tell(chosen: Chosen, ways: Ways, told: Told) -> list[str]:
    """Replay the erasures, void passkeys of another host, and tell the log. Gives who has to get a new way in.

    The entry is sealed at once, under the workspace's audit key: that is its signature.
    """
    if ways.erased:
        erasures.replay(ways.erased.erased.values())
    _finish_what_was_gone(told.now)
    if chosen.of_keys.taken_at != chosen.of_data.taken_at:
        resealing.catch_up(told.now)
    voided = _void_passkeys() if told.host_changed else []
    # Among the rows is the backup itself, still being made. What is taken here comes after all that lies there, whatever the clock says.
    Backup.objects.filter(ended_at=None).exclude(begun_at=None).update(begun_at=told.newest)
    recording.record(at=told.now, verb="backup.restore", outcome=Outcome.DONE, details=told.details)
    seal_pending(told.now)
    return voided


def _finish_what_was_gone(now: datetime) -> None:
    """Erase what has no key: it was gone when the keys were saved, whether a list tells of it (a child) or none does (a draft).

    Else pages and threads would meet what nobody can open.
    """
    without = Subject.objects.filter(wrapped_key=b"", erased_at=None).exclude(kind=SubjectKind.OFFICE)
    if gone := list(without.values_list("pk", flat=True)):
        erasing.erase(gone, now)


# --- reading both files -----------------------------------------------------------------------------------------------


@contextmanager
def _both(chosen: Chosen, ways: Ways) -> Iterator[tuple[Iterator[Record], _Keys]]:
    with (
        envelope.opened(chosen.data, ways.opened_by.data) as records,
        envelope.opened(chosen.keys, ways.opened_by.keys) as of_keys,
    ):
        next(of_keys)  # the workspace's own keys; they are held already
        yield records, _Keys(of_keys, {id_.hex for id_ in ways.without_key})


def _manifest(records: Iterator[Record], chosen: Chosen) -> tuple[Columns, set[tuple[str, str]]]:
    try:
        told, _beside = next(records)
        return told["tables"], {(app, name) for app, name in told["migrations"]}
    except (StopIteration, KeyError, ValueError):
        raise Damaged(chosen.data) from None


class _Keys:
    """The wrapped keys, in the order of their subjects, as the rows of the subjects are. One that was erased is passed over."""

    def __init__(self, records: Iterator[Record], erased: set[str]) -> None:
        self.pairs = self._pairs(records)
        self.erased = erased
        self.next = next(self.pairs, None)
        self.place = 0  # of the id in a subject's row
        self.missing = 0

    @staticmethod
    def _pairs(records: Iterator[Record]) -> Iterator[tuple[str, bytes]]:
        for told, beside in records:
            at = 0
            for id_, size in told.get("keys", ()):  # after these come the retired ones
                yield id_, beside[at : at + size]
                at += size

    def extended(self, row: list[Any]) -> list[Any]:
        id_ = row[self.place]
        while self.next and self.next[0] < id_:
            self.next = next(self.pairs, None)
        if self.next and self.next[0] == id_ and id_ not in self.erased:
            return [*row, self.next[1]]
        self.missing += id_ not in self.erased
        return [*row, b""]

    def to_the_end(self) -> None:
        """Read what is left, so that it is checked."""
        for _pair in self.pairs:
            pass


def _files_or_packet(told: dict[str, Any], ways: Ways, found: Found, documents: Documents) -> None:
    """Raises:
    MissingFile: a document is not there as it should be.
    """
    if "packet" in told:
        found.packets += 1
        return
    if "pack" in told:
        return
    came, left_out = documents.bring(told["files"], ways.leave_out)
    found.files += came
    found.left_out += left_out


# --- the database -----------------------------------------------------------------------------------------------------


def _check_known(migrations: set[tuple[str, str]]) -> None:
    if not migrations <= set(MigrationLoader(None).graph.nodes):
        raise NewerVersion


def make_tables(migrations: set[tuple[str, str]]) -> Apps:
    """The tables as they were when the backup was made, empty; what came later is done to the rows by `migrate`."""
    _check_known(migrations)
    executor = MigrationExecutor(connection)
    graph = executor.loader.graph
    leaves = [
        node
        for node in sorted(migrations)
        if not any(child.key in migrations and child.key[0] == node[0] for child in graph.node_map[node].children)
    ]
    with drawing_one_model_a_step():
        state = executor.migrate(leaves)
    return ProjectState(state.models, state.real_apps).apps  # rows come in by classes that know each other


def _set_sequences(apps: Apps, columns: Columns) -> None:
    """The numbers that the database gives go on after those that came."""
    models = [apps.get_model(label) for label in columns]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _void_passkeys() -> list[str]:
    """Take away the passkeys, which another host can't use. Gives the sign-in names of those who have no other second factor."""
    passkeys = Authenticator.objects.filter(type=Authenticator.Type.WEBAUTHN)
    others = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).values("user")
    left = User.objects.filter(pk__in=passkeys.values("user")).exclude(pk__in=others)
    names = sorted(left.values_list("username", flat=True))
    passkeys.delete()
    return names
