"""The chain of custody as digests: each link is bound to the one before, and the first to what the piece is. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

TOLD: Final = ("from", "to", "at", "place", "why", "condition")
"""What of a link its digest holds; what is empty stands as empty."""


def digest_of(told: Mapping[str, Any]) -> str:
    """SHA-256 of a JSON object, whatever the order of its keys."""
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def link(before: str, told: Mapping[str, Any]) -> str:
    """The digest of a link. `before`: that of the link before, of the first link the digest of the piece itself."""
    return digest_of({"before": before} | {key: told.get(key, "") for key in TOLD})


def broken_at(piece: str, links: Iterable[Mapping[str, Any]]) -> int:
    """The number, from 1, of the first link that does not follow from what stands before it; 0 where all do.

    `links`: oldest first, each with its `digest`.
    """
    before = piece
    for number, told in enumerate(links, start=1):
        if told.get("digest") != link(before, told):
            return number
        before = str(told["digest"])
    return 0
