"""What people said of a plan, as one actor may read it: comments, how rows go, who agreed, reviews."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db.models import Max
from django.utils import timezone

from amanat.access.files import File
from amanat.cases.models import Case
from amanat.cases.shown import Text as Words
from amanat.cases.shown import case_of, label, spoken
from amanat.plans.models import Agreement, Comment, CommentState, Party, Plan, Report, Review
from amanat.web.paging import Page, keyset_page

MOST: Final = 200  # comments and reports of a case that are looked through at once, the newest
PROGRESS, ANSWERS, TRIGGERS, DECISIONS = "plan_progress", "plan_answer", "plan_trigger", "plan_decision"
REACHED, YES, NOT_ASKED = "reached", "yes", "not_asked"


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
    rows = Comment.objects.filter(case=case_of(file)).select_related("author__user", "answered_by__user")
    found = [_said(file, row) for row in rows.order_by("-at", "-id")[:MOST]]
    return found[::-1]


def comment_of(file: File, ref: uuid.UUID) -> Said | None:
    row = Comment.objects.filter(case=case_of(file), pk=ref).select_related("author__user", "row").first()
    return _said(file, row) if row else None


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
        """Whether it stands in nobody's way: who agrees, and who could not be asked, with a reason; never the team."""
        answer = self.held["answer"]
        return answer == YES or (answer == NOT_ASKED and self.row.party != Party.TEAM)

    def is_of(self, digest: str) -> bool:
        return bool(self.held["sha256"] == digest)


def agreements_of(file: File, plan: Plan) -> dict[str, Agreed]:
    """By side, the newest of each: one query."""
    found = {}
    for row in plan.agreements.select_related("recorded_by__user").order_by("place"):
        row.subject = file.row.subject
        found[str(row.party)] = Agreed(row, file.open(row, "content"))
    return found


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
    """A page of the reviews of all versions, the newest first."""
    rows = Review.objects.filter(plan__case=case_of(file)).select_related("author__user", "plan")
    page = keyset_page(rows, order=["-at", "-id"], cursor=cursor, counted=False)
    return page, [reviewed(file, row) for row in page.rows]


def last_look(case: Case) -> date | None:
    """The day on which the plan was looked at last: reviewed or agreed; None where it never was. One query."""
    told = Plan.objects.filter(case=case).aggregate(agreed=Max("agreed_at"), seen=Max("reviews__at"))
    moments = [moment for moment in told.values() if moment is not None]
    return timezone.localdate(max(moments)) if moments else None
