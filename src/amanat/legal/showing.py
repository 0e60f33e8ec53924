"""Legal help as one actor may read it: what is open to them was opened through their `File`, the rest is empty."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Subquery
from django.utils.text import capfirst

from amanat import packs
from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases.shown import Badge, Text, label, spoken
from amanat.legal.deadlines import Running
from amanat.legal.following import happened, last_day, running
from amanat.legal.models import (
    ChildRole,
    Hearing,
    HearingState,
    LegalDue,
    Proceeding,
    ProceedingKind,
    ProceedingState,
)
from amanat.legal.ruled import SHOWN, ShownRuling, rulings_of

MEASURES = "court_measure"
SOON = timedelta(days=7)


@dataclass(frozen=True)
class ShownHearing:
    """A hearing. `held` is empty for whoever sees no more than that there is one."""

    row: Hearing
    held: dict[str, Any]
    now: datetime

    @property
    def is_fixed(self) -> bool:
        return self.row.state == HearingState.FIXED

    @property
    def is_over(self) -> bool:
        """Its time has passed and nobody wrote what it brought."""
        return self.is_fixed and self.row.at < self.now

    @property
    def badge(self) -> Badge:
        kind = {HearingState.HELD: "success", HearingState.FIXED: "accent"}.get(HearingState(self.row.state), "")
        return Badge(self.row.get_state_display(), kind)

    @property
    def body(self) -> Text:
        return spoken(str(self.held.get("body", "")))

    @property
    def room(self) -> Text:
        return spoken(str(self.held.get("room", "")))

    @property
    def what_for(self) -> Text:
        return spoken(str(self.held.get("what_for", "")))

    @property
    def outcome(self) -> Text:
        return spoken(str(self.held.get("outcome", "")))

    @property
    def how_child(self) -> Text:
        return spoken(str(self.held.get("how_child", "")))

    @property
    def why_moved(self) -> Text:
        return spoken(str(self.held.get("why_moved", "")))

    @property
    def why_again(self) -> Text:
        return spoken(str(self.held.get("why_again", "")))

    @property
    def along(self) -> str:
        """Who goes along: a worker, or somebody in words."""
        return self.row.goes_along.user.display_name if self.row.goes_along else str(self.held.get("along_words", ""))

    @property
    def measures(self) -> list[tuple[str, str]]:
        """What was asked for the child or granted, with "asked", "granted" or "refused"."""
        asked, granted = self.held.get("measures_asked", []), self.held.get("measures_granted", [])
        missing = "asked" if self.is_fixed else "refused"
        told = [(code, "granted" if code in granted else missing) for code in asked]
        return [
            (label(MEASURES, code), state)
            for code, state in [*told, *((one, "granted") for one in granted if one not in asked)]
        ]


@dataclass(frozen=True)
class ShownProceeding:
    """Proceedings with what hangs on them. `held` is empty for whoever does not see the legal file, and so are decisions and deadlines."""

    row: Proceeding
    status: dict[str, Any]
    held: dict[str, Any]
    now: datetime
    hearings: list[ShownHearing] = field(default_factory=list)
    rulings: list[ShownRuling] = field(default_factory=list)

    @property
    def kind(self) -> str:
        code = self.status.get("kind", "")
        return capfirst(str(ProceedingKind(code).label)) if code else ""

    @property
    def role(self) -> str:
        code = self.status.get("role", "")
        return str(ChildRole(code).label) if code else ""

    @property
    def is_accused(self) -> bool:
        return self.status.get("role") == ChildRole.ACCUSED

    @property
    def state(self) -> Badge:
        is_running = self.row.state == ProceedingState.RUNNING
        return Badge(self.row.get_state_display(), "accent" if is_running else "")

    def text(self, key: str) -> Text:
        return spoken(str(self.held.get(key, "")))

    @property
    def numbers(self) -> Text:
        return self.text("numbers")

    @property
    def body(self) -> Text:
        return self.text("body")

    @property
    def about(self) -> Text:
        return self.text("about")

    @property
    def accused(self) -> Text:
        return self.text("accused")

    @property
    def words(self) -> Text:
        return self.text("words")

    @property
    def lawyer(self) -> str:
        if self.row.lawyer is not None:
            return self.row.lawyer.user.display_name
        return str(self.held.get("lawyer_words", ""))

    @property
    def deadlines(self) -> list[Running]:
        """What runs; reckoned now, so that a pack that was mended since is heeded."""
        if self.row.state == ProceedingState.ENDED:
            return []
        return running([happened(one.held, one.row.on) for one in reversed(self.rulings) if one.back is None])

    @property
    def first_day(self) -> date | None:
        """Of an overview: the last day of what runs out first."""
        due = getattr(self.row, "due", None)
        return last_day(due) if due else None

    @property
    def due(self) -> list[ShownDue]:
        return [ShownDue(one, self.now) for one in self.deadlines]


@dataclass(frozen=True)
class ShownDue:
    """A deadline on a page."""

    running: Running
    now: datetime

    @property
    def is_late(self) -> bool:
        return self.running.is_late(self.now)

    @property
    def is_soon(self) -> bool:
        deadline = self.running.deadline
        return deadline is not None and not self.is_late and deadline.at <= self.now + SOON

    @property
    def is_unchecked(self) -> bool:
        """A length that was reckoned by a rule nobody checked."""
        return not (self.running.is_named or self.running.rule.verified)


def proceedings_of(file: File, rows: Iterable[Proceeding] | None = None) -> list[ShownProceeding]:
    """All of the child with hearings and decisions, the newest first; three queries."""
    if rows is None:
        found = Proceeding.objects.filter(case=file.row.pk).select_related("lawyer__user", "lawyer__agency")
        rows = found.order_by("-opened_at", "-id")[:SHOWN]
    rows = list(rows)
    hearings, rulings = _hearings(file, rows), rulings_of(file, rows)
    return [_proceeding(file, row, hearings[row.pk], rulings[row.pk]) for row in rows]


def overview(file: File, asked: Mapping[str, Any]) -> list[ShownProceeding]:
    """All of the child without what hangs on them; each row has the time of its next hearing, whether one is over and not written down,
    for whoever sees the legal file the end of its first deadline and whether the last day of one is not known, and what else is asked.
    One query."""
    fixed = Hearing.objects.filter(proceeding=OuterRef("pk"), state=HearingState.FIXED).order_by("at")
    rows = Proceeding.objects.filter(case=file.row.pk).annotate(
        next_at=Subquery(fixed.filter(at__gte=file.actor.now).values("at")[:1]),
        is_over=Exists(fixed.filter(at__lt=file.actor.now)),
        **asked,
    )
    if file.sees(Part.LEGAL_FILE):
        dues = LegalDue.objects.filter(proceeding=OuterRef("pk")).order_by("due")
        known = dues.filter(due__isnull=False)
        rows = rows.annotate(due=Subquery(known.values("due")[:1]), lacks_day=Exists(dues.filter(due=None)))
    return [_proceeding(file, row, [], []) for row in rows.order_by("-opened_at", "-id")[:SHOWN]]


def _proceeding(
    file: File, row: Proceeding, hearings: list[ShownHearing], rulings: list[ShownRuling]
) -> ShownProceeding:
    row.subject = file.row.subject
    status = (file.open(row, "status") or {}) if file.sees(Part.LEGAL_STATUS) else {}
    held = (file.open(row, "content") or {}) if file.sees(Part.LEGAL_FILE) else {}
    return ShownProceeding(row, status, held, file.actor.now, hearings, rulings)


def _hearings(file: File, rows: list[Proceeding]) -> dict[Any, list[ShownHearing]]:
    """The next one first, then what is over, the latest first."""
    found = Hearing.objects.filter(proceeding__in=rows).select_related("goes_along__user").order_by("-at", "-id")
    by: dict[Any, list[ShownHearing]] = defaultdict(list)
    for row in found[:SHOWN] if rows else ():
        by[row.proceeding_id].append(hearing_of(file, row))
    return by


def hearing_of(file: File, row: Hearing) -> ShownHearing:
    row.subject = file.row.subject
    held = (file.open(row, "content") or {}) if file.sees(Part.LEGAL_FILE) else {}
    return ShownHearing(row, held, file.actor.now)


def measures_caution() -> bool:
    """Whether nobody could check the list of measures."""
    return not packs.current().codes(MEASURES).verified
