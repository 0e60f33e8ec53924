"""The unwrapped keys of a workspace, by name; of some kinds there are several generations. Who holds them is `keys`'s."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from amanat.vault.header import Header

NONCE = 12
MASTER, AUDIT, INTAKE, CA = "master", "audit", "intake", "ca"  # of these there may be several generations
BEHIND = "This process began before the keys were changed. Begin it anew."
# Names of the keys that a header wraps; a rotation adds a generation to a name, never a name.
NAMES = (
    "master.1",
    "database",
    "web",
    "audit.1",
    "intake.1",
    "ca.1",
    "index.person.1",
    "index.name.1",
    "index.phone.1",
    "index.document.1",
)


class Locked(Exception):
    """The workspace is not unlocked in this process: nothing sealed can be read or written."""


@dataclass(frozen=True, repr=False)
class Keyring:
    """The unwrapped keys, by name. It never prints itself."""

    keys: dict[str, bytes]

    def __getitem__(self, name: str) -> bytes:
        return self.keys[name]

    def newest(self, kind: str) -> int:
        """The generation of this kind that is used from now on; those before it open what they made. 0 where there is none yet."""
        return self._newest.get(kind, 0)

    @cached_property
    def _newest(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for name in self.keys:
            kind, _dot, number = name.rpartition(".")
            if kind:
                found[kind] = max(found.get(kind, 0), int(number))
        return found

    def of(self, kind: str, generation: int) -> bytes:
        """One generation of a key; `Locked` where this process began before it was made."""
        try:
            return self.keys[f"{kind}.{generation}"]
        except KeyError:
            raise Locked(BEHIND) from None

    def check_is_whole(self, header: Header) -> None:
        """Raises:
        Locked: the header has got a key since, and something may rest on it already.
        """
        if header.wrapped.keys() - self.keys.keys():
            raise Locked(BEHIND)

    def with_next(self, kind: str) -> Keyring:
        """These keys and the next generation of one kind, which takes over; the former ones stay."""
        return Keyring(self.keys | {f"{kind}.{self.newest(kind) + 1}": FRESH.get(kind, _drawn)()})

    def wrap(self, key: bytes, bound: bytes) -> bytes:
        """A key under the newest master key: a byte that says which, a nonce, and the box."""
        newest, nonce = self.newest(MASTER), secrets.token_bytes(NONCE)
        return bytes([newest]) + nonce + AESGCM(self.of(MASTER, newest)).encrypt(nonce, key, bound)

    def unwrap(self, wrapped: bytes, bound: bytes) -> bytes:
        """A key that `wrap` wrapped, under whichever master key.

        Raises:
            InvalidTag: it is damaged, or was wrapped for something else.
            Locked: this process began before that master key was made.
        """
        return AESGCM(self.of(MASTER, wrapped[0])).decrypt(wrapped[1 : 1 + NONCE], wrapped[1 + NONCE :], bound)

    @classmethod
    def fresh(cls) -> Keyring:
        """The keys of a new workspace."""
        return cls({name: FRESH.get(name.partition(".")[0], _drawn)() for name in NAMES})

    def intake_public(self, generation: int = 0) -> str:
        """The public half of an intake key, of the newest unless another is named; the header tells it to those who hold no keys."""
        private = X25519PrivateKey.from_private_bytes(self.of(INTAKE, generation or self.newest(INTAKE)))
        return private.public_key().public_bytes_raw().hex()


def _drawn() -> bytes:
    return secrets.token_bytes(32)


def _fresh_ca() -> bytes:
    """The private number of a P-256 key: what the workspace's own certificates are signed with."""
    return ec.generate_private_key(ec.SECP256R1()).private_numbers().private_value.to_bytes(32)


FRESH: dict[str, Callable[[], bytes]] = {
    INTAKE: lambda: X25519PrivateKey.generate().private_bytes_raw(),
    CA: _fresh_ca,
}
