"""The work on imports: a thread of the task process that takes one batch after another, each in a transaction with its cursor.

Whoever dies leaves the import at its cursor, and whoever starts next goes on there. Two processes may work side by side: the row
of the import is locked for a batch, and a batch that finds the cursor moved has been done by the other.
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, Final

from django.db import Error, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import Verb
from amanat.exchange import keeping, reading, taking
from amanat.exchange.attempts import Attempts, Overtaken, place_of
from amanat.exchange.cells import RowRead
from amanat.exchange.lines import Became, Line
from amanat.exchange.looking import DryRun, log_looks
from amanat.exchange.mapping import Mapping
from amanat.exchange.models import WORKING, Import, State
from amanat.people.clock import clock
from amanat.people.models import Membership
from amanat.vault.files import DamagedFile
from amanat.vault.keys import Locked
from amanat.vault.rounds import Rounds
from amanat.web.errors import PersonFacingError

BATCH: Final = 500  # rows a transaction
LETTERS: Final = 2_000_000  # that end a batch before: all of one stands in memory several times
EVERY: Final = 0.5  # seconds between two looks for work
PATIENCE: Final = 10.0  # seconds that another process may take for a batch
SWEPT_EVERY: Final = timedelta(days=1)  # old imports

log = logging.getLogger(__name__)


class Halted(Exception):
    """The import can't go on; it has been stopped with a sentence for its author."""


@contextmanager
def acting_for(held: Import, now: datetime) -> Iterator[Actor]:
    """The author at this moment, in their language and time zone.

    Raises:
        PersonFacingError: they work there no more, or may not import.
    """
    rows = Membership.objects.current(now).filter(pk=held.by_id).select_related("user", "agency", "site")
    member = rows.first()
    actor = Actor.of(member, now, second_factor=True).on("exchange.taken") if member else None
    if actor is None or not actor.may(Verb.EXCHANGE_IMPORT):
        raise PersonFacingError(_("Who brought this file may not import any more."))
    with translation.override(actor.user.language or "en"), timezone.override(actor.membership.zone):
        yield actor


def _told(held: Import) -> tuple[object, ...]:
    """Where an import stands, and under which key."""
    return held.pk, held.version, held.cursor, bytes(held.subject.wrapped_key)


def claim(held: Import) -> Import:
    """The row as it stands, locked until the transaction ends.

    Raises:
        Overtaken: it is not where `held` is.
    """
    now = Import.objects.select_for_update(no_key=True).filter(pk=held.pk).first()
    if now is None or (now.version, now.state, now.cursor) != (held.version, held.state, held.cursor):
        raise Overtaken()
    return held


def next_rows(rows: Iterator[tuple[RowRead, float]]) -> tuple[list[tuple[RowRead, float]], bool]:
    """The rows of a batch: 500, or fewer where much is written in them; and whether they are the last of the file."""
    read, letters = [], 0
    for row, how_far in rows:
        read.append((row, how_far))
        letters += sum(len(title) + len(text) for title, text in row.cells.items())
        if len(read) >= BATCH or letters >= LETTERS:
            return read, False
    return read, True


class Looking:
    """The dry run of one import in this process: the file is opened once, and rows that stand in batches are passed by."""

    def __init__(self, held: Import, actor: Actor) -> None:
        self.held = held
        about = keeping.opened(held, "about", actor)
        mapping = Mapping.from_data(keeping.opened(held, "mapping", actor))
        self._rows = reading.rows(
            held.file, bytes.fromhex(about["key"]), mapping, timezone.localdate(actor.now), about["letters"]
        )
        self._run = DryRun(held, actor)
        for row, _how_far in islice(self._rows, held.cursor):
            self._run.pass_by(row)

    def is_at(self, held: Import) -> bool:
        return _told(self.held) == _told(held)

    def go_on(self, actor: Actor) -> None:
        """One batch."""
        held = self.held
        self._run.actor = actor
        read, is_last = next_rows(self._rows)
        rows = [row for row, _how_far in read]
        batch, looked = self._run.batch(held.cursor, rows)
        with transaction.atomic():
            claim(held)
            if rows:
                batch.save(force_insert=True)
                log_looks(looked, actor)
                held.cursor += len(rows)
                held.rows = max(held.cursor, round(held.cursor / max(read[-1][1], 0.001)))  # about, until the end
            if is_last:
                held.state, held.rows, held.whole = State.LOOKED, held.cursor, True
            held.tries = 0
            held.save(update_fields=["state", "cursor", "rows", "whole", "tries"])


