"""Late work goes on: after one time of the pack the deputy of whoever it falls to is told, after another the supervisor is asked to act.

Nothing is written for that: it follows from when something was due. A deputy who does not stand in for anybody now knows of no file:
they are told whose work is late, how much and since when, so that they can ask.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import QuerySet

from amanat.access.actor import Actor
from amanat.access.models import Grant
from amanat.access.policy import CIRCLE, Relation
from amanat.cases.happenings import step_named
from amanat.cases.models import DueStep, Stage, Task
from amanat.packs.clocks import clock
from amanat.people.models import Membership
from amanat.web.paging import COUNTED, count_text

TO_DEPUTY: Final = "late_to_deputy"
TO_SUPERVISOR: Final = "late_to_supervisor"


@dataclass(frozen=True, slots=True)
class LateWith:
    """What is late with a colleague, since the earliest of it."""

    name: str
    count: int
    since: datetime

    @property
    def figure(self) -> str:
        return count_text(self.count)


def deputy_since(now: datetime) -> datetime:
    """What was due before this moment is the deputy's to ask about."""
    return now - (clock(TO_DEPUTY).rings(now) - now)


def supervisor_since(now: datetime) -> datetime:
    """What was due before this moment is the supervisor's to act on."""
    return now - (clock(TO_SUPERVISOR).rings(now) - now)


def colleagues(actor: Actor) -> QuerySet[Membership]:
    """Those at work whose deputy the actor is; what those on leave have to do stands in the actor's own list."""
    return Membership.objects.current(actor.now).filter(deputy=actor.membership).exclude(pk__in=actor.stands_for)


def late_with_colleagues(actor: Actor) -> list[LateWith]:
    """What is late with each of them: four queries."""
    names = {one.pk: one.user.display_name for one in colleagues(actor).select_related("user")}
    late: dict[uuid.UUID, list[datetime]] = defaultdict(list)
    before = deputy_since(actor.now)
    tasks = Task.objects.filter(owner__in=names, done_at=None, due__lt=before)
    for owner, due in tasks.values_list("owner", "due")[:COUNTED]:
        late[owner].append(due)
    for holder, due in _steps(list(names), before, actor.now):
        late[holder].append(due)
    return [LateWith(names[who], len(dues), min(dues)) for who, dues in late.items()]


def _steps(holders: list[uuid.UUID], before: datetime, now: datetime) -> list[tuple[uuid.UUID, datetime]]:
    """(whose, when it was due) of the steps that name their place, all of a case where they are its case manager."""
    places: dict[uuid.UUID, list[tuple[uuid.UUID, Relation]]] = defaultdict(list)
    held = Grant.objects.active(now).filter(membership__in=holders, relation__in=CIRCLE)
    for subject, holder, relation in held.values_list("subject_id", "membership_id", "relation"):
        places[subject].append((holder, Relation(relation)))
    rows = DueStep.objects.filter(due__lt=before, case__subject__in=held.values("subject"))
    rows = rows.exclude(case__stage=Stage.CLOSED)
    found = set()
    for pk, subject, name, due in rows.values_list("pk", "case__subject", "step", "due")[:COUNTED]:
        step = step_named(name)
        for holder, relation in places[subject]:
            if relation is Relation.CASE_MANAGER or (step and relation in step.who):
                found.add((pk, holder, due))
    return [(holder, due) for _pk, holder, due in found]
