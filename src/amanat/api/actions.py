"""Verbs of phones: one is added, one is revoked, and what waits is filed or thrown away."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import KEPT_APART, Verb
from amanat.access.verbs import verb
from amanat.api import door, filing, waiting
from amanat.api.models import Device, Waiting
from amanat.cases.models import Case
from amanat.people.clock import clock
from amanat.people.models import Membership
from amanat.vault import gate
from amanat.vault.durable import turn
from amanat.web.errors import PersonFacingError, Refused

MOST = 5  # phones of one worker


@dataclass(frozen=True)
class Added:
    """A phone, and the password that is shown once."""

    device: Device
    password: str

    def __str__(self) -> str:
        return f"{self.device} ({self.device.name})"


@verb(Verb.DEVICE_ADD, about=str)
def add_device(*, label: str, actor: Actor) -> Added:
    """Let a phone of the actor's fetch forms and send what was filled in.

    Raises:
        PersonFacingError: they have as many as one may have.
    """
    if Device.objects.filter(membership=actor.membership, revoked_at=None).count() >= MOST:
        raise PersonFacingError(
            _("You have %(most)s phones already.") % {"most": MOST}, _("Take back one that you do not use any more.")
        )
    name, password = secrets.token_hex(4), secrets.token_urlsafe(16)
    digest = door.digest_of(name, password)
    device = Device.objects.create(
        membership=actor.membership, name=name, label=label, digest=digest, added_at=actor.now
    )
    transaction.on_commit(tell_the_gate)
    return Added(device, password)


@verb(Verb.DEVICE_REVOKE, about=str)
def revoke_device(device: Device, *, actor: Actor) -> Device:
    """Shut a phone out, at once.

    Raises:
        Refused: it is neither the actor's nor are they who looks after the machine.
    """
    if not may_revoke(device, actor):
        raise Refused()
    device.revoked_at, device.revoked_by = actor.now, actor.membership
    device.save(update_fields=["revoked_at", "revoked_by"])
    tell_the_gate(only_shut=True)  # before it is committed: whatever happens then, this one is shut out
    transaction.on_commit(tell_the_gate)  # another verb may have told it of this one meanwhile
    return device


def may_revoke(device: Device, actor: Actor) -> bool:
    return sees_all(actor) or device.membership_id == actor.membership.pk


def sees_all(actor: Actor) -> bool:
    """Who looks after the machine shuts out the phone of anybody."""
    return actor.role in KEPT_APART


def tell_the_gate(*, only_shut: bool = False) -> None:
    """Which phones may send now; also while the workspace is locked. `only_shut`: let none in that is not yet, for nothing is committed."""
    workspace = Path(settings.WORKSPACE)
    with turn(workspace, "devices"):
        rows = Device.objects.filter(revoked_at=None, membership__in=Membership.objects.current(clock()))
        tokens = gate.read(workspace).tokens
        digests = set(rows.values_list("digest", flat=True))
        if only_shut:
            digests &= set(tokens.get(door.TOKENS, ()))
        gate.change(workspace, tokens={**tokens, door.TOKENS: tuple(sorted(digests))})


def shut_out(memberships: QuerySet[Membership], now: datetime) -> None:
    """With what let a worker in, their phones end at once (`people.programs`)."""
    if Device.objects.filter(revoked_at=None, membership__in=memberships).update(revoked_at=now):
        tell_the_gate(only_shut=True)
        transaction.on_commit(tell_the_gate)


@verb(Verb.PACKET_SETTLE, about=str)
def file_packet(row: Waiting, *, case: Case, actor: Actor) -> list[str]:
    """Record on a file what came from the actor's phone without one. The names of files that can't be kept there: they go on waiting.

    Raises:
        StillShut: it was encrypted, and did not open.
        PersonFacingError: it can't be recorded there; it goes on waiting.
    """
    held = _held(row, actor)
    if held.fault:
        raise filing.StillShut(held.get_fault_display())
    sent = waiting.packet_of(held)
    left = filing.file_on(case, sent, actor, by_hand=True)
    waiting.drop(held)
    if left:
        waiting.keep(replace(sent, media=left), held.membership, held.arrived_at, about=case)
    return sorted(left)


@verb(Verb.PACKET_SETTLE, about=str)
def open_packet(row: Waiting, *, actor: Actor) -> None:
    """Try once more to open what came encrypted and did not open, and file it where that can be done.

    Raises:
        StillShut: it does not open now either; it goes on waiting.
    """
    filing.try_again(_held(row, actor))


@verb(Verb.PACKET_SETTLE, about=str)
def discard_packet(row: Waiting, *, actor: Actor) -> None:
    """Throw it away for good."""
    waiting.drop(_held(row, actor))


def _held(row: Waiting, actor: Actor) -> Waiting:
    """The packet under its lock; it may have been settled since its page was shown.

    Raises:
        Refused: it is not the actor's.
        PersonFacingError: it does not wait any more.
    """
    if row.membership_id != actor.membership.pk:
        raise Refused()
    rows = Waiting.objects.select_related("subject", "membership__user", "membership__site")
    held = rows.select_for_update(of=("self",)).filter(pk=row.pk).first()
    if held is None:
        raise PersonFacingError(_("This is done already."))
    return held