def take_batch(held: Import, actor: Actor) -> None:
    """One batch of an import that is being taken; the last one ends it."""
    batch = keeping.batches_of(held).filter(first=held.cursor).first()
    wanted: dict[str, Any] = keeping.opened(held, "wanted", actor)
    content: list[Line] = keeping.opened(held, "content", actor, batch) if batch else []
    outcome: dict[str, Became] = (keeping.opened(held, "outcome", actor, batch) or {}) if batch else {}
    with transaction.atomic():
        claim(held)
        if batch is not None:
            taking.take(batch, content, outcome, wanted, actor)
            held.cursor += batch.rows
        if batch is None or held.cursor >= held.rows:
            held.state = State.DONE
        held.tries = 0
        held.save(update_fields=["state", "cursor", "tries"])


def halt(held: Import, sentence: str) -> None:
    """Stop an import that can't go on, with a sentence for its author."""
    with transaction.atomic():
        now = Import.objects.select_for_update(no_key=True).select_related(None).filter(pk=held.pk).first()
        if now is not None and now.state in WORKING:
            held.state, held.wanted = State.STOPPED, {"problem": sentence}
            held.version = now.version + 1
            held.save(update_fields=["state", "wanted", "version"])


class Work:
    """What is to be done on imports, in this process."""

    def __init__(self, now: Callable[[], datetime] = clock) -> None:
        self.now = now
        self._attempts = Attempts(now)
        self._looking: Looking | None = None
        self._idle = threading.Event()
        self._others: dict[uuid.UUID, tuple[int, float]] = {}  # where others' work stood, and when we saw it move

    def round(self) -> bool:
        """One batch of the import that has been taken longest, and one of the oldest dry run; whether there was anything.

        What is taken goes before, so that nobody's import waits for the end of somebody's long file. One that the database has just
        refused is passed by for a while.
        """
        return self._batch_of(State.TAKING) | self._batch_of(State.LOOKING)

    def all_of(self, held: Import) -> None:
        """Work on one import until it waits for its author, in the foreground."""
        while (held := self._again(held)).is_working:
            if not self._try(held):
                self._idle.wait(EVERY)

    def _again(self, held: Import) -> Import:
        return self._rows().get(pk=held.pk)

    @staticmethod
    def _rows() -> QuerySet[Import]:
        return Import.objects.select_related("subject")

    def _batch_of(self, state: State) -> bool:
        waiting = self._rows().filter(state=state).exclude(pk__in=self._attempts.resting())
        held = waiting.order_by("received_at", "id").first()
        if held is None:
            self._looking = (
                self._looking if state == State.TAKING else None
            )  # a file read to its end stays in no memory
            return False
        return self._try(held)

    def _is_others(self, held: Import) -> bool:
        """Whether another process was seen at this import and goes on with it; who stands still for long has died."""
        if held.pk not in self._others:
            return False
        cursor, seen = self._others[held.pk]
        if held.cursor != cursor:
            self._others[held.pk] = (held.cursor, time.monotonic())
        elif time.monotonic() - seen > PATIENCE:
            del self._others[held.pk]
        return held.pk in self._others

    def _try(self, held: Import) -> bool:
        """One batch; False where another process is at it."""
        if self._is_others(held):
            return False
        place = place_of(held)
        try:
            return self._batch(held)
        except (Error, Locked) as error:
            self._looking = None
            if isinstance(error, Error):
                self._attempts.failed(place)
            raise

    def _batch(self, held: Import) -> bool:
        try:
            with acting_for(held, self.now()) as actor:
                self._attempts.begin(held)
                take_batch(held, actor) if held.state == State.TAKING else self._look(held, actor)
        except Overtaken:
            self._looking = None
            self._others[held.pk] = (held.cursor, time.monotonic())
            return False
        except (Error, Locked):
            raise
        except PersonFacingError as error:
            halt(held, f"{error.sentence} {error.hint}".strip())
        except (DamagedFile, OSError):
            halt(held, _("The sealed file is damaged and can't be read. Bring it once more."))
        except Exception as error:
            self._looking = None
            halt(held, _("Something went wrong that is our fault. What was taken until then stays."))
            raise Halted(type(error).__name__) from None  # its message could repeat what stood in a cell
        return True

    def _look(self, held: Import, actor: Actor) -> None:
        if self._looking is None or not self._looking.is_at(held):
            self._looking = Looking(held, actor)
        self._looking.go_on(actor)


class Importer(Rounds):
    """Works on imports, in a thread of the task process."""

    name = "importer"
    waits = "imports wait"

    def __init__(self, work: Work | None = None, every: float = EVERY) -> None:
        super().__init__(every)
        self.work = work or Work()
        self._swept: datetime | None = None

    def turn(self) -> bool:
        self._sweep()
        try:
            return self.work.round()
        except Halted as error:
            log.error("an import was stopped: %s", error)
            return False

    def _sweep(self) -> None:
        """Drop old imports, once a day."""
        now = self.work.now()
        if self._swept is None or now - self._swept >= SWEPT_EVERY:
            self._swept = now  # also where it fails: that keeps no import from going on
            keeping.sweep(now)
