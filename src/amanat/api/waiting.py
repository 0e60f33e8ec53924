"""What came from a phone and waits for its worker: put together with what comes later, and its end, which the pack sets.

In the transaction that takes a packet, or in a verb of its worker.
"""

from __future__ import annotations

import base64
import hmac
import uuid
from datetime import date, datetime, time
from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from amanat import packs
from amanat.access.actor import Actor
from amanat.api import envelopes, packets
from amanat.api.models import Waiting
from amanat.api.packets import Packet
from amanat.audit import recording
from amanat.audit.models import Outcome
from amanat.cases.models import Case
from amanat.people.clock import clock
from amanat.people.models import Membership
from amanat.vault.erasing import Erasing, Unsearched
from amanat.vault.keys import keyring
from amanat.vault.models import Subject, SubjectKind
from amanat.vault.rounds import Rounds
from amanat.vault.sealing import open_sealed

PERIOD: Final = "phone_packet"  # of `retention.toml`
EVERY: Final = 3600.0  # seconds between two looks for what is over


def of(actor: Actor) -> QuerySet[Waiting]:
    """What came from the actor's own phones; nobody else learns what it is. A packet may be large: only a verb reads it."""
    return Waiting.objects.filter(membership=actor.membership).select_related("subject").defer("packet")


def shut() -> QuerySet[Waiting]:
    """All that did not open, for who looks after the machine: whose it is, since when and why."""
    return Waiting.objects.exclude(fault="").select_related("membership__user", "membership__agency").defer("packet")


def packet_of(waiting: Waiting) -> Packet:
    """What waits, for the verb of its worker."""
    return Packet.unpacked(base64.b64decode(open_sealed(waiting, "packet") or ""))


def shut_before(sent: Packet, membership: Membership) -> Waiting | None:
    """What came of the same encrypted form before, and did not open."""
    root = packets.root_of(sent.instance)
    if not envelopes.is_one(root):
        return None
    name = packets.instance_id_of(root)
    rows = Waiting.objects.filter(membership=membership, instance_id=name).exclude(fault="")
    return rows.select_related("subject").first()


def together(before: Waiting | None, sent: Packet) -> Packet:
    """An app sends large files apart, each time with the form: what came before, and what came now."""
    if before is None:
        return sent
    return Packet(sent.device, sent.instance, packet_of(before).media | sent.media)


def keep(sent: Packet, membership: Membership, at: datetime, *, about: Case | None, fault: str = "") -> None:
    packed, root = sent.packed(), packets.root_of(sent.instance)
    digest = _digest(packed)
    if Waiting.objects.filter(digest=digest).exists():
        return
    Waiting.objects.create(
        subject=Subject.objects.begin(SubjectKind.IMPORT),
        membership=membership,
        digest=digest,
        form=packets.form_of(root),
        arrived_at=at,
        packet=base64.b64encode(packed).decode(),
        instance_id=packets.instance_id_of(root),
        fault=fault,
        about=about.pk if about else None,
    )


def _digest(packed: bytes) -> str:
    """Keyed: of few coded answers anybody could find out those that have a plain one. The first master key stays for ever."""
    key = HKDF(SHA256(), 32, salt=None, info=b"amanat.api.waiting.1").derive(keyring()["master.1"])
    return hmac.digest(key, packed, "sha256").hex()


def drop(waiting: Waiting) -> None:
    """The key goes with it."""
    waiting.delete()
    waiting.subject.delete()


def last_day(waiting: Waiting) -> date | None:
    """The last day on which it is kept; None where the pack has no period for it."""
    period = packs.current().retention.get(PERIOD)
    return period.last_day(timezone.localdate(waiting.arrived_at)) if period else None


def sweep(now: datetime) -> int:
    """Drop what is over; how many went. The log tells of each whose it was."""
    gone = 0
    rows = Waiting.objects.select_related("subject", "membership__user").defer("packet")
    for waiting in rows.order_by("arrived_at"):
        last = last_day(waiting)
        if last is None or last >= timezone.localdate(now):
            break  # all others came later
        with transaction.atomic():
            told = {"about": str(waiting.membership.user), "arrived_at": waiting.arrived_at.isoformat()}
            recording.record(at=now, verb="packet.expire", outcome=Outcome.DONE, details=told)
            drop(waiting)
        gone += 1
    return gone


class Ender(Rounds):
    """Ends what waited for too long. In the process beside the requests."""

    name = "packet-ender"
    waits = "forms of phones that are over wait"

    def __init__(self, every: float = EVERY) -> None:
        super().__init__(every)

    def turn(self) -> bool:
        sweep(clock())
        return False


def erase(erasing: Erasing) -> None:
    """What names a case of an erased child goes with it; and what came back out of a backup without its key."""
    cases: list[uuid.UUID] = list(Case.objects.filter(subject__in=erasing.subjects).values_list("pk", flat=True))
    rows = Waiting.objects.filter(Q(about__in=cases) | Q(subject__in=erasing.subjects))
    erasing.refs.update(rows.values_list("pk", flat=True))
    erasing.with_them.update(rows.values_list("subject_id", flat=True))
    rows.delete()


def unread(agency: uuid.UUID) -> Unsearched | None:
    """What did not open and names nobody that could be read, and when the last of it goes by itself."""
    rows = shut().filter(about=None, membership__agency=agency).order_by("arrived_at")
    newest, period = rows.last(), packs.current().retention.get(PERIOD)
    if newest is None or period is None:
        return None
    last = period.last_day(timezone.localdate(newest.arrived_at))
    return Unsearched(rows.count(), timezone.make_aware(datetime.combine(last, time.min)))
