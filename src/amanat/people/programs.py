"""What opens something in a worker's name without a sign-in: the password of a phone, the address of a calendar feed.

It ends for good with what let the worker in: a suspension, the end of a role, a new way in. Rooms say how theirs ends.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db.models import QuerySet

from amanat.people.models import Membership, User

End = Callable[[QuerySet[Membership], datetime], None]
_ends: list[End] = []


def register(end: End) -> None:
    """Let `end` shut what is held in the name of some memberships, within the transaction in which they lose it. Called in `ready()`."""
    if end not in _ends:
        _ends.append(end)


def end_of(user: User, now: datetime) -> None:
    """All that is held in the name of a worker ends; it does not come back with them."""
    end(Membership.objects.filter(user=user), now)


def end(memberships: QuerySet[Membership], now: datetime) -> None:
    for shut in _ends:
        shut(memberships, now)
