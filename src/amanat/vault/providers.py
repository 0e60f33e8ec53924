"""What opens a workspace: the words that somebody types, or a file with a key. The keys behind them are `keys`'."""

from __future__ import annotations

import hashlib
import secrets
from pathlib import Path
from typing import Protocol

from argon2.low_level import Type, hash_secret_raw

from amanat.vault.durable import fresh, settle
from amanat.vault.wordlists import fold


class WrongKey(Exception):
    """The passphrase or key file does not open this workspace, or its header was changed."""


class Provider(Protocol):
    """What opens a workspace. `kek` gives the 32-byte key that wraps all others; `parameters` stand in the header."""

    parameters: dict[str, object]

    def kek(self) -> bytes: ...


class Passphrase:
    """Argon2id over the words (RFC 9106, second recommended option: 64 MiB, three passes, four lanes).

    Capitals, marks and spaces between words don't matter, so that a keyboard without ž or ș opens it too. Headers without
    `folds` are older: there, marks matter.
    """

    def __init__(self, words: str, parameters: dict[str, object] | None = None) -> None:
        self.parameters = parameters or {
            "name": "passphrase",
            "salt": secrets.token_hex(16),
            "passes": 3,
            "kib": 65536,
            "lanes": 4,
            "folds": True,
        }
        told = " ".join(words.split())
        self._words = (fold(told) if self.parameters.get("folds") else told.casefold()).encode()

    def kek(self) -> bytes:
        held = self.parameters
        return hash_secret_raw(
            self._words,
            bytes.fromhex(str(held["salt"])),
            time_cost=int(str(held["passes"])),
            memory_cost=int(str(held["kib"])),
            parallelism=int(str(held["lanes"])),
            hash_len=32,
            type=Type.ID,
        )


class KeyFile:
    """32 random bytes in a file of mode 0600: where nobody is there to type words, and for the demo."""

    parameters: dict[str, object] = {"name": "keyfile"}

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, path: Path) -> KeyFile:
        """A new one. When this returns, it is on the disk: soon nothing else may open the workspace.

        Raises:
            FileExistsError: there is such a file already.
        """
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with fresh(path) as file:
            file.write(secrets.token_hex(32).encode())
        settle(path.parent)
        return cls(path)

    def kek(self) -> bytes:
        try:
            return hashlib.sha256(bytes.fromhex(self.path.read_text().strip())).digest()
        except (OSError, ValueError) as error:
            raise WrongKey(
                f"The key file {self.path} can't be read: {error}. If it lies elsewhere, say where: AMANAT_KEYFILE=…"
            ) from error
