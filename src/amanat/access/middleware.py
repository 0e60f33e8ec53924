"""Puts the actor on the request: who is signed in, in which membership, in which time zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from amanat.access.actor import Actor
from amanat.people import doors, memberships
from amanat.people.clock import clock
from amanat.people.models import Membership


class ActorMiddleware:
    """`request.actor` is an Actor, or None for whoever is not signed in or belongs to no agency any more.

    It is made when the body has arrived (the CSRF check, which stands before us, has read it): somebody who is suspended
    while their request trickles in is not the one who may still write.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]
        with timezone.override("UTC"):
            return self.get_response(request)

    def process_view(self, request: HttpRequest, *_view: object) -> None:
        actor = actor_of(request)
        request.actor = actor  # type: ignore[attr-defined]
        timezone.activate(actor.membership.zone if actor else UTC)


def actor_of(request: HttpRequest) -> Actor | None:
    """One query: the worker's memberships and those that they stand in for. None until the session stands open."""
    if not doors.is_open(request):
        return None
    now = clock()
    mine = Q(user=request.user)
    own = Membership.objects.filter(user=request.user.pk).values("pk")  # by its index, however many workers there are
    covered = Q(deputy__in=own, away_from__lte=now, away_until__gt=now)
    rows = list(
        Membership.objects.current(now)
        .filter(mine | covered)
        .select_related("user", "agency", "site")
        .order_by("since", "pk")
    )
    membership = memberships.chosen(request, [row for row in rows if row.user_id == request.user.pk])
    if membership is None:
        return None
    return Actor(
        membership=membership,
        now=now,
        stands_for=(membership.pk, *(row.pk for row in rows if row.deputy_id == membership.pk and row.is_away(now))),
        proved_at=doors.proved_at(request),
        second_factor=doors.second_factor(request),
        where=request.META.get("REMOTE_ADDR", ""),
    )
