"""What stands on *My day*: the figures at its head, the lines of what is due, and whom somebody stands in for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_files
from amanat.access.labels import RELATION_LABELS
from amanat.access.policy import BY_OFFICE, BY_OWNERSHIP, MAY_JOIN_AS, Part, Relation, Verb
from amanat.cases import board, overdue, queries
from amanat.cases.caseload import NO_RISK, Asked
from amanat.cases.happenings import step_label, step_named
from amanat.cases.models import DueStep, Task, TaskKind
from amanat.cases.shown import Text, case_of, name_of, task_said
from amanat.people.models import Membership
from amanat.web import day
from amanat.web.day import Counted, Tile
from amanat.web.paging import count_text

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


# Only a case manager sets a risk.
WITHOUT_RISK = Asked(risk=NO_RISK, only="managed")


@dataclass(frozen=True, slots=True)
class Due:
    """A task as its reader may see it."""

    task: Task
    file: File
    name: Text | None
    text: Text

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
class StepsOfChild:
    """The steps that are due on one file, the first that is due at the head."""

    steps: list[DueOnFile]

    @property
    def file(self) -> File:
        return self.steps[0].file

    @property
    def name(self) -> Text | None:
        return self.steps[0].name

    @property
    def code_name(self) -> str:
        return case_of(self.file).child.code_name


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for a worker, what they asked of colleagues, and steps on their files. `files`: of all of these."""

    due: list[Due]
    raised: list[Due]
    steps: list[DueOnFile]
    files: list[File]

    @property
    def by_child(self) -> list[StepsOfChild]:
        """The steps in groups, the child on whose file something is due first at the head."""
        groups: dict[UUID, list[DueOnFile]] = {}
        for one in self.steps:
            groups.setdefault(one.row.case_id, []).append(one)
        return [StepsOfChild(steps) for steps in groups.values()]

    @property
    def has_more_steps(self) -> bool:
        return len(self.steps) == queries.DUE_SHOWN


@dataclass(frozen=True, slots=True)
class Head:
    """The figures at the head, how many files wait for a first risk from this worker (counted up to 1,001), and how many colleagues
    at work have this worker as their deputy.
    """

    tiles: list[Tile]
    without_risk: int = 0
    deputised: int = 0

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
    """Two queries, and what it takes to open the files, however many."""
    mine, raised = queries.tasks(actor)
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
    return Due(task, file, name_of(file), task_said(file, task))


def head(actor: Actor) -> Head:
    """What this worker acts on: what is theirs to do, what is late and which emergencies wait where they answer for it. One query."""
    others = day.asked(actor)
    asked = {"deputised": overdue.colleagues(actor).values("pk")} | _asked(actor)
    count = dict(zip(asked, counts := queries.counted(actor, *asked.values(), *_rows(others)), strict=False))
    shown: list[Tile] = []
    if "new" in count:
        shown += [
            _tile(count["late"] + count["late_steps"], _("overdue"), "clock", "cases.my_day", "#due", "danger"),
            _tile(count["today"] + count["today_steps"], _("due today"), "calendar", "cases.my_day", "#due", "warning"),
            _tile(count["new"], _("new in my circle this week"), "people", "cases.caseload", "?only=new"),
        ]
    if "escalated" in count:
        label = _("late for long in the agency")
        shown.append(_tile(count["escalated"], label, "alert", "cases.board", "?when=escalated", "danger"))
        shown.append(
            _tile(count["late_cases"], _("late in the agency"), "clock", "cases.board", "?when=late", "warning")
        )
    elif "late_cases" in count:
        label = _("late in the network")
        shown.append(_tile(count["late_cases"], label, "alert", "cases.caseload", "?only=late", "warning"))
    if "unjudged" in count:
        label = _("emergencies to judge") if actor.role in BY_OWNERSHIP else _("emergencies not yet judged")
        shown.append(_tile(count["unjudged"], label, "unlock", "cases.emergencies", "", "danger"))
    if count.get("withdrawn"):
        shown.append(
            _tile(count["withdrawn"], _("withdrawn consents to confirm"), "shield", "cases.withdrawals", "", "warning")
        )
    return Head([*shown, *_told(others, counts[len(asked) :])], count.get("without_risk", 0), count["deputised"])


def other_tiles(actor: Actor) -> list[Tile]:
    """The figures of the other rooms alone, for whoever sees no files."""
    others = day.asked(actor)
    rows = _rows(others)
    return _told(others, queries.counted(actor, *rows) if rows else ())


def _rows(others: Sequence[Tile | Counted]) -> list[QuerySet[Any]]:
    return [one.rows for one in others if isinstance(one, Counted)]


def _told(others: Sequence[Tile | Counted], counts: Sequence[int]) -> list[Tile]:
    left = iter(counts)
    found = [one.tile(next(left)) if isinstance(one, Counted) else one for one in others]
    return [tile for tile in found if tile is not None]


def _asked(actor: Actor) -> dict[str, QuerySet[Any]]:
    """What is counted for this worker, by what it is."""
    asked: dict[str, QuerySet[Any]] = {}
    if any(actor.role in roles for roles in MAY_JOIN_AS.values()):
        asked["new"] = queries.new_in_circle(actor).values("subject").distinct()
        asked["without_risk"] = WITHOUT_RISK.rows(actor).values("pk")
        asked["late"], asked["today"] = queries.late_and_today(actor, queries.my_tasks(actor))
        asked["late_steps"], asked["today_steps"] = queries.late_and_today(actor, queries.my_steps(actor))
    if actor.may(Verb.LOOK_BOARD):
        asked["escalated"] = board.escalated(actor).values("pk")
    if actor.role in BY_OWNERSHIP or actor.role in BY_OFFICE:
        asked["late_cases"] = queries.late_cases(actor).values("pk")
    if actor.may(Verb.EMERGENCY_SECOND):
        asked["unjudged"] = queries.unjudged(actor).values("pk")
    if actor.may(Verb.WITHDRAWAL_CONFIRM):
        asked["withdrawn"] = queries.notices_for(actor).filter(confirmed_at=None).values("pk")
    return asked


def _tile(count: int, label: StrOrPromise, icon: str, url_name: str, rest: str = "", kind: str = "") -> Tile:
    return Tile(count_text(count), label, icon, url_name, rest, kind if count else "")


def stood_in_for(actor: Actor) -> list[Membership]:
    """The colleagues on leave for whom this worker stands in."""
    others = [membership for membership in actor.stands_for if membership != actor.membership.pk]
    return (
        list(Membership.objects.filter(pk__in=others).select_related("user").order_by("away_until")) if others else []
    )
