"""What tests of new data keys share: rotating to the end, and every sealed value as it opens under the key of now alone."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from amanat.desk.rekeying import Rekeyer
from amanat.vault import boxes, resealing
from amanat.vault.files import read_sealed
from amanat.vault.models import DataKey, Subject
from amanat.vault.sealing import text_in
from amanat.vault.stored import box_in, place_of, read, sealed_of
from tests.cast import NOW

Place = tuple[str, uuid.UUID, str]  # model, row, field


def of_now(subject: Subject) -> AESGCM:
    return DataKey(subject.pk, bytes(subject.wrapped_key)).unwrapped()


def opened(subjects: Iterable[Subject] | None = None) -> dict[Place, bytes]:
    """Every sealed value but those of the log, under the key of now.

    Raises:
        InvalidTag: one stands under another.
    """
    some = Subject.objects.all() if subjects is None else subjects
    ciphers = {one.pk: of_now(one) for one in some if one.wrapped_key}
    return {
        (model._meta.label, row["pk"], field.name): text_in(box, ciphers[row["subject_id"]], place_of(row, field))
        for model in boxes.models()
        for row in read(model._base_manager.filter(subject__in=list(ciphers)))
        for field in sealed_of(model)
        if (box := box_in(row, field)) is not None
    }


def finish(now: datetime = NOW) -> None:
    """All that was asked for, with its second look."""
    rekeyer = Rekeyer(lambda: now, settled=0)
    while rekeyer.turn():
        pass
    assert not resealing.waiting()


def stored(subject: Subject) -> Subject:
    """As the database has it now."""
    return Subject.objects.get(pk=subject.pk)


def clear(file: uuid.UUID, key: str) -> bytes:
    return b"".join(read_sealed(file, bytes.fromhex(key)))
