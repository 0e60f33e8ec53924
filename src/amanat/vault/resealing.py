"""New data keys, on suspicion: a subject gets another one, and whatever is sealed about it is sealed anew under that.

The key that it had is kept, retired and wrapped as it was, until the subject is erased: the log is only added to and stays under
the keys of its time, and backups from before need them. A `Rotation` of the kind *data* is the queue and the cursor: of one
subject, or of all but drafts of what has no file yet, which are gone after 30 days. A batch is one transaction with the cursor,
so that whoever is killed goes on where it stood; only a large import is done piece by piece.

What holds beside people at work: what was written before is sealed anew, and who reads the key afterwards seals under the new
one. A row that somebody holds at that moment is passed over; and somebody who read the key before and writes after it seals under
the retired one. Both go on opening (`models.DataCipher`), and both are found by a second look, which begins `SETTLED` after the
last subject got its key. What a program that runs for longer writes still later under a key that it read before stays there: it
opens, but whoever has the old key could read it.
"""

from __future__ import annotations

import secrets
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import nullcontext
from datetime import datetime
from itertools import takewhile
from typing import Final

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from amanat.vault import boxes, erasing, refiling
from amanat.vault.boxes import Ring
from amanat.vault.keys import keyring
from amanat.vault.models import DataKey, Leftover, RetiredKey, Rotation, RotationKind, Subject, SubjectKind, bound
from amanat.vault.refiling import Copies, Found
from amanat.vault.stored import write

AT_ONCE: Final = 200  # subjects; whoever wants to write meanwhile waits for a moment only
FILES_AT_ONCE: Final = 25
FIRST: Final = uuid.UUID(int=0)  # before every id
NO_KEYS: Final = 0  # the generation of a rotation that makes none
SETTLED: Final = 60.0  # seconds; no request takes so long


class Overtaken(Exception):
    """Another process did this batch, or the one subject was erased."""


# --- the queue ----------------------------------------------------------------------------------------------------------


def begin(subject: Subject | None, now: datetime) -> Rotation:
    """Ask for new keys, of one subject or of all. Where that was asked for and is not done, it goes on."""
    those = Rotation.objects.filter(kind=RotationKind.DATA, subject=subject, generation__gt=NO_KEYS)
    return those.filter(ended_at=None).first() or Rotation.objects.create(
        kind=RotationKind.DATA, generation=those.count() + 2, subject=subject, begun_at=now
    )


def catch_up(now: datetime) -> None:
    """Let all that stands under retired keys be sealed anew under those of now: data from before a rotation came with keys from after."""
    if RetiredKey.objects.exists():
        Rotation.objects.create(kind=RotationKind.DATA, generation=NO_KEYS, begun_at=now, again=True)


def waiting() -> list[Rotation]:
    """What is asked for and not done: of one subject before that of all."""
    rows = Rotation.objects.filter(kind=RotationKind.DATA, ended_at=None)
    return list(rows.order_by(F("subject").asc(nulls_last=True), "pk"))


def go_on(rotation: Rotation, now: datetime) -> bool:
    """The next batch; False where all have been gone through.

    Raises:
        Overtaken: nothing was done, for somebody else did.
        OSError: the disk does not take the copy of a file.
    """
    some = _next(rotation)
    if not some:
        return False
    some, copies = _copy_files(rotation, some, now)
    is_large = some[-1].kind == SubjectKind.IMPORT
    with nullcontext() if is_large else transaction.atomic():
        boxes.reseal(_rings(rotation, some, now), copies, piecewise=is_large)
        _move(rotation, some)
    if any(one.kind == SubjectKind.OFFICE for one in some):
        erasing.forget()  # the key of the office is kept in memory
    return True


def look_again(rotation: Rotation) -> None:
    """Begin the second look: all have new keys, and whoever read an old one has written by now."""
    Rotation.objects.filter(pk=rotation.pk, again=False).update(again=True, cursor=None, done=0, total=0)


def end(rotation: Rotation, now: datetime) -> bool:
    """The second look is through; pages that were freed still show what the former keys open. False: somebody else said so before."""
    ended = Rotation.objects.filter(pk=rotation.pk, ended_at=None).update(ended_at=now, done=F("total"))
    if ended:
        Leftover.objects.create(since=now)
    return bool(ended)


# --- a batch ------------------------------------------------------------------------------------------------------------


