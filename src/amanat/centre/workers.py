"""Colleagues of one's agency, to name one of them."""

from __future__ import annotations

from django.db.models import QuerySet

from amanat.access.actor import Actor
from amanat.people.models import Membership


def colleagues(actor: Actor) -> QuerySet[Membership]:
    """Everybody who works there now, but for the actor."""
    rows = Membership.objects.current(actor.now).filter(agency=actor.membership.agency_id)
    return rows.exclude(user=actor.user).select_related("user").order_by("user__display_name", "role")
