"""The erasure list: which subjects were erased, and when. Signed, numbered, kept beside every backup, and replayed when one is restored.

A backup from before an erasure still holds the erased key; the list keeps it from coming back. The erasing itself is not here.
"""

from __future__ import annotations

import json
import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from amanat.vault import erasing
from amanat.vault.keys import Keyring
from amanat.vault.models import Subject
from amanat.web.errors import PersonFacingError

FILE: Final = "amanat-erasures.json"
FORMAT: Final = 1


class BadList(PersonFacingError):
    """The list is no erasure list of this workspace, or was changed."""


@dataclass(frozen=True)
class Erased:
    """One subject whose key is gone."""

    subject: uuid.UUID
    kind: str
    at: datetime


@dataclass(frozen=True)
class ErasureList:
    """All that was erased up to a moment. `number` counts the erasures and only grows; `head` is that of the log then."""

    workspace: str
    number: int
    made_at: datetime
    head: str | None
    erased: dict[uuid.UUID, Erased] = field(repr=False)


def number() -> int:
    """Of a list that is made now."""
    return erasing.how_many()


def signed_list(keys: Keyring, *, workspace: str, now: datetime, head: str | None) -> bytes:
    """The list as it is kept beside backups: JSON, a line for each subject, signed under each master key that is held."""
    rows = Subject.objects.exclude(erased_at=None).order_by("erased_at", "id").values_list("id", "kind", "erased_at")
    erased = [[id_.hex, kind, at.isoformat()] for id_, kind, at in rows if at]
    told = {
        "format": FORMAT,
        "workspace": workspace,
        "number": len(erased),
        "made_at": now.isoformat(),
        "head": head,
        "erased": erased,
    }
    signatures = {name: _signer(key).sign(_bytes(told)).hex() for name, key in _masters(keys)}
    return json.dumps(told | {"signatures": signatures}, indent=0).encode()


def number_in(signed: bytes) -> int:
    """Of a list that this process has just written."""
    told: int = json.loads(signed)["number"]
    return told


def read_list(content: bytes, keys: Keyring, workspace: str) -> ErasureList:
    """A list that one of these keys signed.

    Raises:
        BadList: it is of another workspace, damaged, or somebody changed it.
    """
    try:
        told = json.loads(content)
        signatures: Mapping[str, str] = told.pop("signatures")
        found = ErasureList(
            told["workspace"],
            int(told["number"]),
            datetime.fromisoformat(told["made_at"]),
            told["head"],
            {
                uuid.UUID(id_): Erased(uuid.UUID(id_), kind, datetime.fromisoformat(at))
                for id_, kind, at in told["erased"]
            },
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        raise BadList(
            _("The erasure list is damaged."), _("Take the one that lies beside the newest backup.")
        ) from None
    if found.workspace != workspace:
        raise BadList(_("The erasure list is of another workspace."))
    if not any(_is_signed(told, signatures.get(name, ""), key) for name, key in _masters(keys)):
        raise BadList(
            _("The erasure list was not signed by this workspace, or was changed since."),
            _("Do not go on. Take the list from another place where backups are kept."),
        )
    return found


@transaction.atomic
def replay(told: Iterable[Erased]) -> None:
    """Erase again what was erased. What this database never held is noted as erased, so that later lists know it."""
    by_moment: dict[datetime, list[Erased]] = defaultdict(list)
    for one in told:
        by_moment[one.at].append(one)
    for at, some in sorted(by_moment.items()):
        ids = [one.subject for one in some]
        held = set(Subject.objects.filter(pk__in=ids).values_list("pk", flat=True))
        erasing.erase(held, at)
        Subject.objects.bulk_create(
            Subject(id=one.subject, kind=one.kind, wrapped_key=b"", erased_at=at)
            for one in some
            if one.subject not in held
        )


def _masters(keys: Keyring) -> list[tuple[str, bytes]]:
    return [(name, key) for name, key in keys.keys.items() if name.startswith("master.")]


def _signer(master: bytes) -> Ed25519PrivateKey:
    seed = HKDF(SHA256(), 32, salt=None, info=b"amanat erasure list").derive(master)
    return Ed25519PrivateKey.from_private_bytes(seed)


def _is_signed(told: dict[str, Any], signature: str, master: bytes) -> bool:
    try:
        _signer(master).public_key().verify(bytes.fromhex(signature), _bytes(told))
    except (InvalidSignature, ValueError):
        return False
    return True


def _bytes(told: dict[str, Any]) -> bytes:
    return b"amanat.erasures.1" + json.dumps(told, sort_keys=True, separators=(",", ":")).encode()
