"""Verbs of phones: one is added, one is revoked, and what waits is filed or thrown away."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from amanat.access.actor import Actor
from amanat.access.policy import KEPT_APART, Verb
from amanat.access.verbs import verb
from amanat.api import door, filing
from amanat.api.models import Device, Waiting
from amanat.cases.models import Case
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
    tell_the_gate()  # before it is committed: whatever happens then, this one is shut out
    transaction.on_commit(tell_the_gate)  # another verb may have told it of this one meanwhile
    return device


def may_revoke(device: Device, actor: Actor) -> bool:
    return sees_all(actor) or device.membership_id == actor.membership.pk


def sees_all(actor: Actor) -> bool:
    """Who looks after the machine shuts out the phone of anybody."""
    return actor.role in KEPT_APART


def tell_the_gate() -> None:
    """Which phones may send now; also while the workspace is locked."""
    workspace = Path(settings.WORKSPACE)
    with turn(workspace, "devices"):
        digests = tuple(Device.objects.filter(revoked_at=None).values_list("digest", flat=True))
        gate.change(workspace, tokens={**gate.read(workspace).tokens, door.TOKENS: digests})


@verb(Verb.PACKET_SETTLE, about=str)
def file_packet(waiting: Waiting, *, case: Case, actor: Actor) -> None:
    """Record on a file what came from the actor's phone without one.

    Raises:
        PersonFacingError: it can't be recorded there; it goes on waiting.
    """
    _check_is_theirs(waiting, actor)
    left = filing.file_on(case, filing.packet_of(waiting), actor)
    if left:
        raise PersonFacingError(
            _("Some of its files can't be kept as documents: %(names)s.") % {"names": ", ".join(sorted(left))},
            _("Ask your administrator for the packet before you throw it away."),
        )
    _drop(waiting)


@verb(Verb.PACKET_SETTLE, about=str)
def discard_packet(waiting: Waiting, *, actor: Actor) -> None:
    """Throw it away for good."""
    _check_is_theirs(waiting, actor)
    _drop(waiting)


def _check_is_theirs(waiting: Waiting, actor: Actor) -> None:
    if waiting.membership_id != actor.membership.pk:
        raise Refused()


def _drop(waiting: Waiting) -> None:
    """The key goes with it."""
    waiting.delete()
    waiting.subject.delete()
