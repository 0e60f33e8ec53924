"""A new master key: all that the former ones wrap is wrapped anew, in batches, while people work. Killed, it goes on where it stood.

Which generation wraps a key is its first byte, so that each opens at every moment. When a rotation begins is `config.rotating`'s.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from django.db import connection, transaction
from django.db.models import BinaryField, Model, QuerySet
from django.db.models.functions import Substr

from amanat.vault import generations
from amanat.vault.keys import MASTER, Locked, keyring
from amanat.vault.models import Generation, Leftover, RetiredKey, Rotation, RotationKind, Subject, bound

AT_ONCE: Final = 2_000  # so that whoever wants to write meanwhile waits for a moment only

log = logging.getLogger(__name__)

Wrapped = tuple[Any, uuid.UUID, bytes | memoryview]  # the row's key, its subject, the wrapped data key


def keys_to_wrap() -> int:
    """How many subjects have a data key."""
    return Subject.objects.exclude(wrapped_key=b"").count()


def of_master() -> Rotation | None:
    """The rotation of the master key that is not finished, if there is one."""
    return Rotation.objects.filter(kind=RotationKind.MASTER, ended_at=None).order_by("-generation").first()


def wrap_some(rotation: Rotation) -> bool:
    """Wrap the next data keys in the order of their subjects' ids, and note how far that is. False: all of them were passed.

    Raises:
        Locked: this process began before the key was made to which they go.
    """
    keyring().of(MASTER, rotation.generation)
    with transaction.atomic():
        held = Rotation.objects.select_for_update(no_key=True).get(pk=rotation.pk)
        subjects = Subject.objects.exclude(wrapped_key=b"").order_by("pk").select_for_update(no_key=True)
        retired = RetiredKey.objects.order_by("pk").select_for_update(no_key=True)
        if held.cursor:
            subjects, retired = subjects.filter(pk__gt=held.cursor), retired.filter(subject__gt=held.cursor)
        some = list(subjects.values_list("pk", "pk", "wrapped_key")[:AT_ONCE])
        if some:
            held.cursor, held.done = some[-1][0], held.done + len(some)
            held.total = max(held.total, held.done)  # children came meanwhile
            _wrap(Subject, some)
            _wrap(RetiredKey, _told(retired.filter(subject__lte=held.cursor)))
            held.save(update_fields=["cursor", "done", "total"])
        return bool(some)


def wrap_late() -> int:
    """Wrap what came in under a former key after the sweep had passed, and the index's own keys; how many there were.

    A command that began before the rotation may go on making such keys; they open, but stay under the former master key.
    """
    # Looked for before the transaction: among a million it takes seconds, and nobody who writes has to wait.
    subjects, retired = list(_older(Subject, "pk")), list(_older(RetiredKey, "subject"))
    with transaction.atomic():
        of_index = sum(map(generations.wrap_anew, Generation.objects.all()))
        return _wrap(Subject, subjects) + _wrap(RetiredKey, retired) + of_index


@transaction.atomic
def finish(rotation: Rotation, now: datetime) -> bool:
    """Declare the rotation finished. False: somebody else did."""
    if Rotation.objects.select_for_update(no_key=True).get(pk=rotation.pk).ended_at:
        return False
    unfinished = Rotation.objects.filter(kind=RotationKind.MASTER, ended_at=None)
    unfinished.filter(generation__lte=rotation.generation).update(ended_at=now)
    Leftover.objects.create(since=now)  # pages that were freed still show what the former key wraps
    return True


def _told(retired: QuerySet[RetiredKey]) -> Iterable[Wrapped]:
    return retired.values_list("pk", "subject", "wrapped_key")


def _older(model: type[Subject | RetiredKey], subject: str) -> Iterable[Wrapped]:
    """Those that the newest master key does not wrap, wherever they come from."""
    newest = bytes([keyring().newest(MASTER)])
    rows = model.objects.annotate(by=Substr("wrapped_key", 1, 1, output_field=BinaryField()))
    rows = rows.exclude(by=newest).exclude(wrapped_key=b"").order_by("pk")
    return rows.values_list("pk", subject, "wrapped_key")


def _wrap(model: type[Model], told: Iterable[Wrapped]) -> int:
    """Write the keys under the newest master key, and how many there were that were not. A key that was erased stays erased."""
    held, newest = keyring(), keyring().newest(MASTER)
    key, binary = model._meta.pk, connection.Database.Binary  # type: ignore[attr-defined]
    changed = []
    for pk, subject, wrapped in told:
        if wrapped[0] == newest:
            continue
        try:
            anew = held.wrap(held.unwrap(bytes(wrapped), bound(subject)), bound(subject))
        except (InvalidTag, Locked):
            log.error("the data key of subject %s is damaged: no master key opens it", subject)
            continue
        changed.append((binary(anew), key.get_db_prep_value(pk, connection), binary(wrapped)))
    quoted = connection.ops.quote_name
    place = f"{quoted(str(key.column))} = %s AND wrapped_key = %s"
    statement = f"UPDATE {quoted(model._meta.db_table)} SET wrapped_key = %s WHERE {place}"  # noqa: S608 (our own table)
    with connection.cursor() as cursor:
        cursor.executemany(statement, changed)
    return len(changed)