def _next(rotation: Rotation) -> list[Subject]:
    """The next subjects, an import by itself. The office comes first, since processes keep its key in memory: when that is done
    they read it again (`erasing.Forgetter`)."""
    rows = _subjects(rotation)
    if rotation.cursor is None:
        offices = [] if rotation.subject_id else list(Subject.objects.filter(kind=SubjectKind.OFFICE))
        rotation.total = rows.count() + len(offices)
        if offices:
            return offices
    some = list(rows.filter(pk__gt=rotation.cursor or FIRST)[:AT_ONCE])
    is_large = bool(some) and some[0].kind == SubjectKind.IMPORT
    return some[:1] if is_large else list(takewhile(lambda one: one.kind != SubjectKind.IMPORT, some))


def _subjects(rotation: Rotation) -> QuerySet[Subject]:
    """In the order of their ids: the one, or all but drafts and the office."""
    rows = Subject.objects.filter(erased_at=None).order_by("pk")
    if rotation.again:
        rows = rows.filter(Exists(RetiredKey.objects.filter(subject=OuterRef("pk"))))
    if rotation.subject_id:
        return rows.filter(pk=rotation.subject_id)
    return rows.exclude(kind__in=(SubjectKind.DRAFT, SubjectKind.OFFICE))


def _copy_files(
    rotation: Rotation, some: list[Subject], now: datetime
) -> tuple[list[Subject], dict[uuid.UUID, Copies]]:
    """As many of these subjects as have files for one batch; and their files, copied before anything is locked."""
    retired = _retired(one.pk for one in some)
    due = {one.pk for one in some if _is_due(rotation, retired[one.pk])}
    by_subject: dict[uuid.UUID, list[Found]] = defaultdict(list)
    for found in refiling.found({one.pk: one for one in some if one.wrapped_key}, due):
        by_subject[found.row["subject_id"]].append(found)
    taken, copies = list[Subject](), dict[uuid.UUID, Copies]()
    for one in some:
        if taken and len(copies) + len(by_subject[one.pk]) > FILES_AT_ONCE:
            break
        taken.append(one)
        copies |= {found.row["pk"]: found.copied(now) for found in by_subject[one.pk]}
    return taken, copies


@transaction.atomic
def _rings(rotation: Rotation, some: Iterable[Subject], now: datetime) -> dict[uuid.UUID, Ring]:
    """The keys of those who have one, locked. Who has had no new one since the rotation began gets it now."""
    rows = Subject.objects.select_for_update(no_key=True).filter(pk__in=[one.pk for one in some], erased_at=None)
    held = {one.pk: one for one in rows.order_by("pk") if one.wrapped_key}
    retired = _retired(held)
    fresh = [one for one in held.values() if _is_due(rotation, retired[one.pk])]
    for one in fresh:
        retired[one.pk].insert(0, RetiredKey(subject=one, wrapped_key=bytes(one.wrapped_key), retired_at=now))
        one.wrapped_key = keyring().wrap(secrets.token_bytes(32), bound(one.pk))
    RetiredKey.objects.bulk_create(retired[one.pk][0] for one in fresh)
    write(Subject, ("wrapped_key",), [(one.wrapped_key, one.pk) for one in fresh])
    return {pk: Ring(_cipher(pk, one), [_cipher(pk, key) for key in retired[pk]]) for pk, one in held.items()}


def _retired(subjects: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, list[RetiredKey]]:
    """The newest first."""
    found: dict[uuid.UUID, list[RetiredKey]] = defaultdict(list)
    for row in RetiredKey.objects.filter(subject__in=list(subjects)).order_by("-pk"):
        found[row.subject_id].append(row)
    return found


def _is_due(rotation: Rotation, retired: Sequence[RetiredKey]) -> bool:
    return not rotation.again and all(key.retired_at < rotation.begun_at for key in retired)


def _cipher(subject: uuid.UUID, held: Subject | RetiredKey) -> AESGCM:
    return DataKey(subject, bytes(held.wrapped_key)).unwrapped()


def _move(rotation: Rotation, some: Sequence[Subject]) -> None:
    """The cursor stands behind this batch. It is moved last, after the subjects were locked: in that order an erasure goes, too."""
    here = Rotation.objects.filter(pk=rotation.pk, cursor=rotation.cursor, again=rotation.again, ended_at=None)
    last = FIRST if rotation.subject_id is None and some[-1].kind == SubjectKind.OFFICE else some[-1].pk
    if not here.update(cursor=last, done=F("done") + len(some), total=rotation.total):
        raise Overtaken
