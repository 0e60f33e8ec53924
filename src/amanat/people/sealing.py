"""Sealing of what lets a worker in: session content, TOTP secrets, seeds of recovery codes. A child's data is `vault`'s affair."""

from __future__ import annotations

import secrets

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from amanat.vault.keys import keyring

NONCE = 12


def seal(content: bytes, *, purpose: str, bound: str = "") -> bytes:
    """AES-256-GCM under a key of this purpose; what is `bound` to one row does not open in another."""
    nonce = secrets.token_bytes(NONCE)
    return nonce + _key(purpose).encrypt(nonce, content, bound.encode())


def unseal(box: bytes, *, purpose: str, bound: str = "") -> bytes:
    """What was sealed.

    Raises:
        cryptography.exceptions.InvalidTag: it was sealed for another purpose or row, or changed.
    """
    return _key(purpose).decrypt(box[:NONCE], box[NONCE:], bound.encode())


def _key(purpose: str) -> AESGCM:
    info = f"amanat people {purpose}".encode()
    return AESGCM(HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(keyring()["web"]))
