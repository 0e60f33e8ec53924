"""The child's way as a whole: its stages, what had to be waited for, and from whose hands into whose, out of the timeline. No words."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from amanat.access.files import File
from amanat.access.policy import SEEING, Level, Part
from amanat.cases.models import Event, EventKind, Stage
from amanat.cases.queries import events_of
from amanat.cases.shown import Text, case_of, label, spoken
from amanat.cases.timeline import BY_CODE_NAME, BY_THE_CLOCK
from amanat.cases.timeline_icons import ICONS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

MOST: Final = 400  # lines of a file that the picture is made of, the newest
STAGES: Final = (
    EventKind.REGISTERED,
    EventKind.OPENED,
    EventKind.STAGE_MOVED,
    EventKind.CLOSED,
    EventKind.REOPENED,
)
HANDS: Final = (
    EventKind.ASSIGNED,
    EventKind.HANDED_OVER,
    EventKind.ALERT_TAKEN,
    EventKind.TRANSFERRED,
    EventKind.REFERRAL_ACCEPTED,
    EventKind.ADMITTED,
    EventKind.LEFT_CENTRE,
    EventKind.CHILD_HANDED_OVER,
    EventKind.TRANSITION,
)
STATIONS: Final = (
    EventKind.FROM_CALL,
    EventKind.INTERVIEWED,
    EventKind.STATUS_DECIDED,
    EventKind.CONFERENCE_HELD,
    EventKind.PLAN_AGREED,
    EventKind.PLAN_ALLOWED,
    EventKind.SOLUTION,
    EventKind.HEARING_HELD,
    EventKind.FOLLOWED_UP,
    EventKind.NOT_REACHED,
    EventKind.RETRAFFICKING,
)
_ANSWERED = (
    EventKind.TRANSFERRED,
    EventKind.REFERRAL_ACCEPTED,
    EventKind.REFERRAL_DECLINED,
    EventKind.REFERRAL_REVOKED,
    EventKind.REFERRAL_EXPIRED,
)
_PLACES: Final = {str(kind): place for place, kind in enumerate(EventKind)}
# What is waited for: from which line to which.
WAITS: Final[tuple[tuple[StrOrPromise, EventKind, tuple[EventKind, ...]], ...]] = (
    (_("For the case to be opened"), EventKind.REGISTERED, (EventKind.OPENED,)),
    (_("For an answer of another agency"), EventKind.REFERRED, _ANSWERED),
    (_("For the child to be found"), EventKind.MISSING, (EventKind.FOUND, EventKind.SEARCH_ENDED)),
    (_("For the closing to be approved"), EventKind.CLOSING_ASKED, (EventKind.CLOSING_APPROVED, EventKind.CLOSED)),
)
FOR_A_BED: Final = _("For a bed")  # see `_for_a_bed`
KINDS: Final = frozenset(
    {
        EventKind.BED_WAITED,
        *STAGES,
        *HANDS,
        *STATIONS,
        *(kind for _title, begins, ends in WAITS for kind in (begins, *ends)),
    }
)


@dataclass(frozen=True)
class Stretch:
    """A stage or a wait. `ends` is None while it lasts."""

    title: StrOrPromise
    code: str
    begins: datetime
    ends: datetime | None
    days: int

    @property
    def lasted(self) -> str:
        if not self.days:
            return gettext("less than a day")
        return ngettext("%(count)s day", "%(count)s days", self.days) % {"count": self.days}


NO_WORDS: Final = Text("")


@dataclass(frozen=True)
class Moment:
    """A hand-over or a station; `number` is its place in the picture and in the list. `why`: of a plan that came into force without
    somebody's agreement."""

    number: int
    title: StrOrPromise
    icon: str
    at: datetime
    is_hand_over: bool
    by: str = ""
    agency: str = ""
    why: Text = NO_WORDS


@dataclass(frozen=True)
class Journey:
    stages: Sequence[Stretch]
    waits: Sequence[Stretch]
    moments: Sequence[Moment]
    begins: datetime
    ends: datetime
    is_whole: bool

    @property
    def hand_overs(self) -> list[Moment]:
        return [one for one in self.moments if one.is_hand_over]

    @property
    def stations(self) -> list[Moment]:
        return [one for one in self.moments if not one.is_hand_over]


def journey(file: File) -> Journey | None:
    """Of the lines that the actor reads; None where there is none. One query."""
    rows = list(_rows(file)[: MOST + 1])
    lines = sorted(rows[:MOST], key=_order)
    if not lines:
        return None
    now = case_of(file).closed_at or file.actor.now
    return Journey(
        stages=_stages(file, lines, now),
        waits=_waits(file, lines, now),
        moments=_moments(file, lines),
        begins=lines[0].happened_at,
        ends=max(now, lines[-1].happened_at),
        is_whole=len(rows) <= MOST,
    )


def _rows(file: File) -> Any:
    """The newest first."""
    rows = events_of(case_of(file)).filter(kind__in=KINDS)
    known = Q(part__in=[part for part in Part if file.sees(part)])
    if file.level(Part.EXISTENCE) is Level.CODE_NAME:
        known |= Q(part=Part.EXISTENCE, kind__in=BY_CODE_NAME)
    return rows.filter(known).order_by("-happened_at", "-id")


