"""By which of several memberships a worker acts in a session."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest

from amanat.people.doors import MEMBERSHIP, worker_of
from amanat.people.models import Membership, MembershipQuerySet, User


def current(user: User, now: datetime) -> MembershipQuerySet:
    """The memberships that count now, the eldest first, with agency and site."""
    held = Membership.objects.current(now).filter(user=user)
    return held.select_related("agency", "site").order_by("since", "pk")


def active(request: HttpRequest, now: datetime) -> Membership | None:
    """The one chosen in this session, else the eldest; None for a worker who works nowhere now. One query."""
    return chosen(request, list(current(worker_of(request), now)))


def chosen(request: HttpRequest, held: list[Membership]) -> Membership | None:
    """Of a worker's memberships, the eldest first, the one chosen in this session, else the eldest."""
    wanted = request.session.get(MEMBERSHIP)
    return next((membership for membership in held if str(membership.pk) == wanted), held[0] if held else None)
