"""Sealed fields: any JSON value, encrypted under the data key of the row's subject and bound to subject, field and row.

A sealed attribute reads back as a `SealedValue`, which prints nothing. `open_sealed` is the one way to its content;
only `access` calls it, after asking the policy (tests/test_lint_rules.py holds that).
"""

from __future__ import annotations

import json
import secrets
import uuid
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from amanat.vault.keyrings import NONCE
from amanat.vault.models import DataCipher, DataKey, SealedModel, Subject

VERSION: Final = b"\x01"
PADDING: Final = 32  # bytes; a sealed "yes" and a sealed "no" have the same length


class Tampered(Exception):
    """A sealed value does not belong to this row and field, or was changed."""


class SealedValue:
    """A handle on a sealed value: box (as stored), or clear (as just written and not yet saved)."""

    __slots__ = ("_box", "_clear")

    def __init__(self, box: bytes | None = None, clear: Any = None) -> None:
        self._box = box
        self._clear = clear

    def __repr__(self) -> str:
        return "<sealed>"

    def __bool__(self) -> bool:
        """Whether anything was stored; its content stays closed."""
        return self._box is not None or self._clear is not None

    def __eq__(self, other: object) -> bool:
        raise TypeError("sealed values can't be compared; open them through access")

    __hash__ = None  # type: ignore[assignment]


def seal(clear: Any, subject: Subject, seal_id: str, row_id: bytes) -> bytes:
    """JSON value → version, nonce, ciphertext. Bound to subject, field and row."""
    return box_of(written(clear), subject.cipher, bound_to(subject.id, seal_id, row_id))


def written(clear: Any) -> bytes:
    """A JSON value as it is sealed: padded, so that its length tells little."""
    text = json.dumps(clear, ensure_ascii=False, separators=(",", ":")).encode()
    return text + b" " * (-len(text) % PADDING)


def box_of(text: bytes, cipher: AESGCM | DataCipher, bound: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return VERSION + nonce + cipher.encrypt(nonce, text, bound)


def text_in(box: bytes, cipher: AESGCM | DataCipher, bound: bytes) -> bytes:
    """Raises:
    InvalidTag: this cipher does not open it.
    """
    return cipher.decrypt(box[1 : 1 + NONCE], box[1 + NONCE :], bound)


def unseal(box: bytes, subject: Subject | DataKey, seal_id: str, row_id: bytes) -> Any:
    """The JSON value of a box.

    Raises:
        Tampered: the box was made for another subject, field or row, or was changed.
    """
    try:
        text = text_in(box, subject.cipher, bound_to(subject.id, seal_id, row_id))
    except InvalidTag:
        raise Tampered(f"{seal_id} of row {row_id.hex()} does not open") from None
    return json.loads(text)


def bound_to(subject: uuid.UUID, seal_id: str, row_id: bytes) -> bytes:
    """What makes a box open in its own place only."""
    return b"amanat.sealed.1" + subject.bytes + row_id + seal_id.encode()


class _SealedAttribute:
    """Keeps what is assigned as a handle, so that no template or log prints it by accident."""

    def __init__(self, field: Sealed) -> None:
        self.field = field

    def __get__(self, row: models.Model | None, owner: type[models.Model] | None = None) -> Any:
        if row is None:
            return self
        if self.field.attname not in row.__dict__:
            row.refresh_from_db(fields=[self.field.attname])
        return row.__dict__[self.field.attname]

    def __set__(self, row: models.Model, value: Any) -> None:
        row.__dict__[self.field.attname] = value if isinstance(value, SealedValue) else SealedValue(clear=value)


class Sealed(models.BinaryField):  # type: ignore[type-arg]
    """A sealed JSON value.

    Args:
        seal_id: the field's name for all time; it stands in `vault/seals.txt` and outlives a renamed column.
        part: the part of the file (DESIGN §5) that the value belongs to, or
        part_from: the name of the row's own column that says so.
    """

    def __init__(self, seal_id: str = "", *, part: str = "", part_from: str = "", **options: Any) -> None:
        self.seal_id = seal_id
        self.part = part
        self.part_from = part_from
        options.setdefault("null", True)
        super().__init__(**options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"seal_id": self.seal_id}

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only=private_only)
        setattr(cls, self.attname, _SealedAttribute(self))

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> SealedValue:
        return SealedValue(box=None if value is None else bytes(value))

    def to_python(self, value: Any) -> Any:
        return value

    def pre_save(self, row: models.Model, add: bool) -> SealedValue:
        held: SealedValue = getattr(row, self.attname)
        if held._clear is None:
            return held
        assert isinstance(row, SealedModel)
        held = SealedValue(box=seal(held._clear, row.subject, self.seal_id, row.id.bytes))
        setattr(row, self.attname, held)
        return held

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        if value is None:
            return None
        if not isinstance(value, SealedValue) or value._clear is not None:
            raise TypeError(f"{self.seal_id} is sealed: assign it to a row and save the row")
        return None if value._box is None else connection.Database.Binary(value._box)  # type: ignore[attr-defined]


def open_sealed(row: SealedModel, name: str) -> Any:
    """The clear value of a sealed field; None where nothing is stored.

    Raises:
        Tampered: the stored bytes belong elsewhere or were changed.
    """
    field = row._meta.get_field(name)
    assert isinstance(field, Sealed)
    held: SealedValue = getattr(row, name)
    if held._clear is not None:
        return held._clear
    return None if held._box is None else unseal(held._box, row.subject, field.seal_id, row.id.bytes)


def open_column(
    model: type[SealedModel], name: str, held: SealedValue, subject: Subject | DataKey, row_id: uuid.UUID
) -> Any:
    """As `open_sealed`, of a value that was read without its row: for who opens hundreds."""
    field = model._meta.get_field(name)
    assert isinstance(field, Sealed)
    return None if held._box is None else unseal(held._box, subject, field.seal_id, row_id.bytes)
