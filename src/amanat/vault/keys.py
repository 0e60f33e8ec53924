"""The keys of a workspace: made by `Workspace.create`, unlocked by a passphrase or a key file, held in this process only."""

from __future__ import annotations

import hashlib
import os
import resource
import secrets
import uuid
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from amanat.vault.header import Header, Kind, NotAWorkspace

__all__ = [
    "KeyFile",
    "Keyring",
    "Locked",
    "NotAWorkspace",
    "Passphrase",
    "Workspace",
    "WrongKey",
    "database_key",
    "keyring",
]

NONCE = 12
# Names of the keys that a header wraps; a rotation adds a generation to a name, never a name.
NAMES = (
    "master.1",
    "database",
    "web",
    "audit.1",
    "intake.1",
    "index.person.1",
    "index.name.1",
    "index.phone.1",
    "index.document.1",
)


class Locked(Exception):
    """The workspace is not unlocked in this process: nothing sealed can be read or written."""


class WrongKey(Exception):
    """The passphrase or key file does not open this workspace, or its header was changed."""


class Provider(Protocol):
    """What opens a workspace. `kek` gives the 32-byte key that wraps all others; `parameters` stand in the header."""

    parameters: dict[str, object]

    def kek(self) -> bytes: ...


class Passphrase:
    """Argon2id over the words (RFC 9106, second recommended option: 64 MiB, three passes, four lanes)."""

    def __init__(self, words: str, parameters: dict[str, object] | None = None) -> None:
        self._words = " ".join(words.split()).casefold().encode()
        self.parameters = parameters or {
            "name": "passphrase",
            "salt": secrets.token_hex(16),
            "passes": 3,
            "kib": 65536,
            "lanes": 4,
        }

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
    """32 random bytes in a file of mode 0600: for a server with a disk of its own, and for the demo."""

    parameters: dict[str, object] = {"name": "keyfile"}

    def __init__(self, path: Path) -> None:
        self.path = path

    @classmethod
    def create(cls, path: Path) -> KeyFile:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:  # noqa: PTH123  (a descriptor, for the mode)
            file.write(secrets.token_hex(32))
        return cls(path)

    def kek(self) -> bytes:
        try:
            return hashlib.sha256(bytes.fromhex(self.path.read_text().strip())).digest()
        except (OSError, ValueError) as error:
            raise WrongKey(f"the key file {self.path} can't be read: {error}") from error


@dataclass(frozen=True, repr=False)
class Keyring:
    """The unwrapped keys, by name. It never prints itself."""

    keys: dict[str, bytes]

    def __getitem__(self, name: str) -> bytes:
        return self.keys[name]

    @cached_property
    def master(self) -> AESGCM:
        return AESGCM(self.keys["master.1"])


@dataclass(frozen=True)
class Workspace:
    """A folder with a header; the door to its keys."""

    path: Path
    header: Header

    @property
    def kind(self) -> Kind:
        return self.header.kind

    @classmethod
    def at(cls, path: Path) -> Workspace:
        return cls(path, Header.read(path))

    @classmethod
    def create(
        cls,
        path: Path,
        *,
        kind: Kind,
        provider: Provider,
        host: str = "localhost",
        packs: tuple[str, ...] = ("core",),
        database: str | None = None,
    ) -> Workspace:
        """A new workspace with fresh keys. `host` becomes the passkeys' RP ID and can't be changed.

        Raises:
            FileExistsError: the folder already holds a workspace.
        """
        if Header.path(path).exists():
            raise FileExistsError(f"{path} already holds a workspace")
        header = Header(kind, str(uuid.uuid4()), host, provider.parameters, database=database, packs=packs)
        intake = X25519PrivateKey.generate()
        fresh = {name: secrets.token_bytes(32) for name in NAMES} | {"intake.1": intake.private_bytes_raw()}
        header.intake_public = intake.public_key().public_bytes_raw().hex()
        wrap = AESGCM(provider.kek())
        for name, key in fresh.items():
            nonce = secrets.token_bytes(NONCE)
            header.wrapped[name] = (nonce + wrap.encrypt(nonce, key, header.bound(name))).hex()
        header.write(path)
        return cls(path, header)

    def provider(self, *, words: str | None = None, keyfile: Path | None = None) -> Provider:
        """The provider that the header names, filled with what the person or the service gave."""
        if self.header.provider["name"] == "keyfile":
            return KeyFile(keyfile or self.path / "key")
        return Passphrase(words or "", self.header.provider)

    def unwrap(self, provider: Provider) -> Keyring:
        """All keys.

        Raises:
            WrongKey: nothing opens; either the key is another one or the header was edited.
        """
        unwrap = AESGCM(provider.kek())
        keys = {}
        for name, held in self.header.wrapped.items():
            box = bytes.fromhex(held)
            try:
                keys[name] = unwrap.decrypt(box[:NONCE], box[NONCE:], self.header.bound(name))
            except InvalidTag:
                raise WrongKey(
                    "This does not open the workspace. Check the words, or whether header.json was changed."
                ) from None
        return Keyring(keys)

    def unlock(self, provider: Provider) -> Keyring:
        """Hold the keys in this process (and in those it forks); from now on no core dump may carry them."""
        global _held
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        _held = self.unwrap(provider)
        settings.SECRET_KEY = _held["web"].hex()
        return _held


_held: Keyring | None = None


def keyring() -> Keyring:
    """The keys held by this process.

    Raises:
        Locked: none are.
    """
    if _held is None:
        raise Locked("the workspace is locked")
    return _held


def is_unlocked() -> bool:
    return _held is not None


def database_key() -> bytes:
    """The raw key of the SQLCipher file; the database backend asks for it at each connection."""
    return keyring()["database"]
