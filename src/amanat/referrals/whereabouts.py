"""Who learns where a confidential place is by a referral: whoever received a child there, while the service runs."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable

from amanat.access.actor import Actor
from amanat.access.files import visible_to
from amanat.directory.models import ServiceAtLocation
from amanat.referrals.models import RUNNING, Referral


def received_at(actor: Actor, places: Collection[uuid.UUID]) -> Iterable[uuid.UUID]:
    """Of these places those at which a service is given that the actor, or a colleague for whom they stand in, has accepted."""
    taken = Referral.objects.filter(receiver__in=actor.stands_for, state__in=RUNNING)
    services = visible_to(actor, taken).values("service")
    return ServiceAtLocation.objects.filter(location__in=places, service__in=services).values_list(
        "location", flat=True
    )
