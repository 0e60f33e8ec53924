"""Which row of the directory a row of a package is: by its UUID, or by a UUID made of where it comes from and its id there."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator
from typing import Final

_OURS: Final = uuid.UUID("5d2f0f0a-3c0b-5f0e-9d3c-6b1f6f6f7a10")  # once drawn, and never another: ids are made of it
AT_ONCE: Final = 500  # ids in one question


def row_id(publisher: str, table: str, given: str) -> uuid.UUID:
    """The same for the same row of the same publisher, whenever it comes."""
    return as_uuid(given) or uuid.uuid5(_OURS, f"{publisher.strip().casefold()}\n{table}\n{given}")


def as_uuid(given: str) -> uuid.UUID | None:
    """What a package gives, where it is a UUID as the standard wants."""
    try:
        return uuid.UUID(given) if len(given) == 36 else None
    except ValueError:
        return None


def in_parts(ids: Iterable[uuid.UUID]) -> Iterator[list[uuid.UUID]]:
    """So many as one question may name."""
    whole = list(ids)
    yield from (whole[first : first + AT_ONCE] for first in range(0, len(whole), AT_ONCE))
