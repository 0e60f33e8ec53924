"""A month of a house in numbers: nights, occupancy, lengths of stay, how children left, incidents. Counted from what stands in clear."""

from __future__ import annotations

import calendar
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from statistics import median
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Q, Sum
from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.models import Conflict
from amanat.access.policy import Verb
from amanat.cases.shown import label
from amanat.centre import tallies
from amanat.centre.models import Exit, House, StayBed, Tally
from amanat.centre.models.stays import UNPLANNED
from amanat.centre.places import zone_of

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

DAY: Final = timedelta(days=1)
LENGTHS: Final[tuple[tuple[int, StrOrPromise], ...]] = (
    (30, _("up to 30 days")),
    (90, _("31 to 90 days")),
    (180, _("91 to 180 days")),
    (0, _("more than 180 days")),
)
HIGH: Final = 60  # of the drawing


@dataclass(frozen=True, slots=True)
class Slept:
    """From when until when somebody slept in the house; `until` is None for who is still there.

    `exit`: how the stay ended, where it ended in this house; `admitted`: when it began, where that was in another one.
    """

    since: datetime
    until: datetime | None
    exit: str = ""
    admitted: datetime | None = None

    def had(self, night: datetime) -> bool:
        """Whether they had a place at this midnight."""
        return self.since < night and (self.until is None or self.until >= night)

    def days(self, zone: tzinfo) -> int:
        """The nights of the whole stay, for who left."""
        assert self.until is not None
        return (self.until.astimezone(zone).date() - (self.admitted or self.since).astimezone(zone).date()).days


@dataclass(frozen=True)
class Night:
    day: date
    taken: int
    x: int = 0
    height: int = 0

    @property
    def top(self) -> int:
        return HIGH - self.height


@dataclass(frozen=True)
class Month:
    house: House
    first: date
    nights: Sequence[Night]  # those that are over
    came: int
    moved_in: int  # of those who came: from another house
    moved_out: int  # to another house
    left: Sequence[Slept]
    stayed: Sequence[int]  # the lengths in days of who left
    counts: dict[str, Counter[str]] = field(default_factory=dict)
    shows_staff: bool = False

    @property
    def slept(self) -> int:
        return sum(night.taken for night in self.nights)

    @property
    def occupancy(self) -> int | None:
        """Of all places on all nights so many per cent were taken."""
        places = self.house.capacity * len(self.nights)
        return round(100 * self.slept / places) if places else None

    @property
    def fullest(self) -> int:
        return max((night.taken for night in self.nights), default=0)

    @property
    def middle(self) -> int | None:
        return round(median(self.stayed)) if self.stayed else None

    @property
    def longest(self) -> int | None:
        return max(self.stayed, default=None)

    @property
    def lengths(self) -> list[tuple[StrOrPromise, int]]:
        found = Counter(
            next((name for most, name in LENGTHS if most and days <= most), LENGTHS[-1][1]) for days in self.stayed
        )
        return [(name, found[name]) for _most, name in LENGTHS]

    @property
    def exits(self) -> list[tuple[StrOrPromise, int]]:
        found = Counter(one.exit for one in self.left)
        return [(Exit(code).label, count) for code, count in found.most_common() if code]

    @property
    def unplanned(self) -> int:
        return sum(one.exit in UNPLANNED for one in self.left)

    def _named(self, what: str, codes: str) -> list[tuple[str, int]]:
        return [(label(codes, code), count) for code, count in self.counts.get(what, Counter()).most_common()]

    @property
    def incidents(self) -> list[tuple[str, int]]:
        return self._named(tallies.INCIDENT, "incident_kind")

    @property
    def severities(self) -> list[tuple[str, int]]:
        return sorted(self._named(tallies.GRAVE, "incident_severity"))

    @property
    def against_staff(self) -> int:
        return sum(self.counts.get(tallies.AGAINST_STAFF, Counter()).values()) if self.shows_staff else 0

    @property
    def doses(self) -> list[tuple[str, int]]:
        return self._named(tallies.DOSE, "dose_result")

    @property
    def activities(self) -> list[tuple[str, int]]:
        return self._named(tallies.ACTIVITY, "activity")

    @property
    def meals(self) -> list[tuple[str, int]]:
        return self._named(tallies.MEAL, "meal")

    @property
    def visits(self) -> int:
        return sum(self.counts.get(tallies.VISIT, Counter()).values())

    @property
    def before(self) -> str:
        return f"{self.first - DAY:%Y-%m}"

    @property
    def after(self) -> str:
        return f"{_next(self.first):%Y-%m}"

    @property
    def address(self) -> str:
        return f"{self.first:%Y-%m}"


