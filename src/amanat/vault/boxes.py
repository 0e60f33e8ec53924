"""Sealing anew what stands under a retired data key: boxes of all models, a batch of subjects model by model."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.apps import apps
from django.db import transaction

from amanat.vault import refiling
from amanat.vault.index import CARD
from amanat.vault.models import Indexed, SealedModel
from amanat.vault.refiling import Copies
from amanat.vault.sealing import bound_to, box_of, text_in
from amanat.vault.stored import Row, box_in, place_of, read, rows_of, sealed_of, write

AT_ONCE: Final = 500  # rows
PIECE: Final = 5  # rows of an import; one holds 500 lines of a table


@dataclass(frozen=True, slots=True)
class Ring:
    """The data keys of a subject: the one of now, and those before it, the newest first."""

    now: AESGCM
    retired: Sequence[AESGCM]

    def anew(self, box: bytes, place: bytes) -> bytes | None:
        """The content of a box that stands under a retired key; None of what stands under that of now, or under none of them."""
        for cipher in (self.now, *self.retired):
            try:
                text = text_in(box, cipher, place)
            except InvalidTag:
                continue
            return None if cipher is self.now else text
        return None


def reseal(rings: Mapping[uuid.UUID, Ring], copies: Mapping[uuid.UUID, Copies], *, piecewise: bool) -> None:
    """Every row of these subjects, but those that somebody holds. `copies` are of their files, by row."""
    for model in models():
        _of_model(model, rings, copies, PIECE if piecewise else AT_ONCE)
    _cards(rings)


def models() -> Iterator[type[SealedModel]]:
    """All whose rows may be changed: not the log."""
    for model in apps.get_models():
        if issubclass(model, SealedModel) and not model.only_added and sealed_of(model):
            yield model


def _of_model(
    model: type[SealedModel], rings: Mapping[uuid.UUID, Ring], copies: Mapping[uuid.UUID, Copies], at_once: int
) -> None:
    pks = list(rows_of(model, rings).values_list("pk", flat=True))
    files = [kept.column for kept in refiling.places(model)]
    for start in range(0, len(pks), at_once):
        with transaction.atomic():
            free = model._base_manager.select_for_update(no_key=True, skip_locked=True)
            changed: dict[tuple[str, ...], list[tuple[Any, ...]]] = defaultdict(list)
            for row in read(free.filter(pk__in=pks[start : start + at_once]), *files):
                if columns := _anew(model, row, rings[row["subject_id"]], copies.get(row["pk"])):
                    changed[tuple(columns)].append((*columns.values(), row["pk"]))
            for names, rows in changed.items():
                write(model, names, rows)


def _anew(model: type[SealedModel], row: Row, ring: Ring, copies: Copies | None) -> dict[str, Any]:
    """The columns of a row that change. A row with files that came since they were copied waits for the second look."""
    columns: dict[str, Any] = {}
    for field in sealed_of(model):
        text = ring.anew(box, place_of(row, field)) if (box := box_in(row, field)) else None
        if text is not None and refiling.keeps_keys(field):
            text, named = copies.put_into(row, field, text) if copies is not None else (None, {})
            columns |= named
        if text is not None:
            columns[field.name] = box_of(text, ring.now, place_of(row, field))
    return columns


def _cards(rings: Mapping[uuid.UUID, Ring]) -> None:
    """What the index compares children by."""
    free = Indexed.objects.select_for_update(no_key=True, skip_locked=True).filter(subject__in=list(rings))
    changed = []
    for number, subject, card in free.exclude(card=b"").values_list("pk", "subject_id", "card"):
        place = bound_to(subject, CARD, subject.bytes)
        if (text := rings[subject].anew(bytes(card), place)) is not None:
            changed.append((box_of(text, rings[subject].now, place), number))
    write(Indexed, ("card",), changed)
