"""Follow-ups of a case as one actor may read them. Who was not reached is unknown, whatever else is hoped."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.files import File
from amanat.cases.models import Case, EventKind
from amanat.cases.shown import Badge, Text, case_of, label, spoken
from amanat.monitoring import pack
from amanat.monitoring.models import FollowUp, Solution, SolutionState, Try
from amanat.monitoring.solutions import opened
from amanat.packs.lasting import months_later
from amanat.web.paging import Page, keyset_page

RESULTS, WAYS = "follow_up_result", "follow_up_way"
SAFE, WORRY, NOT_SAFE, UNKNOWN, DECLINED = "safe", "worry", "not_safe", "unknown", "declined"
# What says how the child is. The others leave it unknown, and unknown is no success.
KNOWN = frozenset({SAFE, WORRY, NOT_SAFE})
_BADGES = {SAFE: ("success", "check"), WORRY: ("warning", "alert"), NOT_SAFE: ("danger", "alert")}


@dataclass(frozen=True)
class Tried:
    row: Try
    content: dict[str, Any]

    @property
    def result(self) -> str:
        return str(self.content.get("result", ""))

    @property
    def badge(self) -> Badge:
        return Badge(label(RESULTS, self.result), *_BADGES.get(self.result, ("", "")))

    @property
    def way(self) -> str:
        return label(WAYS, self.content.get("way", ""))

    @property
    def on(self) -> date:
        return _day(self.content, "on") or timezone.localdate(self.row.at)

    @property
    def next(self) -> date | None:
        return _day(self.content, "next")

    @property
    def words(self) -> Text:
        return spoken(self.content.get("words", ""))

    @property
    def child_says(self) -> Text:
        return spoken(self.content.get("child_says", ""))


@dataclass(frozen=True)
class Shown:
    """A follow-up with its tries, the oldest first."""

    row: FollowUp
    why: Text
    tries: list[Tried] = field(default_factory=list)

    @property
    def title(self) -> str:
        return title_of(self.row)

    @property
    def result(self) -> str:
        """What is known of it: the last try's, "unknown" where nobody tried or the child was not reached."""
        return self.tries[-1].result if self.tries else UNKNOWN

    @property
    def is_over(self) -> bool:
        return self.row.over_at is not None

    @property
    def next_try(self) -> date | None:
        return self.tries[-1].next if self.tries and not self.is_over else None

    def is_late(self, today: date) -> bool:
        return not self.is_over and self.row.due < today


def title_of(row: FollowUp) -> str:
    return pack.named("follow_up", row.name) if row.name else _("By need")


@dataclass(frozen=True)
class Standing:
    """How many follow-ups whose day has come say what. They always add up."""

    due: int
    safe: int
    worry: int
    not_safe: int
    unknown: int


def standing(shown: Iterable[Shown], today: date) -> Standing:
    """Of those that are over or whose day has passed: what is not known counts as unknown, never as safe."""
    counted = [one.result for one in shown if one.is_over or one.row.due < today]
    known = {code: counted.count(code) for code in (SAFE, WORRY, NOT_SAFE)}
    return Standing(len(counted), **known, unknown=len(counted) - sum(known.values()))


def page_of(file: File, cursor: str, size: int = 25) -> tuple[Page[FollowUp], list[Shown]]:
    """A page of them with their tries, the first that was due at the head: two queries."""
    rows = FollowUp.objects.filter(case=case_of(file)).select_related("author__user")
    page = keyset_page(rows, order=["due", "id"], cursor=cursor, size=size, counted=False)
    return page, shown_of(file, page.rows)


def shown_of(file: File, rows: Iterable[FollowUp]) -> list[Shown]:
    rows = list(rows)
    tries: dict[uuid.UUID, list[Tried]] = defaultdict(list)
    held = Try.objects.filter(follow_up__in=[row.pk for row in rows]).select_related("author__user")
    for row in held.order_by("at", "id") if rows else ():
        tries[row.follow_up_id].append(Tried(row, opened(file, row)))
    return [Shown(row, spoken(str(opened(file, row, "why").get("text", ""))), tries[row.pk]) for row in rows]


def of_case(file: File, ref: uuid.UUID) -> FollowUp | None:
    return FollowUp.objects.filter(case=case_of(file), pk=ref).first()


def begins_on(case: Case) -> date | None:
    """From which day follow-ups are counted: the child left the centre, else the solution was decided; None where neither is so."""
    left = case.events.filter(kind=EventKind.LEFT_CENTRE).order_by("-happened_at").values_list("happened_at", flat=True)
    decided = Solution.objects.filter(case=case, state=SolutionState.DECIDED).order_by("-version")
    moment: datetime | None = left.first() or decided.values_list("at", flat=True).first()
    return timezone.localdate(moment) if moment else None


def proposed(case: Case, begins: date) -> list[tuple[pack.Item, date]]:
    """Those of the pack that are not arranged yet, with the day on which each falls."""
    there = set(FollowUp.objects.filter(case=case).exclude(name="").values_list("name", flat=True))
    return [(one, months_later(begins, one.months)) for one in pack.follow_ups() if one.name not in there]


def is_too_far(day: date, today: date) -> bool:
    return day > today + timedelta(days=366 * 5)


def _day(content: dict[str, Any], key: str) -> date | None:
    return date.fromisoformat(content[key]) if content.get(key) else None
