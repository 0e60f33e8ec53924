"""Erasing: each room takes away what it keeps of a subject, then the data key goes, and what the key opened stays shut for good.

The row of the subject stays, empty: the log points to it, and the erasure list is made of these rows. Rooms register what they
take away, so that this module knows none of them; those of higher floors come first, since their rows point to lower ones.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Now

from amanat.vault import boxes, index
from amanat.vault.files import path_of
from amanat.vault.models import Indexed, Leftover, Posting, RetiredKey, Rotation, RotationKind, Subject
from amanat.vault.rounds import Rounds

if TYPE_CHECKING:
    from psycopg.errors import Diagnostic

EVERY = 2.0  # seconds between two looks for what was erased
TRIES = 10  # of writing a table anew, a second between, while somebody reads
PATIENCE_MS = 250  # how long writers may be kept waiting while the log is emptied
# Whose removed bytes could still tell something to a thief of keys: the data keys, and the digests of names.
WRITTEN_ANEW = (Subject, RetiredKey, Indexed, Posting)


class Erasing:
    """One erasure on its way. A room takes its rows of `subjects` away and adds what else has to go with them."""

    def __init__(self, subjects: Iterable[uuid.UUID], at: datetime) -> None:
        self.subjects = frozenset(subjects)
        self.at = at
        self.with_them: set[uuid.UUID] = set()  # subjects that were about nobody else
        self.refs: set[uuid.UUID] = set()  # of rows that went, as addresses name them
        self.files: set[uuid.UUID] = set()  # sealed files


@dataclass(frozen=True)
class Unsearched:
    """What an erasure can't look into: how many there are, and when the last of them goes by itself."""

    count: int
    until: datetime


Eraser = Callable[[Erasing], None]
_erasers: list[Eraser] = []
_memories: list[Callable[[], None]] = []
_listeners: list[Callable[[], bool]] = []
_keepers: list[Callable[[Collection[uuid.UUID]], Iterable[uuid.UUID]]] = []
_tellers: list[Callable[[uuid.UUID], Unsearched | None]] = []


def register(eraser: Eraser) -> None:
    """Let `eraser` take away what its room keeps of the subjects, within the transaction of the erasure. Called in `ready()`."""
    if eraser not in _erasers:
        _erasers.append(eraser)


def register_unsearched(tell: Callable[[uuid.UUID], Unsearched | None]) -> None:
    """Let `tell` say what of an agency an erasure can't look into; None where there is nothing."""
    if tell not in _tellers:
        _tellers.append(tell)


def unsearched(agency: uuid.UUID) -> list[Unsearched]:
    return [found for tell in _tellers if (found := tell(agency))]


def register_keeper(keeps: Callable[[Collection[uuid.UUID]], Iterable[uuid.UUID]]) -> None:
    """Let `keeps` say which of some subjects nothing may erase by itself; what two people decide is not asked about here."""
    if keeps not in _keepers:
        _keepers.append(keeps)


