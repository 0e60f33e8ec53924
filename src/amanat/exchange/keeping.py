"""Whose an import is, and the one way to what is sealed in it. It is its author's alone: for everybody else there is none."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from amanat.access.actor import Actor
from amanat.access.loaders import Hidden
from amanat.exchange.lines import Became, Line
from amanat.exchange.mapping import Mapping
from amanat.exchange.models import WORKING, Batch, Import, Remembered
from amanat.vault.files import path_of
from amanat.vault.models import Subject
from amanat.vault.sealing import open_sealed
from amanat.web.errors import Refused

KEPT = timedelta(days=30)


def imports_of(actor: Actor) -> QuerySet[Import]:
    """The imports that the actor brought in this membership."""
    return Import.objects.filter(by=actor.membership).select_related("subject", "by__user", "by__agency")


def find(actor: Actor, ref: uuid.UUID) -> Import:
    """Raises:
    Hidden: there is none, or another worker brought it.
    """
    held = imports_of(actor).filter(pk=ref).first()
    if held is None:
        raise Hidden(None)
    return held


def batches_of(held: Import) -> QuerySet[Batch]:
    return Batch.objects.filter(held=held).order_by("first")


def batch_at(held: Import, place: int) -> Batch:
    """The batch in which the row at a place of the file stands.

    Raises:
        Hidden: the dry run has not come there, or the file has fewer rows.
    """
    batch = batches_of(held).filter(first__lte=place).last()
    if batch is None or place >= batch.first + batch.rows:
        raise Hidden(None)
    return batch


def opened(held: Import, name: str, actor: Actor, batch: Batch | None = None) -> Any:
    """The clear value of a sealed field of an import, or of one of its batches; None where there is none.

    Raises:
        Refused: another worker brought it.
    """
    if held.by_id != actor.membership.pk or (batch is not None and batch.held_id != held.pk):
        raise Refused()
    if batch is None:
        return open_sealed(held, name)
    batch.subject = held.subject  # so that the data key is unwrapped once
    return open_sealed(batch, name)


def headers_of(held: Import, actor: Actor) -> dict[str, str]:
    """By field: the header of the column that was said to be it."""
    mapping = Mapping.from_data(opened(held, "mapping", actor))
    return {field: column.title for field, column in mapping.fields.items()}


def remembered(actor: Actor, fingerprint: bytes) -> tuple[dict[str, Any], datetime] | None:
    """What the actor's agency made of the columns of a file of this shape, and when."""
    rows = Remembered.objects.filter(agency=actor.membership.agency, fingerprint=fingerprint)
    row = rows.select_related("subject").first()
    return (open_sealed(row, "mapping"), row.used_at) if row else None


def drop(held: Import) -> None:
    """Take an import away with all that was read; the sealed file goes once that is committed."""
    file = path_of(held.file)
    take_away(held)
    Subject.objects.filter(pk=held.subject_id).delete()
    transaction.on_commit(lambda: file.unlink(missing_ok=True))


def take_away(held: Import) -> None:
    """The rows of an import; what they were sealed under, and the file, are the caller's affair."""
    Batch.objects.filter(held=held).delete()
    held.delete()


def is_about(held: Import, cases: Collection[str], digests: Collection[str]) -> bool:
    """Whether an import holds a row that made one of these cases or may be about it, or that has one of these digests (all in
    hexadecimal). For an erasure: nobody sees what was opened."""
    for batch in batches_of(held).iterator(chunk_size=1):
        batch.subject = held.subject
        lines: list[Line] = open_sealed(batch, "content") or []
        became: dict[str, Became] = open_sealed(batch, "outcome") or {}
        met = {one["case"] for line in lines for one in line.get("met", [])} | {
            one.get("case") for one in became.values()
        }
        if not met.isdisjoint(cases) or any({line["row"], line["who"]} & set(digests) for line in lines):
            return True
    return False


def sweep(now: datetime) -> int:
    """Drop imports older than 30 days on which nothing works; how many went."""
    old = Import.objects.filter(received_at__lte=now - KEPT).exclude(state__in=WORKING)
    gone = 0
    for ref in list(old.values_list("pk", flat=True)):
        with transaction.atomic():
            held = old.select_for_update(no_key=True).filter(pk=ref).first()
            if held is not None:  # else it is being worked on again, or gone
                drop(held)
                gone += 1
    return gone
