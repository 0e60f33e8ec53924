"""The keys of a workspace: made by `Workspace.create`, unlocked by a passphrase or a key file, held in this process only."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from amanat.vault import recovery
from amanat.vault.hardening import harden
from amanat.vault.header import Header, Kind, NotAWorkspace, Overtaken
from amanat.vault.keyrings import AUDIT, CA, INTAKE, MASTER, NONCE, Keyring, Locked
from amanat.vault.providers import KeyFile, Passphrase, Provider, WrongKey

__all__ = [
    "AUDIT",
    "CA",
    "INTAKE",
    "MASTER",
    "KeyFile",
    "Keyring",
    "Locked",
    "NotAWorkspace",
    "Passphrase",
    "Workspace",
    "WrongKey",
    "database_key",
    "hold",
    "keyring",
]


@dataclass
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
        language: str = "en",
    ) -> Workspace:
        """A new workspace with fresh keys. `host` becomes the passkeys' RP ID and can't be changed.

        Raises:
            FileExistsError: the folder already holds a workspace.
        """
        header = Header(kind, str(uuid.uuid4()), host, provider.parameters)
        header.database, header.packs, header.language = database, packs, language
        workspace = cls(path, header)
        workspace.write_first(provider, Keyring.fresh())
        return workspace

    def write_first(self, provider: Provider, held: Keyring) -> None:
        """Write the first header of the folder: these keys, wrapped by this provider.

        Raises:
            FileExistsError: the folder already holds a workspace.
        """
        _fill(self.header, provider, held)
        self.header.write_first(self.path)

    def change(self, edit: Callable[[Header], None]) -> None:
        """Edit the header as it stands now, and go on with that one.

        Raises:
            Overtaken: it has got keys that the edit would take away.
        """
        self.header = Header.change(self.path, edit)

    def wrap(self, provider: Provider, held: Keyring, note: Callable[[Header], None] | None = None) -> None:
        """From now on this provider opens these keys, and whatever opened them before does not. `note` edits the header, too.

        Raises:
            Overtaken: the header has got keys that are not among these.
        """

        def edit(header: Header) -> None:
            _fill(header, provider, held)
            if note:
                note(header)

        self.change(edit)

    def renew(self, kind: str, provider: Provider, has_begun: Callable[[int], bool]) -> Keyring:
        """All keys, with the next generation of one kind: on the disk when this returns. Nothing rests on it yet.

        Where `has_begun` says of the newest generation that its rotation is not finished, no other is made.

        Raises:
            WrongKey: the provider does not open the workspace.
        """
        renewed = []

        def edit(header: Header) -> None:
            held = Workspace(self.path, header).unwrap(provider)
            if not has_begun(held.newest(kind)):
                held = held.with_next(kind)
                _fill(header, provider, held)
            renewed.append(held)

        self.change(edit)
        return renewed[0]

    def trust(self, new: recovery.New, held: Keyring, tested_at: str) -> None:
        """From now on the shares of `new` open this workspace; those before open it no longer. What the log is still to tell stays.

        Raises:
            Overtaken: the header has got keys that are not among these.
        """

        def edit(header: Header) -> None:
            untold = {key: told for key, told in (header.recovery or {}).items() if key == "opened"}
            header.recovery = untold | {
                "public": new.public,
                "boxes": new.boxes,
                "holders": [share.holder for share in new.shares],
                "tested_at": tested_at,
            }
            _seal_for_recovery(header, held)

        self.change(edit)

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
        for name, wrapped in self.header.wrapped.items():
            box = bytes.fromhex(wrapped)
            try:
                keys[name] = unwrap.decrypt(box[:NONCE], box[NONCE:], self.header.bound(name))
            except InvalidTag:
                raise WrongKey(
                    "This does not open the workspace. Check the words, or whether header.json was changed."
                ) from None
        held = Keyring(keys)
        self.check(held)
        return held

    def check(self, held: Keyring) -> None:
        """Whether the public keys in the header, to which others seal, are those of these keys.

        Raises:
            WrongKey: somebody put keys of their own there.
        """
        told = self.header.recovery
        theirs = told and told.get("mark") != recovery.mark(told["public"], held["web"])
        if theirs or self.header.intake_public != held.intake_public():
            raise WrongKey("header.json was changed: it names a public key that is not this workspace's own.")

    def unlock(self, provider: Provider) -> Keyring:
        """Hold the keys in this process (and in those it forks); from now on no core dump may carry them."""
        return hold(self.unwrap(provider))


def _fill(header: Header, provider: Provider, held: Keyring) -> None:
    """These keys, wrapped by this provider, and sealed for the shares."""
    wrap = AESGCM(provider.kek())
    header.provider, header.wrapped = provider.parameters, {}
    header.intake_public = held.intake_public()
    for name, key in held.keys.items():
        nonce = secrets.token_bytes(NONCE)
        header.wrapped[name] = (nonce + wrap.encrypt(nonce, key, header.bound(name))).hex()
    if header.recovery:
        _seal_for_recovery(header, held)


def _seal_for_recovery(header: Header, held: Keyring) -> None:
    assert header.recovery
    if header.wrapped.keys() - held.keys.keys():
        raise Overtaken
    header.recoverable = recovery.seal_keys(header.recovery["public"], held.keys)
    header.recovery["mark"] = recovery.mark(header.recovery["public"], held["web"])


_held: Keyring | None = None


def hold(keys: Keyring) -> Keyring:
    """Hold these keys in this process, however they came; no core dump and no tracer of the same user may see them."""
    global _held
    harden()
    _held = keys
    if "web" in keys.keys:  # not every process is given all of them
        settings.SECRET_KEY = keys["web"].hex()
    return keys


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
