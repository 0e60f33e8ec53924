"""What people said of a plan, as one actor may read it: who agreed; and what colleagues say among themselves: comments, how rows go,
reviews."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Max
from django.utils import timezone

from amanat.access.files import Closed, File
from amanat.access.policy import Part
from amanat.cases.models import Case
from amanat.cases.shown import Text as Words
from amanat.cases.shown import case_of, label, spoken
from amanat.plans.models import Agreement, Comment, CommentState, Party, Plan, PlanState, Report, Review
from amanat.web.paging import Page, keyset_page

MOST: Final = 200  # comments and reports of a case that are looked through at once, the newest
PROGRESS, ANSWERS, TRIGGERS, DECISIONS = "plan_progress", "plan_answer", "plan_trigger", "plan_decision"
REACHED, YES, NO, NOT_ASKED = "reached", "yes", "no", "not_asked"


def are_open(file: File) -> bool:
    """Whether the actor reads what colleagues say among themselves: whoever reads the plan by a consent reads the plan alone."""
    return file.works_on(Part.PLAN)


@dataclass(frozen=True)
class Said:
    """A comment or a proposal, with the answer to it."""

    row: Comment
    words: Words
    answer: Words

    @property
    def by(self) -> str:
        return self.row.author.user.display_name

    @property
    def is_open(self) -> bool:
        return self.row.state == CommentState.OPEN


def comments_of(file: File) -> list[Said]:
    """The newest, in the order in which they were written: one query."""
    if not are_open(file):
        return []
    rows = Comment.objects.filter(case=case_of(file)).select_related("author__user", "answered_by__user")
    found = [_said(file, row) for row in rows.order_by("-at", "-id")[:MOST]]
    return found[::-1]


def comment_of(file: File, ref: uuid.UUID) -> Said | None:
    """None where there is none, or it is not open to the actor."""
    row = Comment.objects.filter(case=case_of(file), pk=ref).select_related("author__user", "row").first()
    return _said(file, row) if row and are_open(file) else None


def _said(file: File, row: Comment) -> Said:
    row.subject = file.row.subject
    answer = file.open(row, "answer") if row.answer else ""
    return Said(row, spoken(file.open(row, "words") or ""), spoken(answer or ""))


@dataclass(frozen=True)
class Reported:
    """How a row goes."""

    row: Report
    held: dict[str, Any]

    @property
    def state(self) -> str:
        return label(PROGRESS, self.held["state"])

    @property
    def is_reached(self) -> bool:
        return bool(self.held["state"] == REACHED)

    @property
    def on(self) -> date:
        return date.fromisoformat(self.held["on"])

    @property
    def words(self) -> Words:
        return spoken(str(self.held.get("words") or ""))

    @property
    def by(self) -> str:
        return self.row.author.user.display_name


def reports_of(file: File) -> dict[str, Reported]:
    """By the reference of the row: the newest of each: one query."""
    if not are_open(file):
        return {}
    found: dict[str, Reported] = {}
    rows = Report.objects.filter(case=case_of(file)).select_related("author__user").order_by("-at", "-id")
    for report in rows[:MOST]:
        if report.row_id.hex not in found:
            report.subject = file.row.subject
            found[report.row_id.hex] = Reported(report, file.open(report, "content"))
    return found


@dataclass(frozen=True)
class Agreed:
    """What one side said."""

    row: Agreement
    held: dict[str, Any]

    @property
    def party(self) -> str:
        return str(Party(self.row.party).label)

    @property
    def answer(self) -> str:
        return label(ANSWERS, self.held["answer"])

    @property
    def on(self) -> date:
        return date.fromisoformat(self.held["on"])

    @property
    def words(self) -> Words:
        return spoken(str(self.held.get("words") or ""))

    @property
    def name(self) -> str:
        return str(self.held.get("name") or "")

    @property
    def favours(self) -> bool:
        """Who could not be asked has not agreed, whatever the reason."""
        return self.says(YES)

    def says(self, answer: str) -> bool:
        return bool(self.held["answer"] == answer)

    def is_of(self, digest: str) -> bool:
        return bool(self.held["sha256"] == digest)


def agreements_of(file: File, plan: Plan) -> dict[str, Agreed]:
    """By side, the newest of each: one query."""
    found = {}
    for row in plan.agreements.select_related("recorded_by__user").order_by("place"):
        row.subject = file.row.subject
        found[str(row.party)] = Agreed(row, file.open(row, "content"))
    return found


def last_answer(file: File, party: Party) -> Agreed | None:
    """What one side said when it was asked last, of whatever version; that it could not be asked is no answer."""
    rows = Agreement.objects.filter(plan__case=case_of(file), party=party).order_by("-plan__number", "-place")
    for row in rows:
        row.subject = file.row.subject
        said = Agreed(row, file.open(row, "content"))
        if not said.says(NOT_ASKED):
            return said
    return None


def unheard(file: File) -> list[Agreed]:
    """Who has not agreed to the version in force: who was not asked since, of that version or of a draft; and who was, and said no
    to it. One query."""
    rows = Agreement.objects.filter(plan__case=case_of(file), plan__state__in=[PlanState.AGREED, PlanState.DRAFT])
    in_force: dict[str, Agreed] = {}
    newest: dict[str, Agreed] = {}
    for row in rows.select_related("plan").order_by("plan__number", "place"):
        row.subject = file.row.subject
        newest[row.party] = Agreed(row, file.open(row, "content"))
        if row.plan.state == PlanState.AGREED:
            in_force[row.party] = newest[row.party]
    lack = [newest[party] for party in Party if party in in_force and not in_force[party].favours]
    return [one for one in lack if one.says(NOT_ASKED) or one.row.plan.state == PlanState.AGREED]


@dataclass(frozen=True)
class Reviewed:
    row: Review
    held: dict[str, Any]

    @property
    def on(self) -> date:
        return date.fromisoformat(self.held["on"])

    @property
    def trigger(self) -> str:
        return label(TRIGGERS, self.held["trigger"])

    @property
    def decision(self) -> str:
        return label(DECISIONS, self.held["decision"])

    @property
    def by(self) -> str:
        return self.row.author.user.display_name

    @property
    def good(self) -> Words:
        return spoken(str(self.held.get("good") or ""))

    @property
    def hard(self) -> Words:
        return spoken(str(self.held.get("hard") or ""))

    @property
    def child(self) -> Words:
        return spoken(str(self.held.get("child") or ""))


def reviewed(file: File, row: Review) -> Reviewed:
    row.subject = file.row.subject
    return Reviewed(row, file.open(row, "content"))


def reviews_of(file: File, cursor: str) -> tuple[Page[Review], list[Reviewed]]:
    """A page of the reviews of all versions, the newest first.

    Raises:
        Closed: they are not open to the actor.
    """
    if not are_open(file):
        raise Closed(Part.PLAN)
    rows = Review.objects.filter(plan__case=case_of(file)).select_related("author__user", "plan")
    page = keyset_page(rows, order=["-at", "-id"], cursor=cursor, counted=False)
    return page, [reviewed(file, row) for row in page.rows]


def last_look(case: Case) -> date | None:
    """The day on which the plan was looked at last: reviewed or agreed; None where it never was. One query."""
    told = Plan.objects.filter(case=case).aggregate(agreed=Max("agreed_at"), seen=Max("reviews__at"))
    moments = [moment for moment in told.values() if moment is not None]
    return timezone.localdate(max(moments)) if moments else None
