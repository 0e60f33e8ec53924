"""Who asked outside their circle whether a child is known, and how often: the officer sees what is unlike the others.

Nothing is scored. Marked is only whoever came to the limit of a day, which is the one number that the house has for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from django.db.models import Count
from django.db.models.functions import TruncDate
from django.utils import timezone

from amanat.access.models import ANSWERS_A_DAY, ExistenceAnswer
from amanat.people.models import User

LATELY: Final = timedelta(days=30)
SHOWN: Final = 25


@dataclass(frozen=True)
class Asker:
    """A worker, how many questions they asked lately, and the day on which they asked most."""

    user: User
    asked: int
    busiest: date
    most: int

    @property
    def is_at_the_limit(self) -> bool:
        return self.most >= ANSWERS_A_DAY


def askers(now: datetime) -> list[Asker]:
    """Whoever asked, the busiest day first; 25 at most. Days are those of the reader's zone."""
    day = TruncDate("at", tzinfo=timezone.get_current_timezone())
    days = ExistenceAnswer.objects.filter(at__gt=now - LATELY).values("membership__user", day=day)
    counted: dict[object, list[tuple[int, date]]] = {}
    for row in days.annotate(asked=Count("pk")).order_by():
        counted.setdefault(row["membership__user"], []).append((row["asked"], row["day"]))
    first = sorted(counted, key=lambda user: (*max(counted[user]), sum(asked for asked, _day in counted[user])))
    users = User.objects.in_bulk(first[::-1][:SHOWN])
    return [_asker(users[user], counted[user]) for user in first[::-1][:SHOWN]]


def _asker(user: User, days: list[tuple[int, date]]) -> Asker:
    most, busiest = max(days)
    return Asker(user, sum(asked for asked, _day in days), busiest, most)
