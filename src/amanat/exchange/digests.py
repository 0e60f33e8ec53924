"""Digests by which a file, the shape of a file and a row are known again: keyed, so that nobody without the keys makes or reads one.

Their key is derived from the first master key, which no rotation takes away, and not from an index key: nothing makes them anew.
"""

from __future__ import annotations

import hmac
import json
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from amanat.people.models import Agency
from amanat.vault.keys import keyring

LENGTH = 16
NOBODY = b"\0" * LENGTH  # of a row that names nobody


class Digests:
    """Digests within one agency: an equal row of another agency has another one."""

    def __init__(self, agency: Agency) -> None:
        info = b"amanat.exchange.1" + agency.pk.bytes
        self._key = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(keyring()["master.1"])

    def of(self, what: str, value: Any) -> bytes:
        """16 bytes of any JSON value; `what` keeps files, shapes, rows and persons apart."""
        text = json.dumps([what, value], ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        return hmac.digest(self._key, text.encode(), "sha256")[:LENGTH]

    def who(self, identity: dict[str, Any]) -> bytes:
        """Of whom a row names: names, birth date and documents; `NOBODY` where there is no name."""
        if not identity.get("names"):
            return NOBODY
        return self.of("who", [identity["names"], identity.get("birth_date", ""), identity.get("documents", [])])
