"""Sealed files that get a new name and a new key, because the data key under which their key stands may be known.

Rooms register where their rows keep a file. It is copied before the row is touched, streamed, and the former one goes when
nobody can be reading it any more. Whoever is killed in between leaves a file without a key, which goes as well.
"""

from __future__ import annotations

import json
import logging
import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, NamedTuple

from cryptography.exceptions import InvalidTag

from amanat.vault.files import DamagedFile, SealedWriter, read_sealed
from amanat.vault.models import DataKey, Leftover, SealedModel, Subject
from amanat.vault.sealing import Sealed, Tampered, text_in, unseal, written
from amanat.vault.stored import Row, box_in, place_of, read, rows_of

STILL_READ = timedelta(minutes=10)  # somebody may have read the row that names the former one
ABANDONED = timedelta(days=1)  # a copy that no row came to name

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """Where a model keeps a sealed file: the column with its name, and its one sealed field (an object) in which the file's key
    stands under `key`, and under `named`, if at all, the name once more."""

    model: type[SealedModel]
    column: str
    field: str
    key: str
    named: str = ""


class Copy(NamedTuple):
    kept: Kept
    former: uuid.UUID
    name: uuid.UUID
    key: bytes


@dataclass(frozen=True)
class Copies:
    """What was copied for one row; nothing where a file is damaged or missing, and stays as it is."""

    made_at: datetime
    made: Sequence[Copy]

    def put_into(self, row: Row, field: Sealed, text: bytes) -> tuple[bytes, dict[str, uuid.UUID]]:
        """The content of the sealed field, and the columns of the row that change. The former files go, by and by."""
        told, columns = json.loads(text), dict[str, uuid.UUID]()
        for kept, former, name, key in self.made:
            if row[kept.column] == former:
                columns[kept.column], told[kept.key] = name, key.hex()
                told |= {kept.named: name.hex} if kept.named else {}
                Leftover.objects.filter(file=name).delete()
                _leave(former, self.made_at, STILL_READ)
        return written(told), columns


_kept: list[Kept] = []


def register(*places: Kept) -> None:
    """Called in `ready()`."""
    _kept.extend(kept for kept in places if kept not in _kept)


def places(model: type[SealedModel]) -> list[Kept]:
    return [kept for kept in _kept if kept.model is model]


def keeps_keys(field: Sealed) -> bool:
    """Whether keys of files stand in it."""
    return any(kept.field == field.name for kept in _kept if kept.model is field.model)


class Found(NamedTuple):
    """A row with files, and what is sealed in it."""

    row: Row
    told: dict[str, Any]
    places: list[Kept]

    def copied(self, now: datetime) -> Copies:
        """Raises:
        OSError: the disk does not take it; nothing stays of that copy.
        """
        here = [kept for kept in self.places if self.row[kept.column]]
        made = [_copied(kept, self.row[kept.column], self.told[kept.key], now) for kept in here]
        return Copies(now, [copy for copy in made if copy])


def found(subjects: Mapping[uuid.UUID, Subject], due: Collection[uuid.UUID]) -> Iterator[Found]:
    """The rows of these subjects whose files have to be copied: of those who are `due` for a new key all, else those that stand
    under a retired one."""
    for model, kept in groupby(_kept, attrgetter("model")):
        places = list(kept)
        field = model._meta.get_field(places[0].field)
        for row in read(rows_of(model, subjects), *(one.column for one in places)):
            box, subject = box_in(row, field), subjects[row["subject_id"]]
            if box and (subject.pk in due or not _is_of_now(box, subject, place_of(row, field))):
                try:
                    yield Found(row, unseal(box, subject, field.seal_id, row["pk"].bytes), places)
                except Tampered:
                    log.warning("a row with a file does not open; its file stays as it is")


def _is_of_now(box: bytes, subject: Subject, place: bytes) -> bool:
    try:
        return bool(text_in(box, DataKey(subject.pk, bytes(subject.wrapped_key)).unwrapped(), place))
    except InvalidTag:
        return False


def _copied(kept: Kept, former: uuid.UUID, key: str, now: datetime) -> Copy | None:
    """None where it is missing or damaged: then it stays as it is."""
    writer = SealedWriter()
    _leave(writer.file_id, now, ABANDONED)
    try:
        for clear in read_sealed(former, bytes.fromhex(key)):
            writer.write(clear)
        writer.close()
    except (DamagedFile, FileNotFoundError):
        writer.discard()
        log.warning("a sealed file is damaged or missing; it could not be copied under a new key")
        return None
    except BaseException:
        writer.discard()
        raise
    return Copy(kept, former, writer.file_id, writer.key)


def _leave(file: uuid.UUID, now: datetime, stays: timedelta) -> None:
    Leftover.objects.create(file=file, since=now, keep_until=now + stays)
