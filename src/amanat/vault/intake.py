"""What comes in from outside: sealed at the door to the intake key, kept in a folder, opened when the workspace is.

Nothing here needs keys or the database but `open_packet`, so a locked workspace takes packets too. Opening is `arrivals`'.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from amanat.vault.durable import settle, write_whole
from amanat.vault.keys import INTAKE, Keyring

MAGIC: Final = b"AMANAT-IN1\n"
MOST: Final = 1_000_000  # bytes a packet
END: Final = ".packet"
ASIDE = "aside"  # a folder of those that could not be opened or handled
ROOM: Final = 2_000  # packets that wait or were set aside: nobody may fill the disk while nobody looks
PADDING: Final = 256  # bytes; a short message and a shorter one look alike
NONCE: Final = bytes(12)  # each packet has a key of its own


class Unreadable(Exception):
    """A packet was not sealed to this workspace, or was damaged."""


class NoRoom(Exception):
    """As many packets wait as this disk is trusted with."""


@dataclass(frozen=True)
class Packet:
    """What came in. `id` is the same when a sender, who heard no answer, sends the same once more."""

    kind: str
    id: str
    arrived_at: datetime
    body: bytes


Handler = Callable[[Packet], None]


@dataclass(frozen=True)
class Kind:
    """A kind of packet: what is done with one once it is open, how many one sender may send in how many seconds, and whether
    only who has a token may send it.
    """

    handler: Handler
    limit: tuple[int, int]
    needs_token: bool = False


kinds: dict[str, Kind] = {}


def register(name: str, handler: Handler, *, limit: tuple[int, int], needs_token: bool = False) -> None:
    """Called from the `ready()` of the room that owns the kind. The handler runs in the transaction that notes the packet as taken."""
    if name in kinds:
        raise ValueError(f"Two kinds of packets are named {name!r}.")
    kinds[name] = Kind(handler, limit, needs_token)


def id_of(kind: str, key: str, body: bytes) -> str:
    """By which a packet is known again: of what its sender named it (`key`) and all that it says; without a name, never."""
    named = key or secrets.token_hex(32)
    return hashlib.sha256(json.dumps([kind, named]).encode() + b"\n" + body).hexdigest()


# --- sealing ----------------------------------------------------------------------------------------------------------


def seal(public: bytes, packet: Packet) -> bytes:
    """Magic, a fresh public key, and the packet under the key that both halves agree on (X25519, HKDF-SHA256, AES-256-GCM)."""
    head = {"kind": packet.kind, "id": packet.id, "at": packet.arrived_at.isoformat(), "size": len(packet.body)}
    clear = json.dumps(head).encode() + b"\n" + packet.body
    clear += bytes(-len(clear) % PADDING)
    once = X25519PrivateKey.generate()
    ours = once.public_key().public_bytes_raw()
    cipher = _cipher(once.exchange(X25519PublicKey.from_public_bytes(public)), ours, public)
    return MAGIC + ours + cipher.encrypt(NONCE, clear, MAGIC)


def open_packet(keyring: Keyring, sealed: bytes) -> Packet:
    """The packet, under whichever intake key it was sealed to: a phone that knows only a former one is heard, too.

    Raises:
        Unreadable: under none, or not whole.
    """
    theirs, box = sealed[len(MAGIC) : len(MAGIC) + 32], sealed[len(MAGIC) + 32 :]
    if not sealed.startswith(MAGIC) or len(theirs) < 32:
        raise Unreadable("not a packet")
    for generation in range(keyring.newest(INTAKE), 0, -1):
        private = X25519PrivateKey.from_private_bytes(keyring.of(INTAKE, generation))
        try:
            return _read(_opened(private, theirs, box))
        except InvalidTag:
            continue
    raise Unreadable("not sealed to this workspace, or damaged")


def _opened(private: X25519PrivateKey, theirs: bytes, box: bytes) -> bytes:
    shared = private.exchange(X25519PublicKey.from_public_bytes(theirs))
    return _cipher(shared, theirs, private.public_key().public_bytes_raw()).decrypt(NONCE, box, MAGIC)


def _read(clear: bytes) -> Packet:
    head, _line, rest = clear.partition(b"\n")
    told = json.loads(head)
    return Packet(told["kind"], told["id"], datetime.fromisoformat(told["at"]), rest[: told["size"]])


def _cipher(shared: bytes, once: bytes, public: bytes) -> AESGCM:
    return AESGCM(HKDF(SHA256(), 32, salt=once + public, info=b"amanat.intake.1").derive(shared))


# --- the folder -------------------------------------------------------------------------------------------------------


def folder(workspace: Path) -> Path:
    return workspace / "intake"


def waiting(place: Path) -> list[Path]:
    """The packets that wait in a folder, in the order in which they came."""
    return sorted(place.glob(f"*{END}"))


def how_many(place: Path) -> int:
    """As many wait in a folder: counted for each that comes, so without looking at them in order."""
    try:
        with os.scandir(place) as files:
            return sum(file.name.endswith(END) for file in files)
    except FileNotFoundError:
        return 0


def spool(place: Path, sealed: bytes, arrived_at: datetime) -> Path:
    """Keep a packet; when this returns, a power cut does not lose it.

    Raises:
        NoRoom: too many wait, or were set aside.
        OSError: the disk did not take it; nothing of it is left there.
    """
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    if how_many(place) + how_many(place / ASIDE) >= ROOM:
        raise NoRoom(f"{ROOM} are there already")
    kept = place / f"{arrived_at:%Y%m%dT%H%M%S%f}-{uuid.uuid4().hex}{END}"
    write_whole(kept, sealed)
    return kept


def set_aside(packet: Path) -> Path:
    """Put away a packet that could not be opened or handled: it is never lost, and keeps none of the others waiting."""
    aside = packet.parent / ASIDE
    aside.mkdir(mode=0o700, exist_ok=True)
    kept = packet.replace(aside / packet.name)
    settle(aside)
    settle(packet.parent)
    return kept


def let_wait_again(place: Path) -> int:
    """Put all that was set aside back among those that wait, for a version that can handle them; how many."""
    aside = waiting(place / ASIDE)
    for packet in aside:
        packet.replace(place / packet.name)
    if aside:
        settle(place)
    return len(aside)


def drop(packets: Iterable[Path]) -> None:
    """Throw packets away for good."""
    for packet in packets:
        packet.unlink(missing_ok=True)
