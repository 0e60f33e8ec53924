"""The arithmetic of the chain: an entry's fingerprint, a seal's digest and its MAC. Pure; the same bytes on both databases.

Every number is big-endian, every time is in whole microseconds of UTC since 1970 (both databases keep that precision),
every value is preceded by its length, so that no two rows have the same bytes.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final, Self

from django.db.models import BinaryField, ExpressionWrapper, F, QuerySet

from amanat.audit.models import DIGEST, Entry
from amanat.vault.keys import AUDIT, keyring

GENESIS: Final = bytes(DIGEST)  # what the first seal follows
ABSENT: Final = bytes(DIGEST)  # stands for an entry that was gone before it could be sealed; no row has it
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

# Every column of an entry, in the order of its fingerprint. A column that comes later is appended, as a version 2.
COLUMNS: Final = ("id", "at", "user_id", "membership_id", "verb", "outcome", "page", "subject_id", "box")
Value = uuid.UUID | datetime | str | bytes | memoryview | None
Row = tuple[Value, ...]


@dataclass(frozen=True)
class Head:
    """The newest seal, as one writes it down elsewhere: `412:9f2c…`."""

    number: int
    digest: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.digest.hex()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """A head from its text.

        Raises:
            ValueError: it is none.
        """
        found = re.fullmatch(rf"([1-9][0-9]*):([0-9a-f]{{{2 * DIGEST}}})", text.strip().lower())
        if not found:
            raise ValueError(f"{text!r} is not a number, a colon and {2 * DIGEST} hexadecimal digits")
        return cls(int(found[1]), bytes.fromhex(found[2]))


def rows(entries: QuerySet[Entry]) -> QuerySet[Entry, Row]:
    """The rows as `fingerprint` takes them; the details stay ciphertext."""
    box = ExpressionWrapper(F("details"), output_field=BinaryField())
    return entries.annotate(box=box).values_list(*COLUMNS)


def fingerprint(row: Row) -> bytes:
    """32 bytes that change when any column of the entry does."""
    return hashlib.sha256(b"amanat.entry.1" + b"".join(map(_framed, row))).digest()


def _framed(value: Value) -> bytes:
    if value is None:
        return b"-"
    if isinstance(value, uuid.UUID):
        held = value.bytes
    elif isinstance(value, datetime):
        held = _microseconds(value)
    elif isinstance(value, str):
        held = value.encode()
    else:
        held = bytes(value)
    return b"+" + len(held).to_bytes(8) + held


def _microseconds(moment: datetime) -> bytes:
    return ((moment - EPOCH) // timedelta(microseconds=1)).to_bytes(8, signed=True)


def digest(before: bytes, number: int, sealed_at: datetime, sealed: Iterable[tuple[uuid.UUID, bytes]]) -> bytes:
    """32 bytes over the seal before, this seal's number and time, and the (id, fingerprint) pairs that it seals."""
    pairs = [id_.bytes + print_ for id_, print_ in sealed]
    head = b"amanat.seal.1" + before + number.to_bytes(8) + _microseconds(sealed_at) + len(pairs).to_bytes(8)
    return hashlib.sha256(head + b"".join(pairs)).digest()


def mac(digest_: bytes, key: int) -> bytes:
    """32 bytes that nobody can make who has the database and not this generation of the audit key, and that are of no other.

    Raises:
        Locked: the workspace is locked, or this process began before that key was made.
    """
    secret = keyring().of(AUDIT, key)
    which = b"amanat.seal.1" if key == 1 else b"amanat.seal.2" + key.to_bytes(2)
    return hmac.digest(secret, which + digest_, "sha256")


def pairs(entries: Sequence[str], fingerprints: bytes) -> list[tuple[uuid.UUID, bytes]]:
    """A seal's columns as (id, fingerprint) pairs.

    Raises:
        ValueError: they do not fit together, so somebody changed them.
    """
    prints = [fingerprints[start : start + DIGEST] for start in range(0, len(fingerprints), DIGEST)]
    try:
        return list(zip(map(uuid.UUID, entries), prints, strict=True))
    except (TypeError, AttributeError) as error:
        raise ValueError("not a list of ids") from error
