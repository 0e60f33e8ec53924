"""A short digest of what decides when something is due: the same in every process, so that rows say by what they were worked out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Set
from dataclasses import fields, is_dataclass
from typing import Any


def mark_of(*told: Any) -> str:
    """Twelve letters. `told`: values, tables, lists and dataclasses of these."""
    return hashlib.sha256(repr([_plain(one) for one in told]).encode()).hexdigest()[:12]


def _plain(value: Any) -> Any:
    """A value as lists and texts, in an order that does not depend on the process."""
    if is_dataclass(value):
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, Mapping):
        return sorted([_plain(key), _plain(held)] for key, held in value.items())
    if isinstance(value, Set):
        return sorted(map(_plain, value), key=repr)
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return str(value)