def first_of(text: str, today: date) -> date:
    """The first day of the month that an address asks for (`2026-11`); of this month where it asks for none, or for a later one."""
    try:
        asked = date.fromisoformat(f"{text}-01")
    except ValueError:
        asked = today
    return min(asked, today).replace(day=1)


def month(actor: Actor, house: House, first: date) -> Month:
    """Three queries, however many stays there are."""
    zone = zone_of(house)
    begins, ends = _midnight(first, zone), _midnight(_next(first), zone)
    slept = _slept(house, begins, min(ends, actor.now))
    nights = _nights(slept, first, actor.now, zone)
    gone = [one for one in slept if one.until is not None and begins <= one.until < ends]
    came = [one for one in slept if begins <= one.since < ends]
    left = [one for one in gone if one.exit]
    return Month(
        house,
        first,
        drawn(nights, house.capacity),
        came=len(came),
        moved_in=sum(one.admitted is not None for one in came),
        moved_out=len(gone) - len(left),
        left=left,
        stayed=sorted(one.days(zone) for one in left),
        counts=_counts(house, first),
        shows_staff=actor.may(Verb.HOUSE_ARRANGE) and not _is_kept_out(actor, house),
    )


def _is_kept_out(actor: Actor, house: House) -> bool:
    """Of a child who stays or stayed there: such a one may be whom an allegation is about, and is not told of it."""
    of_the_house = StayBed.objects.filter(bed__room__house=house).values("subject")
    return Conflict.objects.filter(user=actor.user, subject__in=of_the_house, lifted_at=None).exists()


def _slept(house: House, begins: datetime, ends: datetime) -> list[Slept]:
    """Who slept in the house between two moments, each time as one, whatever the bed. A night is the house's where the bed was."""
    rows = StayBed.objects.filter(Q(until=None) | Q(until__gte=begins), bed__room__house=house, begun=True)
    rows = rows.filter(since__lte=ends).order_by("stay", "since", "id")
    found: list[Slept] = []
    before = None
    for stay, since, until, admitted, ended, how in rows.values_list(
        "stay", "since", "until", "stay__since", "stay__until", "stay__exit"
    ):
        goes_on = stay == before and found[-1].until == since
        first = found.pop() if goes_on else Slept(since, until, admitted=admitted if admitted != since else None)
        found.append(replace(first, until=until, exit=how if until is not None and until == ended else ""))
        before = stay
    return found


def _nights(stays: Iterable[Slept], first: date, now: datetime, zone: tzinfo) -> list[Night]:
    """A night belongs to the day on which it begins; it is counted at the midnight that ends that day."""
    stays = list(stays)
    days = [first + timedelta(days=number) for number in range(calendar.monthrange(first.year, first.month)[1])]
    over = [day for day in days if _midnight(day + DAY, zone) <= now]
    return [Night(day, sum(one.had(_midnight(day + DAY, zone)) for one in stays)) for day in over]


def drawn(nights: Sequence[Night], capacity: int) -> list[Night]:
    """The nights with the place and height of each in a drawing."""
    most = max([capacity, 1, *(night.taken for night in nights)])
    return [
        Night(night.day, night.taken, 10 * number, round(HIGH * night.taken / most))
        for number, night in enumerate(nights)
    ]


def _counts(house: House, first: date) -> dict[str, Counter[str]]:
    rows: Any = Tally.objects.filter(house=house, day__gte=first, day__lt=_next(first)).order_by()
    found: dict[str, Counter[str]] = {}
    for what, code, count in rows.values_list("what", "code").annotate(total=Sum("count")):
        found.setdefault(what, Counter())[code] += count
    return found


def _next(first: date) -> date:
    return (first + timedelta(days=31)).replace(day=1)


def _midnight(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
