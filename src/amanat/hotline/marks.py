"""Keyed digests by which a number that called before and a recruiter named before are known again, within one agency.

Nobody without the keys makes or reads one, and an equal number at another agency has another digest. The key is derived from the
first master key, which no rotation takes away. An equal digest says that something was written alike, not that it is one person.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Iterator, Mapping
from typing import Any, Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from amanat import names, packs
from amanat.hotline.models import Call, CallerMark
from amanat.names.phones import read_phone
from amanat.people.models import Agency
from amanat.vault.keys import keyring

LENGTH: Final = 16
SHORTEST_NUMBER: Final = 5  # digits; what is shorter is a code, and many have it
SHORTEST_NAME: Final = 3  # letters


def own_country() -> str:
    """Of the pack, so that a number without an international prefix is read as one of it; "" where the pack is no country's."""
    pack = packs.current()
    return pack.manifest.country or pack.countries.find(pack.manifest.title.text("en"))


def written(number: str) -> str:
    """A number as it is kept: E.164 where it can be read, else as it was typed."""
    phone = read_phone(number, own_country())
    return phone.e164 if phone else number.strip()


def number_key(number: str) -> str:
    """What is equal for two ways of writing one number: E.164, else its digits; "" where there is no number in it."""
    phone = read_phone(number, own_country())
    if phone is not None:
        return phone.e164
    digits = "".join(str(unicodedata.decimal(sign)) for sign in number if sign.isdecimal())
    return digits if len(digits) >= SHORTEST_NUMBER else ""


def digest_of(agency: Agency, number: str) -> bytes | None:
    """Of a caller's number; None where there is none in it."""
    key = number_key(number)
    return _digest(agency, "caller", key) if key else None


def recruiters_in(agency: Agency, travel: Mapping[str, Any]) -> dict[bytes, str]:
    """Of the recruiter's name, in whatever script and order of words, and of their number: by digest the words that it was made of."""
    return dict(_named(agency, travel))


def _named(agency: Agency, travel: Mapping[str, Any]) -> Iterator[tuple[bytes, str]]:
    name, phone = str(travel.get("recruiter") or ""), str(travel.get("recruiter_phone") or "")
    words = " ".join(names.tokens(name))
    if len(words) >= SHORTEST_NAME:
        yield _digest(agency, "name", words), name
    if key := number_key(phone):
        yield _digest(agency, "phone", key), phone


def _digest(agency: Agency, what: str, value: str) -> bytes:
    info = b"amanat.hotline.1" + agency.pk.bytes
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=info).derive(keyring()["master.1"])
    return hmac.digest(key, f"{what}:{value}".encode(), "sha256")[:LENGTH]


def mark_caller(call: Call, number: str) -> None:
    """Remember the number of a call, or forget it where there is none any more. Within what writes the number."""
    digest = digest_of(call.matter.agency, number)
    if digest is None:
        CallerMark.objects.filter(call=call).delete()
    else:
        CallerMark.objects.update_or_create(call=call, defaults={"matter": call.matter, "digest": digest})
