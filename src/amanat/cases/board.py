"""The supervisor's board: what is late and due soon in the agency, whose work it is. The clocks are those of *My day* and of the file.

A row is a case, in the order in which something is due on it: lists by case have an index, and what is due on one child stands
together.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.files import visible_to
from amanat.access.labels import RELATION_LABELS
from amanat.access.models import Grant
from amanat.access.policy import CIRCLE, MAY_JOIN_AS, Relation
from amanat.cases import queries
from amanat.cases.happenings import procedure, step_label, step_named
from amanat.cases.models import Case, DueStep, Stage, Task
from amanat.cases.overdue import supervisor_since
from amanat.cases.shown import Line, task_said
from amanat.people.models import Membership
from amanat.web.paging import keyset_page

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

WHEN: dict[str, StrOrPromise] = {
    "escalated": _("Late for long: act now"),
    "late": _("Late"),
    "today": _("Late, or due today"),
    "week": _("Late, or due within a week"),
}
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Asked:
    """What the address asks for. A word that is not ours counts as none."""

    when: str = "week"
    worker: str = ""
    step: str = ""

    @classmethod
    def of(cls, query: QueryDict, workers: Iterable[Membership]) -> Asked:
        offered = {
            "when": set(WHEN),
            "worker": {one.pk.hex for one in workers},
            "step": {step.name for step in procedure()},
        }
        return cls(**{name: str(query[name]) for name, words in offered.items() if query.get(name) in words})

    def query(self) -> str:
        """The address's query; what is usual is left out."""
        return urlencode({name: word for name, word in vars(self).items() if word != getattr(Asked, name)})

    @property
    def is_filtered(self) -> bool:
        return self != Asked()

    def until(self, now: datetime) -> datetime:
        """What is due before this moment stands on the board."""
        moments = {"escalated": supervisor_since(now), "late": now, "today": queries.end_of_day(now)}
        return moments.get(self.when, now + WEEK)

    def rows(self, actor: Actor) -> QuerySet[Case]:
        until = self.until(actor.now)
        rows = queries.cases_of(actor).filter(agency=actor.membership.agency_id, next_due__lt=until)
        rows = rows.exclude(stage=Stage.CLOSED)
        if self.worker:
            held = Grant.objects.active(actor.now).filter(membership=uuid.UUID(self.worker), relation__in=CIRCLE)
            rows = rows.filter(subject__in=held.values("subject"))
        if self.step:
            due = DueStep.objects.filter(step=self.step, due__lt=until)
            rows = rows.filter(pk__in=due.values("case"))
        return rows


@dataclass(frozen=True, slots=True)
class Entry:
    """One clock on a case. `owners`: who stands where the step says whose work it is; none where nobody does."""

    due: datetime
    text: str
    owners: list[str]
    places: list[StrOrPromise]
    is_late: bool
    is_escalated: bool


@dataclass(frozen=True, slots=True)
class Row:
    line: Line
    entries: list[Entry]


@dataclass(frozen=True)
class Board:
    """A page of it."""

    rows: list[Row]
    count: int
    count_text: str
    next_cursor: str
    previous_cursor: str


def board(actor: Actor, asked: Asked, cursor: str) -> Board:
    """The page at `cursor`: seven queries, however many cases."""
    page = keyset_page(asked.rows(actor), order=["next_due", "id"], cursor=cursor)
    entries = _entries(queries.lines(actor, page.rows), asked.until(actor.now)) if page.rows else []
    return Board(entries, page.count, page.count_text, page.next_cursor, page.previous_cursor)


def workers(actor: Actor) -> list[Membership]:
    """Who can stand in circles of care in the supervisor's agency."""
    roles = {role for joined in MAY_JOIN_AS.values() for role in joined}
    rows = Membership.objects.current(actor.now).filter(agency=actor.membership.agency_id, role__in=roles)
    return list(rows.select_related("user").order_by("user__display_name", "role"))


def escalated(actor: Actor) -> QuerySet[Case]:
    """Cases of the agency on which something is late for so long that the supervisor is asked to act."""
    rows = visible_to(actor, Case.objects.filter(next_due__lt=supervisor_since(actor.now)))
    return rows.filter(agency=actor.membership.agency_id).exclude(stage=Stage.CLOSED)


def _entries(lines: list[Line], until: datetime) -> list[Row]:
    cases = [line.case.pk for line in lines]
    found: dict[uuid.UUID, list[tuple[datetime, DueStep | Task]]] = defaultdict(list)
    for step in DueStep.objects.filter(case__in=cases, due__lt=until):
        found[step.case_id].append((step.due, step))
    tasks = Task.objects.filter(case__in=cases, done_at=None, due__lt=until)
    for task in tasks.select_related("subject", "owner__user"):
        found[task.case_id].append((task.due, task))
    circles = _circles(lines)
    rows = []
    for line in lines:
        due = sorted(found[line.case.pk], key=lambda one: one[0])
        rows.append(Row(line, [_entry(line, one, circles[line.case.subject_id]) for _at, one in due]))
    return rows


def _circles(lines: list[Line]) -> Mapping[uuid.UUID, list[tuple[Relation, str]]]:
    """By subject: who stands in the circle of care as what."""
    now = lines[0].file.actor.now
    grants = Grant.objects.active(now).filter(subject__in=[line.case.subject_id for line in lines], relation__in=CIRCLE)
    circles: dict[uuid.UUID, list[tuple[Relation, str]]] = defaultdict(list)
    for subject, relation, name in grants.values_list("subject_id", "relation", "membership__user__display_name"):
        circles[subject].append((Relation(relation), name))
    return circles


def _entry(line: Line, one: DueStep | Task, circle: list[tuple[Relation, str]]) -> Entry:
    now = line.file.actor.now
    entry = Entry(one.due, "", [], [], one.due < now, one.due < supervisor_since(now))
    if isinstance(one, Task):
        return replace(entry, text=task_said(line.file, one).text, owners=[one.owner.user.display_name])
    step = step_named(one.step)
    places = [Relation(name) for name in step.who] if step else []
    owners = sorted({name for relation, name in circle if relation in places})
    return replace(entry, text=step_label(one.step), owners=owners, places=[RELATION_LABELS[place] for place in places])
