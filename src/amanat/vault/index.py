"""The keyed index: equal features of a person have equal digests, and nobody without the index keys can make or read one.

A *family* (person, name, phone, document) has a key of its own, so that a phone never meets a document number.
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable

from amanat.vault.keys import keyring
from amanat.vault.models import Posting, Subject

LENGTH = 16  # bytes; 2^64 postings before two features share a digest by chance
GENERATION = 1


def digest(family: str, feature: str) -> bytes:
    """16 bytes: HMAC-SHA256 of the feature under the family's key, shortened."""
    return hmac.digest(keyring()[f"index.{family}.{GENERATION}"], feature.encode(), "sha256")[:LENGTH]


def postings(subject: Subject, features: Iterable[tuple[str, str]]) -> list[Posting]:
    """Unsaved postings of (family, feature) pairs."""
    return [
        Posting(family=family, generation=GENERATION, digest=digest(family, feature), subject=subject)
        for family, feature in dict.fromkeys(features)
    ]


def digests(features: Iterable[tuple[str, str]]) -> list[bytes]:
    """The digests by which the postings of these (family, feature) pairs are found."""
    return [digest(family, feature) for family, feature in features]
