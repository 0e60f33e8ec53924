"""What stands on *My day*: the figures at its head, the lines of what is due, and whom somebody stands in for."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_files
from amanat.access.labels import RELATION_LABELS
from amanat.access.policy import BY_OFFICE, BY_OWNERSHIP, MAY_JOIN_AS, Part, Relation, Verb
from amanat.cases import queries
from amanat.cases.caseload import NO_RISK, Asked
from amanat.cases.happenings import step_label, step_named
from amanat.cases.models import DueStep, Task, TaskKind
from amanat.cases.shown import Text, name_of, task_said
from amanat.people.models import Membership
from amanat.web.day import Tile, tiles_for
from amanat.web.paging import count_text

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


# Only a case manager sets a risk.
WITHOUT_RISK = Asked(risk=NO_RISK, only="managed")


@dataclass(frozen=True, slots=True)
class Due:
    """A task as its reader may see it; `text` is None where it is not open to them."""

    task: Task
    file: File
    name: Text | None
    text: Text | None

    @property
    def is_alert(self) -> bool:
        """It was due the moment it was raised; that is not called late."""
        return self.task.kind == TaskKind.FORM_ALERT

    @property
    def is_late(self) -> bool:
        return self.task.due < self.file.actor.now


@dataclass(frozen=True, slots=True)
class DueOnFile:
    """A step of the procedure that is due on a file, as somebody of its circle of care sees it."""

    row: DueStep
    file: File
    name: Text | None

    @property
    def label(self) -> str:
        return step_label(self.row.step)

    @property
    def who(self) -> list[StrOrPromise]:
        """Whose work it is."""
        step = step_named(self.row.step)
        return [RELATION_LABELS[Relation(name)] for name in step.who] if step else []

    @property
    def is_late(self) -> bool:
        return self.row.due < self.file.actor.now


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a worker, what they asked of colleagues, and steps on their files. `files`: of all of these."""

    due: list[Due]
    raised: list[Due]
    steps: list[DueOnFile]
    files: list[File]

    @property
    def has_more_steps(self) -> bool:
        return len(self.steps) == queries.DUE_SHOWN


@dataclass(frozen=True, slots=True)
class Head:
    """The figures at the head, and how many files wait for a first risk from this worker (counted up to 1,001)."""

    tiles: list[Tile]
    without_risk: int = 0

    @property
    def says_that_something_waits(self) -> bool:
        return any(tile.kind for tile in self.tiles)

    @property
    def without_risk_query(self) -> str:
        """The address's query of the list of those files."""
        return WITHOUT_RISK.query()

    @property
    def without_risk_text(self) -> str:
        return count_text(self.without_risk)


def waiting(actor: Actor) -> Waiting:
    """Three queries, and what it takes to open the files, however many."""
    mine, raised = list(queries.my_tasks(actor)[: queries.DUE_SHOWN]), queries.raised_tasks(actor)
    rows = list(queries.my_steps(actor)[: queries.DUE_SHOWN])
    cases = {task.case_id: task.case for task in (*mine, *raised)} | {row.case_id: row.case for row in rows}
    files = {file.row.pk: file for file in open_files(actor, cases.values())}
    steps = [DueOnFile(row, files[row.case_id], name_of(files[row.case_id])) for row in rows]
    return Waiting(
        [_due(files[task.case_id], task) for task in mine],
        [_due(files[task.case_id], task) for task in raised],
        [one for one in steps if one.file.sees(Part.EXISTENCE)],
        list(files.values()),
    )


def _due(file: File, task: Task) -> Due:
    task.subject = file.row.subject
    text = task_said(file, task) if file.opens(task, "text") else None
    return Due(task, file, name_of(file), text)


def head(actor: Actor) -> Head:
    """What this worker acts on: what is theirs to do, what is late and which emergencies wait where they answer for it."""
    circle = _of_the_circle(actor) if any(actor.role in roles for roles in MAY_JOIN_AS.values()) else Head([])
    shown = [*circle.tiles]
    if actor.role in BY_OWNERSHIP or actor.role in BY_OFFICE:
        label = _("late in the agency") if actor.role in BY_OWNERSHIP else _("late in the network")
        shown.append(_tile(queries.late_cases(actor), label, "alert", "cases.caseload", "?only=late", "warning"))
    if actor.may(Verb.EMERGENCY_SECOND):
        label = _("emergencies to judge") if actor.role in BY_OWNERSHIP else _("emergencies not yet judged")
        shown.append(_tile(queries.unjudged(actor), label, "unlock", "cases.emergencies", "", "danger"))
    return replace(circle, tiles=[*shown, *tiles_for(actor)])


def _of_the_circle(actor: Actor) -> Head:
    tasks = queries.late_and_today(actor, queries.my_tasks(actor))
    steps = queries.late_and_today(actor, queries.my_steps(actor))
    new_ones = queries.new_in_circle(actor).values("subject").distinct()
    without = WITHOUT_RISK.rows(actor).values("pk")
    new, without_risk, late, today, late_steps, today_steps = queries.counted(actor, new_ones, without, *tasks, *steps)
    tiles = [
        _tile(late + late_steps, _("overdue"), "clock", "cases.my_day", "#due", "danger"),
        _tile(today + today_steps, _("due today"), "calendar", "cases.my_day", "#due", "warning"),
        _tile(new, _("new in my circle this week"), "people", "cases.caseload", "?only=new"),
    ]
    return Head(tiles, without_risk)


def _tile(count: int, label: StrOrPromise, icon: str, url_name: str, rest: str = "", kind: str = "") -> Tile:
    return Tile(count_text(count), label, icon, url_name, rest, kind if count else "")


def stood_in_for(actor: Actor) -> list[Membership]:
    """The colleagues on leave for whom this worker stands in."""
    others = [membership for membership in actor.stands_for if membership != actor.membership.pk]
    return (
        list(Membership.objects.filter(pk__in=others).select_related("user").order_by("away_until")) if others else []
    )
