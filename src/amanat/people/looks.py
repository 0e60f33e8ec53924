"""*Look now*: a verb writes it for the workers whose screens should look, and the live stream passes it on. It carries nothing else."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

from amanat.people.clock import clock
from amanat.people.models import Look, Session, User
from amanat.vault.rounds import Rounds

# A row bears the moment at which it was written, and is seen when its transaction commits, which may be that much later.
LATEST = timedelta(seconds=30)
KEPT = timedelta(minutes=10)
EVERY = 60.0  # seconds between two sweeps


def look(users: Iterable[User | UUID]) -> None:
    """Let the screens of these workers look, once the transaction of the verb commits; never if it does not."""
    whose = {user.pk if isinstance(user, User) else user for user in users}
    now = clock()
    Look.objects.bulk_create([Look(user_id=pk, at=now) for pk in sorted(whose)])


def told_since(moment: datetime, users: Iterable[UUID]) -> set[UUID]:
    """Which of these workers were told to look since then."""
    return set(Look.objects.filter(at__gte=moment, user__in=list(users)).values_list("user_id", flat=True))


class News:
    """What came since the last question. One query, however many screens wait; rows that commit late, and out of order, count too."""

    def __init__(self) -> None:
        self._known: set[int] = set()

    def users(self, now: datetime) -> set[UUID]:
        """Whose screens should look."""
        rows = dict(Look.objects.filter(at__gt=now - LATEST).values_list("pk", "user_id"))
        fresh = {user for pk, user in rows.items() if pk not in self._known}
        self._known = set(rows)
        return fresh


def holders(digests: Iterable[str], now: datetime) -> dict[str, UUID]:
    """Which of these sessions stand, and whose they are; a locked one stands until its twelve hours are over."""
    rows = Session.objects.filter(digest__in=list(digests), ends_at__gt=now, user__isnull=False)
    return dict(rows.values_list("digest", "user_id"))


def sweep(now: datetime) -> int:
    """Forget what every screen has heard; how many rows."""
    swept, _by_model = Look.objects.filter(at__lte=now - KEPT).delete()
    return swept


class Sweeper(Rounds):
    """The thread that sweeps. A verb does not: two of them would wait for each other's rows."""

    name: ClassVar[str] = "looks"
    waits: ClassVar[str] = "What screens were told could not be swept; it is tried again."

    def __init__(self) -> None:
        super().__init__(EVERY)

    def turn(self) -> bool:
        sweep(clock())
        return False