def kept(subjects: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those of the subjects that whatever erases without a person has to leave."""
    return {subject for keeps in _keepers for subject in keeps(subjects)}


def register_memory(forget: Callable[[], None]) -> None:
    """Let `forget` empty what a process has opened and kept, soon after anything was erased."""
    if forget not in _memories:
        _memories.append(forget)


def register_listener(tell: Callable[[], bool]) -> None:
    """Let `tell` know that something was erased, soon after it was committed; it is asked again until it says that it heard."""
    if tell not in _listeners:
        _listeners.append(tell)


@transaction.atomic
def erase(subjects: Iterable[uuid.UUID], at: datetime) -> set[uuid.UUID]:
    """Take away what stands about these subjects, and their data keys; all that were erased, with those that went with them.

    What was erased before stays as it is. Once it is committed this process forgets what it had opened, the sealed files go,
    and listeners are told; `tidy` does what could not be done then.
    """
    rows = Subject.objects.select_for_update(no_key=True).filter(pk__in=list(subjects), erased_at=None).order_by("pk")
    erasing = Erasing(rows.values_list("pk", flat=True), at)
    Subject.objects.filter(pk__in=erasing.subjects).update(erased_at=at)  # what is frozen goes only with who is erased
    for eraser in reversed(_erasers):
        eraser(erasing)
    gone = erasing.with_them | erasing.subjects
    index.forget(Subject.objects.filter(pk__in=gone))
    going = Q(erased_at=None) | Q(pk__in=erasing.subjects)
    Subject.objects.filter(going, pk__in=gone).update(wrapped_key=b"", erased_at=at)
    for keys in (RetiredKey, Rotation):
        keys._default_manager.filter(subject__in=gone).delete()
    if gone:
        Leftover.objects.bulk_create(Leftover(file=file, since=at) for file in (None, *sorted(erasing.files)))
        for once_committed in (forget, tidy):
            transaction.on_commit(
                once_committed, robust=True
            )  # what fails is logged and keeps nothing else from being done
    return gone


def forget() -> None:
    """Empty what this process has opened and kept."""
    for forget_some in _memories:
        forget_some()


def tidy() -> None:
    """Take away sealed files that nobody needs any more, and clean the database of the pages that erasures freed.

    On SQLite somebody who reads meanwhile can keep a part of the log alive: it is tried again. On PostgreSQL only the owner of
    the tables can do it (`amanat erase sweep`).
    """
    due = Q(keep_until=None) | Q(keep_until__lte=Now())
    for left in Leftover.objects.filter(due).exclude(file=None).order_by("pk"):
        assert left.file
        path_of(left.file).unlink(missing_ok=True)
        left.delete()
    waiting = list(Leftover.objects.filter(file=None).values_list("pk", flat=True))
    if waiting and connection.vendor == "sqlite" and not connection.in_atomic_block and _empty_log():
        Leftover.objects.filter(pk__in=waiting).delete()


def _empty_log() -> bool:
    """Write what stands in SQLite's log into the database and cut the log to nothing; False while somebody reads from it.

    In the database itself what was removed was overwritten at once (`secure_delete`, free pages too). In the log stand the
    pages as they were before. Writers wait meanwhile, so that it is given up soon and tried again.
    """
    with connection.cursor() as cursor:
        patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]
        cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_MS}")
        try:
            busy, _pages, _written = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            cursor.execute(f"PRAGMA busy_timeout = {int(patience)}")
    return not busy


def sweep_postgresql(*, everything: bool) -> None:
    """Write keys and index anew without what was erased, and free the rest; as the owner of the tables.

    `VACUUM` alone leaves the bytes of a removed row in its page until something else is written there. `FULL` makes a new
    file, in which they never stood; the table is locked for that long. What is left of other tables can't be opened any more,
    but by who knows a former data key: `everything` writes all anew that such a key sealed.
    Somebody who reads meanwhile from whatever table keeps removed rows alive, also in the new file: then it counts as not done.
    """
    waiting = list(Leftover.objects.filter(file=None).values_list("pk", flat=True))
    models = (*WRITTEN_ANEW, *(boxes.models() if everything else ()))
    if not all(_written_anew(connection.ops.quote_name(model._meta.db_table)) for model in models):
        return
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")
    Leftover.objects.filter(pk__in=waiting).delete()


def _written_anew(table: str) -> bool:
    """Whether no removed row was carried over, by the first number of the server's own report, whatever language it speaks."""
    for _time in range(TRIES):
        kept: list[int] = []

        def hear(told: Diagnostic, kept: list[int] = kept) -> None:
            kept += [int(number) for number in re.findall(r"\d+", told.message_detail or "")[:1]]

        with connection.cursor() as cursor:
            cursor.connection.add_notice_handler(hear)
            cursor.execute(f"VACUUM (FULL, VERBOSE) {table}")
            cursor.connection.remove_notice_handler(hear)
        if kept and not any(kept):
            return True
        time.sleep(1)
    return False


def how_many() -> int:
    """How many subjects were erased, which only grows: one that was erased under a clock that ran ahead hides none after it."""
    return Subject.objects.filter(erased_at__isnull=False).count()


class Tidier(Rounds):
    """Does what is left to be done after an erasure, and tells who has to know, also of those before its time. In one process."""

    name = "tidier"
    waits = "what an erasure left could not be cleaned up; it is tried again"

    def __init__(self, every: float = EVERY) -> None:
        super().__init__(every)
        self._told = 0

    def turn(self) -> bool:
        tidy()
        erased = how_many()
        if erased != self._told:
            heard = [tell() for tell in _listeners]
            self._told = erased if all(heard) else self._told
        return False


def _given() -> object:
    """How far the last rotation of data keys is, as far as it matters to who keeps a key: begun, the office done, the second look."""
    last = Rotation.objects.filter(kind=RotationKind.DATA).order_by("-pk").first()
    return last and (last.pk, last.cursor is None, last.again)


class Forgetter(Rounds):
    """Empties what this process has opened whenever something was erased or got a new key, by whichever process. In each that
    answers requests."""

    name = "forgetter"
    waits = "whether anything was erased could not be asked; it is tried again"

    def __init__(self, every: float = EVERY) -> None:
        super().__init__(every)
        self._last: object = None

    def turn(self) -> bool:
        last = how_many(), _given()
        if last != self._last:
            self._last = last
            forget()
        return False
