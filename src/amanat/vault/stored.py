"""Rows as they are stored, of whatever model has sealed fields: their boxes read and written closed, past what opens and seals them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import connection
from django.db.models import BinaryField, ExpressionWrapper, F, Field, Model, QuerySet

from amanat.vault.models import SealedModel
from amanat.vault.sealing import Sealed, bound_to

Row = Mapping[str, Any]


def sealed_of(model: type[Model]) -> list[Sealed]:
    return [field for field in model._meta.local_concrete_fields if isinstance(field, Sealed)]


def rows_of(model: type[SealedModel], subjects: Iterable[uuid.UUID]) -> QuerySet[Any]:
    return model._base_manager.filter(**{f"{model.by_subject}__in": list(subjects)})


def read(rows: QuerySet[Any], *columns: str) -> QuerySet[Any, Row]:
    """Key, subject, boxes, and the columns that are named."""
    boxed = {f"box_{field.name}": ExpressionWrapper(F(field.attname), BinaryField()) for field in sealed_of(rows.model)}
    found: QuerySet[Any, Row] = rows.annotate(**boxed).values("pk", "subject_id", *boxed, *columns)
    return found


def box_in(row: Row, field: Sealed) -> bytes | None:
    box = row[f"box_{field.name}"]
    return None if box is None else bytes(box)


def place_of(row: Row, field: Sealed) -> bytes:
    """What the box is bound to."""
    return bound_to(row["subject_id"], field.seal_id, row["pk"].bytes)


def write(model: type[Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Set columns of rows: the values of each, then its key."""
    if not rows:
        return
    meta, quoted = model._meta, connection.ops.quote_name
    fields: list[Field[Any, Any]] = [meta.get_field(name) for name in columns]  # type: ignore[misc]
    told = ", ".join(f"{quoted(str(field.column))} = %s" for field in fields)
    with connection.cursor() as cursor:
        # Names of our own tables and columns; every value is a parameter.
        cursor.executemany(
            f"UPDATE {quoted(meta.db_table)} SET {told} WHERE {quoted(str(meta.pk.column))} = %s",  # noqa: S608
            [[_prepared(*pair) for pair in zip((*fields, meta.pk), row, strict=True)] for row in rows],
        )


def _prepared(field: Field[Any, Any], value: Any) -> Any:
    if isinstance(field, BinaryField):
        return connection.Database.Binary(value)  # type: ignore[attr-defined]  # past `Sealed`, which takes no bytes
    return field.get_db_prep_save(value, connection)
