"""What was stated about a child (status, vulnerability, obstacles, interviews), as one actor may read it. Verbs: `actions`."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from typing import Any

from django.utils import timezone

from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases.shown import Text, label, spoken
from amanat.identification.models import Statement, StatementKind
from amanat.web.paging import Page, keyset_page

ORDER = ["-at", "-id"]
MOST = 200  # statements of a child that are looked through at once, the newest
STATUSES, DECIDED_BY, OUTCOMES = "htcds_trafficking_status", "htcds_status_decided_by", "status_review_outcome"
LEVELS_OF = "vulnerability_level"
OBSTACLES, RESULTS = "obstacle", "obstacle_result"
SET_ASIDE, OVERCOME = "set_aside", "overcome"


@dataclass(frozen=True)
class Told:
    """A statement with what it says, and those that answer it, the oldest first."""

    row: Statement
    held: dict[str, Any]
    answers: list[Told] = field(default_factory=list)

    @property
    def by(self) -> str:
        return self.row.author.user.display_name

    @property
    def on(self) -> date | None:
        """The day that it is about, which may lie before the day on which it was written."""
        return date.fromisoformat(self.held["on"]) if self.held.get("on") else None

    @property
    def until(self) -> date | None:
        return date.fromisoformat(self.held["until"]) if self.held.get("until") else None

    @property
    def review_by(self) -> date | None:
        return date.fromisoformat(self.held["review_by"]) if self.held.get("review_by") else None

    def text(self, key: str) -> Text:
        return spoken(str(self.held.get(key) or ""))

    @property
    def words(self) -> Text:
        return self.text("words")

    @property
    def is_appeal(self) -> bool:
        return self.row.kind == StatementKind.APPEAL

    # of a status

    @property
    def status(self) -> str:
        return label(STATUSES, self.held.get("status", ""))

    @property
    def decided_by(self) -> str:
        return label(DECIDED_BY, self.held.get("decided_by", ""))

    @property
    def outcome(self) -> str:
        return label(OUTCOMES, self.held.get("outcome", ""))

    @property
    def is_set_aside(self) -> bool:
        reviews = [one.held.get("outcome") for one in self.answers if one.row.kind == StatementKind.REVIEW]
        return SET_ASIDE in reviews

    @property
    def is_appealed(self) -> bool:
        """Whether an appeal waits: the last that came to this status is one, or a review that left it open."""
        open_now = False
        for one in self.answers:
            open_now = one.is_appeal or (open_now and one.held.get("outcome") == "later")
        return open_now

    # of an assessment of vulnerability, and of an obstacle

    @property
    def level(self) -> str:
        return label(LEVELS_OF, self.held.get("level", ""))

    def factors(self, level: str, kind: str) -> list[str]:
        codes = self.held.get("factors", {}).get(level, {}).get(kind, [])
        return [label(f"vulnerability_{level}_{kind}", code) for code in codes]

    @property
    def obstacle(self) -> str:
        return label(OBSTACLES, self.held.get("obstacle", ""))

    @property
    def result(self) -> str:
        return label(RESULTS, self.held.get("result", ""))

    @property
    def is_open(self) -> bool:
        """Of an obstacle: whether it still stands in the way. One that comes back is recorded anew."""
        return all(one.held.get("result") != OVERCOME for one in self.answers)

    # of an interview

    @property
    def held_at(self) -> datetime:
        return datetime.fromisoformat(self.held["at"])


def statements_of(file: File, *kinds: StatementKind) -> list[Told]:
    """The newest statements of these kinds (of all, if none is named) with their answers, the newest first: one query."""
    rows = Statement.objects.filter(subject=file.row.subject_id).select_related("author__user").order_by(*ORDER)
    rows = rows.filter(kind__in=kinds) if kinds else rows
    return answered([_told(file, row) for row in rows[:MOST]])


def page_of(file: File, kind: StatementKind, cursor: str, *, size: int) -> tuple[Page[Statement], list[Told]]:
    """A page of one kind with the answers to each: two queries."""
    rows = Statement.objects.filter(subject=file.row.subject_id).select_related("author__user")
    page = keyset_page(rows.filter(kind=kind), order=ORDER, cursor=cursor, size=size, counted=False)
    answers = rows.filter(about__in=[row.pk for row in page.rows]).order_by(*ORDER) if page.rows else []
    return page, answered(_told(file, row) for row in [*page.rows, *answers])


def answered(told: Iterable[Told]) -> list[Told]:
    """Those that answer nothing, each with its answers. `told`: the newest first."""
    answers: dict[uuid.UUID, list[Told]] = defaultdict(list)
    first = []
    for one in told:
        if one.row.about_id is None:
            first.append(one)
        else:
            answers[one.row.about_id].append(one)
    return [Told(one.row, one.held, answers[one.row.pk][::-1]) for one in first]


def statement_of(file: File, kind: StatementKind, ref: uuid.UUID) -> Told | None:
    """One of a kind, with its answers; None where there is none."""
    rows = Statement.objects.filter(subject=file.row.subject_id).select_related("author__user")
    row = rows.filter(pk=ref, kind=kind).first()
    if row is None:
        return None
    return answered(map(partial(_told, file), [row, *rows.filter(about=row).order_by(*ORDER)]))[0]


def _told(file: File, row: Statement) -> Told:
    row.subject = file.row.subject
    held = file.open(row, "content") if file.sees(Part.FACTS) else None
    return Told(row, held or {})


def of_kind(told: Iterable[Told], kind: StatementKind) -> list[Told]:
    return [one for one in told if one.row.kind == kind]


def newest_status(told: Iterable[Told]) -> Told | None:
    """The status that was decided last; of two on one day, the one that was written later. It may have been set aside."""
    statuses = of_kind(told, StatementKind.STATUS)
    return max(statuses, key=lambda one: (one.held["on"], one.row.at, one.row.pk), default=None)


def state_of(status: Told, now: datetime) -> str:
    """ "set_aside", "ended", "appealed" or "holds"."""
    if status.is_set_aside:
        return SET_ASIDE
    if status.until and status.until < timezone.localdate(now):
        return "ended"
    return "appealed" if status.is_appealed else "holds"


def interviews_before(file: File) -> int:
    """How many interviews of this child are written down, on whichever of its cases."""
    return Statement.objects.filter(subject=file.row.subject_id, kind=StatementKind.INTERVIEW).count()
