"""The key that phones encrypt to: RSA of 2,048 bits, as the ODK encryption document asks. Made once, opened by who holds the keys.

It is sealed as everything of the office is, so it goes through new keys, backups and restores with all the rest.
"""

from __future__ import annotations

import base64
import hashlib
from functools import lru_cache
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
)
from django.db import transaction

from amanat.api.models import FormKey
from amanat.audit.recording import office_subject
from amanat.people.clock import clock
from amanat.vault.sealing import open_sealed

BITS: Final = 2048
ONLY: Final = 1  # there is no second one yet
SHORT: Final = 8  # digits of its digest, in the version of a form


class Lock(NamedTuple):
    """What a form carries: the public half as ODK writes it, and by what a version tells that it is this one."""

    public: str
    mark: str


def lock() -> Lock:
    public = private().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Lock(base64.b64encode(public).decode(), hashlib.sha256(public).hexdigest()[:SHORT])


def private() -> rsa.RSAPrivateKey:
    """The private half; made now, where there is none.

    Raises:
        Locked: nobody holds the keys here.
    """
    held = FormKey.objects.select_related("subject").filter(number=ONLY).first() or _made()
    return _loaded(open_sealed(held, "private"))


def _made() -> FormKey:
    """Two at once keep one."""
    der = fresh().private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    with transaction.atomic():
        given = {"subject": office_subject(), "made_at": clock(), "private": base64.b64encode(der).decode()}
        return FormKey.objects.get_or_create(number=ONLY, defaults=given)[0]


def fresh() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, BITS)


@lru_cache(maxsize=1)
def _loaded(text: str) -> rsa.RSAPrivateKey:
    key = load_der_private_key(base64.b64decode(text), None)
    assert isinstance(key, rsa.RSAPrivateKey)
    return key
