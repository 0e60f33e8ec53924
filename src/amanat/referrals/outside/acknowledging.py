"""A code that was entered on the public page, once the workspace is open: the referral counts as seen, and its sender hears of it.
No verb: nobody acts. A code that is none, that was entered before, or that came too late changes nothing.
"""

from __future__ import annotations

import hmac
import json
from datetime import datetime

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from amanat.people.clock import clock
from amanat.referrals import moving, telling
from amanat.referrals.models import Referral, State
from amanat.referrals.models_outside import Outgoing
from amanat.referrals.outside import codes
from amanat.referrals.states import Move, Noted, Who
from amanat.vault.intake import Packet
from amanat.vault.keys import keyring


def take(packet: Packet) -> None:
    """Raises:
    ValueError: somebody else than the public page wrote it.
    """
    outgoing = _of(_read(packet.body))
    if outgoing is None or packet.arrived_at > outgoing.good_until:
        return
    first = Outgoing.objects.filter(pk=outgoing.pk, acknowledged_at=None).update(acknowledged_at=packet.arrived_at)
    if first:
        _seen(outgoing.referral, packet.arrived_at)


def _of(code: str) -> Outgoing | None:
    """Equal digests are compared once more, in a time that tells nothing."""
    digest = digest_of(code)
    found = Outgoing.objects.filter(digest=digest).values_list("pk", "digest").first()
    if found is None or not hmac.compare_digest(bytes(found[1]), digest):
        return None
    return Outgoing.objects.select_related("referral__case__subject", "referral__subject").get(pk=found[0])


def _seen(referral: Referral, at: datetime) -> None:
    """Where somebody there answered by phone before, only that it arrived is noted."""
    moving.hold(referral)
    if not referral.is_in_hands:
        return
    at = max(at, referral.since)
    if referral.state == State.SENT:
        moving.move(referral, Move.SEE, Who.CODE, now=at, as_verb=Noted.ACKNOWLEDGED)
    else:
        moving.note_step(referral, Noted.ACKNOWLEDGED, now=at)
    telling.tell_sender(referral, clock())


def digest_of(code: str) -> bytes:
    """As which a code is kept. The key comes of the first master key, which no rotation takes away."""
    key = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"amanat.referrals.code.1").derive(keyring()["master.1"])
    return hmac.digest(key, code.encode(), "sha256")


def _read(body: bytes) -> str:
    told = json.loads(body)
    code = told.get("code") if isinstance(told, dict) else None
    if not isinstance(code, str) or not codes.is_whole(code):
        raise ValueError("not of the public page")
    return code