def _order(event: Event) -> tuple[datetime, datetime, int]:
    """By time; of lines that one moment wrote, in the order of their kinds: registered before opened."""
    return event.happened_at, event.written_at, _PLACES[event.kind]


def _note(file: File, event: Event) -> dict[str, Any]:
    event.subject = file.row.subject
    return (file.open(event, "note") or {}) if event.note and file.opens(event, "note") else {}


def _stages(file: File, lines: Iterable[Event], now: datetime) -> list[Stretch]:
    found: list[Stretch] = []
    was_opened = False
    for event in lines:
        if event.kind not in STAGES:
            continue
        was_opened = was_opened or event.kind == EventKind.OPENED
        code = _stage(file, event, was_opened)
        if found:
            found[-1] = _until(found[-1], event.happened_at)
        found.append(Stretch(label("stage", code) or EventKind(event.kind).label, code, event.happened_at, None, 0))
    if found:
        last = found[-1]
        found[-1] = Stretch(last.title, last.code, last.begins, None, _days(last.begins, now))
    return found


def _stage(file: File, event: Event, was_opened: bool) -> str:
    """To which stage a line brought the case, "" where its note is closed to the actor."""
    if event.kind == EventKind.OPENED:
        return Stage.IDENTIFICATION
    if event.kind == EventKind.CLOSED:
        return Stage.CLOSED
    if event.kind == EventKind.REOPENED:
        return Stage.ASSISTANCE if was_opened else Stage.REGISTERED
    note = _note(file, event)
    if event.kind == EventKind.REGISTERED:
        return str(note.get("brought_in") or Stage.REGISTERED)
    return str(note.get("now", ""))


def _waits(file: File, lines: Sequence[Event], now: datetime) -> list[Stretch]:
    of_referrals = (EventKind.REFERRED, *_ANSWERED)
    numbers = {event.pk: _note(file, event).get("referral") for event in lines if event.kind in of_referrals}
    found = []
    for title, begins, ends in WAITS:
        for place, event in enumerate(lines):
            if event.kind == begins:
                over = _over(lines[place + 1 :], ends, numbers, numbers.get(event.pk))
                found.append(_wait(title, event.happened_at, over, now))
    return sorted([*found, *_for_a_bed(file, lines, now)], key=lambda one: one.begins)


def _wait(title: StrOrPromise, begins: datetime, over: datetime | None, now: datetime) -> Stretch:
    return Stretch(title, "", begins, over, _days(begins, over or now))


def _for_a_bed(file: File, lines: Iterable[Event], now: datetime) -> Iterator[Stretch]:
    """From the list to the bed. What is changed on the list begins no second wait; who is taken off it waits no longer."""
    begins: datetime | None = None
    for event in lines:
        if event.kind not in (EventKind.BED_WAITED, EventKind.ADMITTED):
            continue
        if event.kind == EventKind.BED_WAITED and not _note(file, event).get("ended"):
            begins = begins or event.happened_at
        elif begins is not None:
            yield _wait(FOR_A_BED, begins, event.happened_at, now)
            begins = None
    if begins is not None:
        yield _wait(FOR_A_BED, begins, None, now)


def _over(
    later: Iterable[Event], ends: tuple[EventKind, ...], numbers: Mapping[uuid.UUID, str | None], number: str | None
) -> datetime | None:
    """When the first line came that ends it; of a referral, one of the same number."""
    return next((one.happened_at for one in later if one.kind in ends and numbers.get(one.pk) == number), None)


def _moments(file: File, lines: Iterable[Event]) -> list[Moment]:
    names = file.level(Part.EXISTENCE) in SEEING
    chosen = [event for event in lines if event.kind in (*HANDS, *STATIONS) and _happened(file, event)]
    return [_moment(file, number, event, names) for number, event in enumerate(chosen, start=1)]


def _happened(file: File, event: Event) -> bool:
    """A record that is only written hands nobody over."""
    return event.kind != EventKind.CHILD_HANDED_OVER or bool(_note(file, event).get("signed"))


def _moment(file: File, number: int, event: Event, names: bool) -> Moment:
    kind = EventKind(event.kind)
    who = names and kind not in BY_THE_CLOCK
    return Moment(
        number,
        kind.label,
        ICONS[kind],
        event.happened_at,
        kind in HANDS,
        event.author.user.display_name if who else "",
        event.author.agency.name if who else "",
        spoken(_note(file, event).get("text", "")) if kind is EventKind.PLAN_ALLOWED else NO_WORDS,
    )


def _until(stretch: Stretch, ends: datetime) -> Stretch:
    return Stretch(stretch.title, stretch.code, stretch.begins, ends, _days(stretch.begins, ends))


def _days(begins: datetime, ends: datetime) -> int:
    """Whole days, at least none: a line may have been written for an earlier day."""
    return max((ends - begins).days, 0)
