"""Who asked *is this child known?* outside their circle, how often, and whose asking stands out, by two rules that the page names.

A mark is no judgement: a hotline after a raid asks twenty times. The officer looks into the log and asks the worker.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, F, QuerySet, Value, Window
from django.db.models.functions import Lag, TruncDate
from django.utils import timezone

from amanat.access.models import ANSWERS_A_DAY, DAY_OF_ANSWERS, ExistenceAnswer

LATELY, LONGER = 7, 30  # days, today among them
# Far more than before: at least so many in the last 7 days, and more than so many times what the weeks before had. Ours.
AT_LEAST, TIMES = 10, 3
SHOWN = 25
THE_LIMIT = -1  # stands for a count where the limit was reached
RULE = {
    "limit": ANSWERS_A_DAY,
    "least": AT_LEAST,
    "times": TIMES,
    "lately": LATELY,
    "longer": LONGER,
}  # for the page to say


@dataclass(frozen=True)
class Asking:
    """One worker's questions, in whichever of their memberships: how many on each day, and when they reached the limit."""

    worker_id: uuid.UUID
    worker: str
    agencies: tuple[str, ...]
    by_day: Mapping[date, int]
    today: date
    reached: tuple[date, ...] = ()

    @property
    def lately(self) -> int:
        return sum(count for day, count in self.by_day.items() if day >= self._since)

    @property
    def longer(self) -> int:
        return sum(self.by_day.values())

    @property
    def most(self) -> int:
        """On one day."""
        return max(self.by_day.values())

    @property
    def _since(self) -> date:
        return self.today - timedelta(days=LATELY - 1)

    @property
    def days(self) -> list[tuple[date, int]]:
        """The days worth a look into the log, the newest first: the last ones, and those on which the limit was reached."""
        worth = ((day, count) for day, count in self.by_day.items() if day >= self._since or day in self.reached)
        return sorted(worth, reverse=True)

    @property
    def far_more(self) -> bool:
        """At least AT_LEAST in the last days, and more than TIMES as many a day as in the days before."""
        before = self.longer - self.lately
        return self.lately >= AT_LEAST and self.lately * (LONGER - LATELY) > TIMES * before * LATELY

    @property
    def is_marked(self) -> bool:
        return bool(self.reached) or self.far_more


def askings(now: datetime) -> list[Asking]:
    """The workers who asked in the last LONGER days, those with a mark first, then whoever asked most; one query."""
    today = timezone.localdate(now)
    names: dict[uuid.UUID, str] = {}
    agencies: dict[uuid.UUID, set[str]] = defaultdict(set)
    days: dict[uuid.UUID, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    reached: dict[uuid.UUID, set[date]] = defaultdict(set)
    for user, name, agency, day, count in _counted(now):
        if day <= today - timedelta(days=LONGER):
            continue  # asked for only because the 24 hours before the first day reach into it
        names[user] = name
        if count == THE_LIMIT:
            reached[user].add(day)
        else:
            agencies[user].add(agency)
            days[user][day] += count
    found = [
        Asking(user, name, tuple(sorted(agencies[user])), days[user], today, tuple(sorted(reached[user])))
        for user, name in names.items()
    ]
    return sorted(found, key=lambda one: (not one.is_marked, -one.lately, -one.longer, one.worker))[:SHOWN]


def _counted(now: datetime) -> QuerySet[Any]:
    """(worker, their name, agency, day, count), and the same with THE_LIMIT as the count of each answer that was the last of 24 hours."""
    begins = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=LONGER - 1)
    rows = ExistenceAnswer.objects.filter(at__gte=begins - DAY_OF_ANSWERS, at__lte=now).annotate(day=TruncDate("at"))
    who = ("membership__user", "membership__user__display_name", "membership__agency__name", "day", "count")
    first = Window(
        Lag("at", offset=ANSWERS_A_DAY - 1),
        partition_by=[F("membership__user")],
        order_by=[F("at").asc(), F("pk").asc()],
    )
    last_of_so_many = rows.annotate(first=first, count=Value(THE_LIMIT)).filter(first__gt=F("at") - DAY_OF_ANSWERS)
    by_day = rows.values(*who[:-1]).annotate(count=Count("pk"))
    counted: QuerySet[Any] = by_day.values_list(*who).union(last_of_so_many.values_list(*who), all=True)
    return counted
