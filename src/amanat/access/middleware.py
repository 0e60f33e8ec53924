"""Puts the actor on the request: who is signed in, in which membership, in which time zone."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from amanat.access.actor import Actor
from amanat.people import doors
from amanat.people.clock import clock
from amanat.people.models import Membership


class ActorMiddleware:
    """`request.actor` is an Actor, or None for whoever is not signed in or belongs to no agency any more."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = actor_of(request)  # type: ignore[attr-defined]
        with timezone.override(_zone(request.actor)):  # type: ignore[attr-defined]
            return self.get_response(request)


def actor_of(request: HttpRequest) -> Actor | None:
    """One query: the worker's memberships and those that they stand in for. None until the session stands open."""
    if not doors.is_open(request):
        return None
    now = clock()
    mine = Q(user=request.user)
    covered = Q(deputy__user=request.user, away_from__lte=now, away_until__gt=now)
    rows = list(Membership.objects.current(now).filter(mine | covered).select_related("user", "agency", "site"))
    membership = _chosen(request, [row for row in rows if row.user_id == request.user.pk])
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


def _chosen(request: HttpRequest, own: list[Membership]) -> Membership | None:
    """The membership that the worker switched to, else the oldest."""
    wanted = request.session.get(doors.MEMBERSHIP)
    own.sort(key=lambda row: row.since)
    return next((row for row in own if str(row.pk) == wanted), own[0] if own else None)


def _zone(actor: Actor | None) -> zoneinfo.ZoneInfo:
    site = actor.membership.site if actor else None
    return zoneinfo.ZoneInfo(site.time_zone if site else "UTC")
