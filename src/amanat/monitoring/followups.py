"""Follow-ups of a case as one actor may read them. Who was not reached is unknown, whatever else is hoped."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Container, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat.access.files import File
from amanat.cases.models import Case, EventKind
from amanat.cases.shown import Badge, Text, case_of, label, spoken
from amanat.monitoring import pack
from amanat.monitoring.models import Ended, FollowUp, Solution, SolutionState, Try
from amanat.monitoring.opening import opened
from amanat.monitoring.pack import Item
from amanat.packs.lasting import months_later
from amanat.web.paging import Page, keyset_page

RESULTS, WAYS = "follow_up_result", "follow_up_way"
MOST_ROUNDS = 60  # follow-ups that are looked through
AGREED_AT_EXIT = "agreed_at_exit"
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
    def is_unknown(self) -> bool:
        """Nobody holds it any more, and nobody knows how the child is."""
        return self.is_over and self.result not in KNOWN

    @property
    def ended(self) -> str:
        """Why it ended without having been held."""
        return str(Ended(self.row.ended).label) if self.row.ended else ""

    @property
    def whose(self) -> str:
        return self.row.who.user.display_name if self.row.who else ""

    def has_come(self, today: date) -> bool:
        """Whether it counts: its day has passed, or somebody held it. What ended before its day never came due."""
        if self.row.ended and self.row.over_at and not self.tries:
            return self.row.due < timezone.localdate(self.row.over_at)
        return self.is_over or self.row.due < today

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
    """Of those whose time has come: what is not known counts as unknown, never as safe."""
    counted = [one.result for one in shown if one.has_come(today)]
    known = {code: counted.count(code) for code in (SAFE, WORRY, NOT_SAFE)}
    return Standing(len(counted), **known, unknown=len(counted) - sum(known.values()))


def page_of(file: File, cursor: str, size: int = 25) -> tuple[Page[FollowUp], list[Shown]]:
    """A page of them with their tries, the first that was due at the head: two queries."""
    rows = FollowUp.objects.filter(case=case_of(file)).select_related("author__user", "who__user")
    page = keyset_page(rows, order=["due", "id"], cursor=cursor, size=size, counted=False)
    return page, shown_of(file, page.rows)


def shown_of(file: File, rows: Iterable[FollowUp]) -> list[Shown]:
    rows = list(rows)
    tries: dict[uuid.UUID, list[Tried]] = defaultdict(list)
    held = Try.objects.filter(follow_up__in=[row.pk for row in rows]).select_related("author__user")
    for row in held.order_by("at", "id") if rows else ():
        tries[row.follow_up_id].append(Tried(row, opened(file, row)))
    return [Shown(row, _why(file, row), tries[row.pk]) for row in rows]


def _why(file: File, row: FollowUp) -> Text:
    why = opened(file, row, "why")
    return spoken(_("Agreed at the exit.") if why.get("code") == AGREED_AT_EXIT else str(why.get("text", "")))


def is_last_unknown(file: File) -> bool:
    """Whether the last follow-up whose time has come did not say how the child is; False where none has come yet."""
    rows = FollowUp.objects.filter(case=case_of(file), due__lte=timezone.localdate(file.actor.now)).order_by(
        "-due", "-id"
    )
    come = [one for one in shown_of(file, rows[:MOST_ROUNDS]) if one.has_come(timezone.localdate(file.actor.now))]
    return bool(come) and come[0].result not in KNOWN


def of_case(file: File, ref: uuid.UUID) -> FollowUp | None:
    return FollowUp.objects.filter(case=case_of(file), pk=ref).first()


def begins_on(case: Case) -> date | None:
    """From which day follow-ups are counted: the child left the centre, else the solution was decided; None where neither is so."""
    left = case.events.filter(kind=EventKind.LEFT_CENTRE).order_by("-happened_at").values_list("happened_at", flat=True)
    decided = Solution.objects.filter(case=case, state=SolutionState.DECIDED).order_by("-version")
    moment: datetime | None = left.first() or decided.values_list("at", flat=True).first()
    return timezone.localdate(moment) if moment else None


def round_of(case: Case) -> int:
    """The number of the newest round, 0 where none was arranged."""
    held: int | None = FollowUp.objects.filter(case=case).exclude(name="").aggregate(Max("round"))["round__max"]
    return held or 0


def arranged(case: Case) -> set[str]:
    """Which of the pack's follow-ups the newest round has."""
    rows = FollowUp.objects.filter(case=case, round=round_of(case)).exclude(name="")
    return set(rows.values_list("name", flat=True))


def waits_for_exit(case: Case) -> bool:
    """Whether the newest round was arranged ahead of an exit: no exit began it, and the child was not admitted since."""
    rows = FollowUp.objects.filter(case=case, round=round_of(case)).exclude(name="").order_by("-at")
    row = rows.first()
    if row is None or row.left_at is not None:
        return False
    return not case.events.filter(kind=EventKind.ADMITTED, written_at__gt=row.at).exists()


def proposed(begins: date, there: Container[str]) -> list[tuple[Item, date]]:
    """Those of the pack that are not `there`, with the day on which each falls."""
    return [(one, months_later(begins, one.months)) for one in pack.follow_ups() if one.name not in there]


def is_too_far(day: date, today: date) -> bool:
    return day > today + timedelta(days=366 * 5)


def _day(content: dict[str, Any], key: str) -> date | None:
    return date.fromisoformat(content[key]) if content.get(key) else None
