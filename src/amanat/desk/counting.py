"""How much waits at the desk, in one query."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from amanat.access.actor import Actor
from amanat.access.files import not_kept_out
from amanat.desk.models import Breach, Due, Erasure, ErasureState, Request
from amanat.desk.requests import SOON_DAYS
from amanat.people.models import User
from amanat.web.counting import count


@dataclass(frozen=True)
class Counted:
    """Requests that wait, that are due within a week or late, and late; breaches of which the authority waits to be told; erasures
    that wait; files in the report of what will go."""

    requests: int
    soon: int
    late_requests: int
    breaches: int
    erasures: int
    due: int


def rows(actor: Actor) -> dict[str, QuerySet[Any]]:
    """By the names of `Counted`, in their order; but what is about files that the actor is kept out of."""
    today = timezone.localdate(actor.now)
    requests = not_kept_out(actor, Request.objects.filter(answered_at=None))
    return {
        "requests": requests,
        "soon": requests.filter(due_on__lte=today + timedelta(days=SOON_DAYS)),
        "late_requests": requests.filter(due_on__lt=today),
        "breaches": Breach.objects.filter(authority_at=None, closed_at=None),
        "erasures": not_kept_out(actor, Erasure.objects.filter(state=ErasureState.WAITING)),
        "due": not_kept_out(actor, Due.objects.all()),
    }


def counted(actor: Actor) -> Counted:
    """One query."""
    asked = {name: count(found) for name, found in rows(actor).items()}
    return Counted(*User.objects.filter(pk=actor.user.pk).annotate(**asked).values_list(*asked).get())
