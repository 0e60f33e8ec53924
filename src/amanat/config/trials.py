"""Where tables are brought up to date so that a failure changes nothing.

The embedded database: a copy, which takes the place of the file when all went well. PostgreSQL, where nobody may make a second
database: one transaction, which others see when it is committed, or never.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from amanat.office.backups.models import KEYS_DAYS
from amanat.vault.durable import settle
from amanat.vault.keys import database_key
from amanat.vault.models import Subject
from amanat.vault.sqlcipher.driver import Database
from amanat.vault.sqlcipher.opening import create_privately, unlock
from amanat.web.errors import PersonFacingError

DATABASE: Final = "amanat.db"
SPARE: Final = 100_000_000  # bytes that have to be left on the disk beside a copy and what it grows by
ALONE: Final = (
    # Works only while nobody else has the file open, and leaves nothing beside it.
    "PRAGMA journal_mode = DELETE",
    # From here on until it is closed nobody else reads or writes it. Who waits for it finds that it was moved, and fails.
    "PRAGMA locking_mode = EXCLUSIVE",
    "BEGIN EXCLUSIVE",
    "COMMIT",
)
AS_ONE: Final = (
    # Rows are counted before and after: what others write meanwhile must not look like ours.
    "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",
    "SET LOCAL lock_timeout = '10s'",
    # A table can't be altered while checks of its rows wait for the end of the transaction.
    "SET CONSTRAINTS ALL IMMEDIATE",
)


class InUse(PersonFacingError):
    def __init__(self) -> None:
        super().__init__(
            _("Another command works with this workspace."), _("Wait until it has ended, then type it again.")
        )


class NoRoom(PersonFacingError):
    """A copy would fill the disk."""


@contextmanager
def in_one_transaction(folder: Path) -> Iterator[Path]:
    """As `in_a_copy`; a file stands for the copy, and is gone when the commit begins."""
    with _emptied(folder) as place:
        trial = place / "transaction"
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    for statement in AS_ONE:
                        cursor.execute(statement)
            trial.touch()
            yield trial
            trial.unlink()


@contextmanager
def in_a_copy(folder: Path) -> Iterator[Path]:
    """Django's connection leads to a copy; nobody else gets at the database meanwhile. The former file stays beside it.

    The copy is given. As long as it is where it was, nothing of the trial was kept.

    Raises:
        InUse: somebody has the database open.
        NoRoom: the disk has no room for a copy.
    """
    database = folder / DATABASE
    connection.close()
    with _emptied(folder) as place:
        _check_room(database)
        copy = place / DATABASE
        try:
            with _alone_with(database) as held:
                _copy(held, copy)
                connection.settings_dict["NAME"] = copy
                yield copy
                _close_whole()
                _take_place(copy, database)
        finally:
            connection.close()
            connection.settings_dict["NAME"] = database


@contextmanager
def _emptied(folder: Path) -> Iterator[Path]:
    """A folder of the workspace, without what somebody left there who was cut off."""
    place = folder / "updating"
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(mode=0o700)
    try:
        yield place
    finally:
        shutil.rmtree(place)


def _check_room(database: Path) -> None:
    needed = 2 * database.stat().st_size + SPARE
    if shutil.disk_usage(database.parent).free < needed:
        raise NoRoom(
            _("The disk is nearly full: a copy of the database needs %(needed)s MB.") % {"needed": needed // 1_000_000},
            _("Make room, then type it again."),
        )


@contextmanager
def _alone_with(database: Path) -> Iterator[Database.Connection]:
    held = Database.connect(database, isolation_level=None)
    try:
        unlock(held, database_key)
        for statement in ALONE:
            held.execute(statement)
        yield held
    except Database.OperationalError as error:
        if error.sqlite_errorcode != Database.SQLITE_BUSY:
            raise
        raise InUse from None
    finally:
        held.close()


def _copy(held: Database.Connection, copy: Path) -> None:
    create_privately(copy)
    written = Database.connect(copy, isolation_level=None)
    try:
        unlock(written, database_key)
        held.backup(written)
    finally:
        written.close()


def _close_whole() -> None:
    """All that was written stands in the one file, and on the disk."""
    with connection.cursor() as cursor:
        if cursor.execute("PRAGMA journal_mode = DELETE").fetchone() != ("delete",):
            raise OperationalError("the copy could not be closed")
    connection.close()


def _take_place(copy: Path, database: Path) -> None:
    """At once: whoever is cut off leaves the one or the other."""
    former = former_of(database.parent)
    former.unlink(missing_ok=True)
    os.link(database, former)
    copy.replace(database)
    settle(database.parent)


# --- the former file --------------------------------------------------------------------------------------------------


def former_of(folder: Path) -> Path:
    return folder / f"{DATABASE}.before"


def forget_in_time(now: datetime) -> bool:
    """Take it away when a file of keys would have to go, and when somebody was erased whom it still knows."""
    former = former_of(Path(settings.WORKSPACE))
    if former.exists():
        left_at = datetime.fromtimestamp(former.stat().st_mtime, UTC)
        is_old = left_at < now - timedelta(days=KEYS_DAYS)
        if is_old or Subject.objects.filter(erased_at__gte=left_at).exists():
            former.unlink()
    return True
