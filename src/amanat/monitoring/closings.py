"""Whether a case may be closed. Once help of a plan has begun a supervisor approves; before that the case manager closes alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.urls import reverse
from django.utils.translation import gettext as _

from amanat.access.files import File
from amanat.cases.in_the_way import Standing, closing
from amanat.cases.models import Case, Event, EventKind, Stage
from amanat.cases.shown import Badge, Text, case_of, label, spoken
from amanat.monitoring import pack
from amanat.monitoring.models import Closing, ClosingState, FollowUp
from amanat.monitoring.opening import opened
from amanat.monitoring.pack import Item
from amanat.monitoring.things import behind
from amanat.web.errors import PersonFacingError

REASONS, AGREED = "closing_reason", "closing_agreed"
# With one of these, or at one of these stages, help has gone so far that nobody ends it alone.
LINES = (EventKind.ADMITTED, EventKind.PLAN_AGREED, EventKind.PLAN_ALLOWED, EventKind.SOLUTION, EventKind.CLOSING_ASKED)
STAGES = (Stage.REINTEGRATION, Stage.FOLLOW_UP)
# After one of these a closing is approved anew.
ANEW = (EventKind.REOPENED, EventKind.RETRAFFICKING, EventKind.ADMITTED, EventKind.MISSING, EventKind.TRANSFERRED)
_BADGES = {ClosingState.APPROVED: ("success", "check"), ClosingState.SENT_BACK: ("warning", "alert")}
MOST = 50


@dataclass(frozen=True)
class Shown:
    row: Closing
    content: dict[str, Any]
    answer: Text

    @property
    def badge(self) -> Badge:
        state = ClosingState(self.row.state)
        return Badge(str(state.label), *_BADGES.get(state, ("accent", "clock")))

    @property
    def why(self) -> str:
        return label(REASONS, self.content.get("why", ""))

    @property
    def conditions(self) -> list[tuple[str, bool]]:
        met = self.content.get("met", ())
        return [(item.label.text(), name in met) for name, item in pack.listed("closing").items()]

    @property
    def child(self) -> str:
        return label(AGREED, self.content.get("child", ""))

    @property
    def guardian(self) -> str:
        return label(AGREED, self.content.get("guardian", ""))

    @property
    def not_met(self) -> Text:
        return spoken(self.content.get("not_met", ""))

    @property
    def words(self) -> Text:
        return spoken(self.content.get("words", ""))

    @property
    def waits(self) -> bool:
        return self.row.state == ClosingState.ASKED


def needs_approval(case: Case) -> bool:
    return case.stage in STAGES or case.events.filter(kind__in=LINES).exists()


def asked(case: Case) -> Closing | None:
    """What was asked last. An answer from before one of `ANEW` is none any more: the supervisor said yes to another way."""
    return still_holds(Closing.objects.filter(case=case).order_by("-at", "-id").first(), case)


def still_holds(last: Closing | None, case: Case) -> Closing | None:
    if last is None or last.decided_at is None:
        return last
    since = Event.objects.filter(case=case, kind__in=ANEW, written_at__gt=last.decided_at)
    return None if since.exists() else last


def in_the_way(case: Case) -> PersonFacingError | None:
    """Of closing the case (`cases.in_the_way`)."""
    if not needs_approval(case):
        return None
    last = asked(case)
    if last is not None and last.state == ClosingState.APPROVED:
        return None
    at = reverse("monitoring.closing", args=[case.pk])
    if last is not None and last.state == ClosingState.ASKED:
        return Standing(_("A supervisor has not approved the closing yet."), _("It waits on their day."), at)
    return Standing(
        _("This child was helped by a plan, a centre or a solution: a supervisor approves the closing first."),
        _("Ask for it in the section The way home."),
        at,
    )


@dataclass(frozen=True)
class Obstacle:
    """What stands in the way of closing, and where it is brought to its end."""

    sentence: str
    hint: str
    link: str


def obstacles(case: Case) -> list[Obstacle]:
    """Everything but the approval itself. The case is not closed over any of them."""
    found = closing.asked(case, but=in_the_way)
    return [Obstacle(str(error.sentence), str(error.hint), error.way("")) for error in found]


def not_there(file: File) -> list[Item]:
    """Conditions of which the timeline does not say often enough that they were done."""
    items = list(pack.listed("closing").values())
    there = behind(file, items)
    return [item for item in items if there.are_behind(item) is False]


def approved_reason(file: File) -> str:
    """The code of the reason that a supervisor approved (`cases.in_the_way`)."""
    last = asked(case_of(file))
    return "" if last is None or last.state != ClosingState.APPROVED else str(opened(file, last).get("why", ""))


def of_case(file: File) -> list[Shown]:
    """The newest first, with what `not_held` asks: one query."""
    rows = Closing.objects.filter(case=case_of(file)).select_related("author__user", "decided_by__user")
    to_hold = FollowUp.objects.filter(case=OuterRef("case"), over_at=None).order_by().values("case")
    rows = rows.annotate(to_hold=Subquery(to_hold.annotate(count=Count("pk")).values("count")))
    return [shown(file, row) for row in rows.order_by("-at", "-id")[:MOST]]


def not_held(file: File, held: Sequence[Shown]) -> int:
    """How many follow-ups are arranged and not held yet. No query where `of_case` found something."""
    if held:
        return getattr(held[0].row, "to_hold", None) or 0
    return FollowUp.objects.filter(case=case_of(file), over_at=None).count()


def shown(file: File, row: Closing) -> Shown:
    content, answer = opened(file, row), opened(file, row, "answer")
    return Shown(row, content, spoken(str(answer.get("text", ""))))
