"""Seeds a house of a centre with its years: rooms and beds, stays without a gap, shifts, hand-over notes, doses, incidents, days."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from typing import TYPE_CHECKING, Any

from tools.bench.assistance.planning import event

if TYPE_CHECKING:
    from amanat.cases.models import Case
    from amanat.centre.models import Bed, Dose, House, LogEntry, MedicineOrder, Stay, StayBed, Term
    from amanat.people.models import Agency, Membership, Site
    from tools.bench.assistance.size import Size

BEDS, FLOORS = 4, 4  # of a room; of the house
LENGTHS, GAPS = (20, 190), (0, 8)  # days of a stay; between two in one bed
SHIFTS = ((6, 8), (14, 8), (22, 8))  # hour and hours
NOTED = (5, 21)  # hours of the hand-over notes of a child
WITH_MEDICINE, INCIDENT_A_DAY = 0.3, 0.35
TOGETHER = 10_000  # rows of a transaction
NOTES = (
    "Slept from ten to six, woke once. Ate breakfast with the others. Went to school and did the lessons afterwards. ",
    "Quiet until noon, then drew with the girls of the next room. Asked when the aunt calls. Medicine after supper. ",
    "Did not want to get up. Sat with the psychologist for half an hour. Played football in the yard until dark. ",
)
CODES = {
    "sleep": ("well", "woke", "nightmares", "little"),
    "food": ("well", "little", "nothing"),
    "mood": ("calm", "cheerful", "sad", "anxious", "angry"),
    "school": ("went", "part", "not", "free"),
}


@dataclass
class Told:
    """What is written once it is enough for a transaction."""

    kept: list[Any]

    def add(self, *rows: Any) -> None:
        self.kept += rows
        if len(self.kept) >= TOGETHER:
            self.write()

    def write(self) -> None:
        from django.db import transaction

        from amanat.vault import bulk
        from amanat.vault.ids import side_by_side

        kinds: dict[type, list[Any]] = {}
        for row in self.kept:
            kinds.setdefault(type(row), []).append(row)
        with transaction.atomic(), side_by_side():
            for rows in kinds.values():  # in the order in which the first of each came: what others point to is first
                bulk.insert(rows)
        self.kept = []


@dataclass
class Place:
    """The house, and who works there."""

    house: House
    workers: Sequence[Membership]
    health: Membership
    today: date
    size: Size
    draw: random.Random

    @property
    def first(self) -> date:
        return self.today - timedelta(days=self.size.days - 1)


def write(
    cases: Sequence[Case],
    workers: Sequence[Membership],
    health: Membership,
    agency: Agency,
    site: Site,
    size: Size,
    draw: random.Random,
) -> dict[str, Any]:
    """The house, and all of its days; who is there now stands first among the cases. What a later step has to know."""
    place = Place(_house(agency, site, size), workers, health, _today(), size, draw)
    beds = _beds(place)
    told, now, before = Told([]), cases[: size.places], cycle(cases[size.places :])
    counts: Counter[tuple[date, str, str]] = Counter()
    start = time.monotonic()
    for number, (bed, case) in enumerate(zip(beds, now, strict=True)):
        for stay in _stays_of(bed, case, before, place):
            told.add(*stay.rows())
            for row in stay.days(counts):
                told.add(row)
        if number % 20 == 0:
            print(f"{number:>9} of {len(beds)} beds have their years, {time.monotonic() - start:,.0f} s", flush=True)
    for row in _of_the_house(place):
        told.add(row)
    told.write()
    _incidents(place, now, counts)
    _let_in(workers, now)
    day = place.today - timedelta(days=1)
    return {
        "house": place.house.pk.hex,
        "day": day.isoformat(),
        "long_ago": (place.first + timedelta(days=size.days // 3)).isoformat(),
        "children": [case.pk.hex for case in now],
    }


def _today() -> date:
    from django.utils import timezone

    return timezone.localdate()


def at(day: date, hour: float) -> datetime:
    """An hour of a day in UTC: the houses' clocks run five hours ahead, which no figure depends on."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(hours=hour)


def _house(agency: Agency, site: Site, size: Size) -> House:
    from amanat.audit.recording import office_subject
    from amanat.centre.models import House

    made = datetime.now(UTC) - timedelta(days=size.days + 10)
    return House.objects.create(
        subject=office_subject(), agency=agency, site=site, capacity=size.places, made_at=made, name="House of the lark"
    )


def _beds(place: Place) -> list[Bed]:
    from amanat.centre.models import Bed, Room

    made, found = datetime.now(UTC), list[Bed]()
    for number in range(-(-place.size.places // BEDS)):
        room = Room.objects.create(
            subject=place.house.subject,
            house=place.house,
            floor=number % FLOORS,
            made_at=made + timedelta(seconds=number),
            name=f"Room {number + 1}",
        )
        found += [Bed(room=room, number=one + 1, changed_by=place.health) for one in range(BEDS)]
    return Bed.objects.bulk_create(found[: place.size.places])


@dataclass
class Years:
    """One stay with all that was written in it."""

    place: Place
    stay: Stay
    bed: StayBed
    term: Term
    order: MedicineOrder | None
    first: date
    last: date

    def rows(self) -> Iterator[Any]:
        yield from (self.stay, self.bed, self.term)
        if self.order:
            yield self.order
        by = self.stay.asked_by_id
        yield event(self.stay.case, by, "admitted", at(self.first, 9))
        if self.stay.until:
            yield event(self.stay.case, by, "left_centre", self.stay.until)

    def days(self, counts: Counter[tuple[date, str, str]]) -> Iterator[LogEntry | Dose]:
        for number in range((self.last - self.first).days + 1):
            day = self.first + timedelta(days=number)
            for hour in NOTED:
                if number or hour > 9:
                    yield self._note(day, hour)
            if self.order:
                counts[day.replace(day=1), "dose", "taken"] += 2
                yield self._dose(self.order, day, 8)
                yield self._dose(self.order, day, 20)

    def _note(self, day: date, hour: int) -> LogEntry:
        from amanat.centre.models import LogEntry, LogKind

        draw, when = self.place.draw, at(day, hour) + timedelta(minutes=self.place.draw.randrange(50))
        return LogEntry(
            case=self.stay.case,
            subject=self.stay.subject,
            house=self.place.house,
            kind=LogKind.HAND_OVER,
            author=draw.choice(self.place.workers),
            written_at=when,
            content={name: draw.choice(codes) for name, codes in CODES.items()} | {"words": draw.choice(NOTES)},
        )

    def _dose(self, order: MedicineOrder, day: date, hour: int) -> Dose:
        from amanat.centre.models import Dose

        giver, witness = self.place.draw.sample(self.place.workers, 2)
        when = at(day, hour)
        return Dose(
            case=self.stay.case,
            subject=self.stay.subject,
            order=order,
            given_by=giver,
            given_at=when,
            written_at=when,
            witness=witness,
            witnessed_at=when,
            content={"result": "taken"},
        )


def _stays_of(bed: Bed, now: Case, before: Iterator[Case], place: Place) -> Iterator[Years]:
    """The stays in one bed, the newest first: the child of today, then others, back to the first day."""
    case, last = now, place.today
    while last > place.first:
        first = max(place.first, last - timedelta(days=place.draw.randint(*LENGTHS)))
        yield _stay(bed, case, first, last, place, is_now=case is now)
        case, last = next(before), first - timedelta(days=1 + place.draw.randint(*GAPS))


def _stay(bed: Bed, case: Case, first: date, last: date, place: Place, *, is_now: bool) -> Years:
    from amanat.centre import belongings
    from amanat.centre.models import Exit, MedicineOrder, Stay, StayBed, StayState, Term
    from amanat.vault.ids import new_id

    draw, by = place.draw, place.draw.choice(place.workers)
    called = {"house": "House of the lark", "room": f"Room of bed {bed.number}", "bed": bed.number}
    since, until, allowed = at(first, 9), None if is_now else at(last, 23), last + timedelta(days=draw.randint(3, 90))
    stay = Stay(
        case=case,
        subject=case.subject,
        agency=place.house.agency,
        house=place.house,
        number=new_id().hex[:8].upper(),
        state=StayState.IN if is_now else StayState.ENDED,
        asked_at=since - timedelta(days=1),
        asked_by=by,
        since=since,
        planned_until=allowed,
        until=until,
        exit="" if is_now else draw.choice((Exit.FAMILY, Exit.ALTERNATIVE_CARE, Exit.RETURN, Exit.OWN_WISH)),
        place=called,
        intake={"urgent": ["rest"], "words": "Came with a social worker of the border."},
        belongings={"items": belongings.listed(["bag", "phone"])},
    )
    slept = StayBed(
        stay=stay, subject=case.subject, bed=bed, since=since, until=until, by=by, called=called, begun=True
    )
    term = Term(stay=stay, subject=case.subject, until=allowed, set_by=by, set_at=since)
    medicine = {"medicine": "Iron", "dose": "1 tablet", "how": "after the meal", "hours": 6, "at_most": 3}
    order = MedicineOrder(
        case=case,
        subject=case.subject,
        begins=first,
        until=None if is_now else last,
        ordered_by=place.health,
        ordered_at=since,
        content=medicine,
    )
    return Years(place, stay, slept, term, order if draw.random() < WITH_MEDICINE else None, first, last)


def _of_the_house(place: Place) -> Iterator[Any]:
    """Shifts, meals and activities."""
    from amanat.centre.models import DayEntry, Shift

    for number in range(place.size.days):
        day = place.first + timedelta(days=number)
        for hour, hours in SHIFTS:
            for worker in place.draw.sample(place.workers, 4):
                starts = at(day, hour)
                yield Shift(
                    house=place.house,
                    worker=worker,
                    starts=starts,
                    ends=starts + timedelta(hours=hours),
                    arranged_by=place.health,
                    arranged_at=starts - timedelta(days=7),
                    begun_at=starts,
                    taken_over_at=starts,
                )
        for kind, what, hour in (("meal", "breakfast", 8), ("meal", "lunch", 13), ("activity", "art", 16)):
            yield DayEntry(
                subject=place.house.subject,
                house=place.house,
                day=day,
                kind=kind,
                author=place.draw.choice(place.workers),
                written_at=at(day, hour),
                content={"what": what, "how_many": place.size.places * 9 // 10, "words": "All came."},
            )


def _incidents(place: Place, now: Sequence[Case], counts: Counter[tuple[date, str, str]]) -> None:
    """Of children who are there now, so that their files show them; and the numbers of all months."""
    from amanat.access.policy import Part
    from amanat.centre.models import IncidentAccount, IncidentPart, Tally
    from amanat.vault import bulk
    from amanat.vault.models import Subject, SubjectKind

    draw = place.draw
    days = [one for one in range(place.size.days) if draw.random() < INCIDENT_A_DAY]
    subjects = Subject.objects.begin_many([SubjectKind.SHARED] * len(days))
    accounts, parts = [], []
    for number, subject in zip(days, subjects, strict=True):
        day, case = place.first + timedelta(days=number), draw.choice(now)
        kind, severity, when = (
            draw.choice(("violence", "medical", "damage")),
            draw.choice(("s1", "s2", "s3")),
            at(day, 15),
        )
        content = {"adds": "first", "kind": kind, "severity": severity, "words": NOTES[2], "done": "Spoke with both."}
        account = IncidentAccount(
            subject=subject,
            house=place.house,
            part=Part.CENTRE,
            author=draw.choice(place.workers),
            happened_at=when,
            written_at=when,
            severity=severity,
            content=content,
        )
        accounts.append(account)
        parts.append(
            IncidentPart(
                case=case, subject=case.subject, shared=account, part=Part.CENTRE, written_at=when, words="Was there."
            )
        )
        counts[day.replace(day=1), "incident", kind] += 1
        counts[day.replace(day=1), "severity", severity] += 1
    bulk.insert(accounts)
    bulk.insert(parts)
    Tally.objects.bulk_create(
        Tally(house=place.house, day=month, what=what, code=code, count=count)
        for (month, what, code), count in counts.items()
    )


def _let_in(workers: Sequence[Membership], now: Sequence[Case]) -> None:
    """The workers of the house in the circle of every child who is there: as if their shift lasted for long."""
    from amanat.access.models import Grant

    since = datetime.now(UTC)
    Grant.objects.bulk_create(
        Grant(
            subject=case.subject, membership=worker, relation="centre_worker", since=since, until=since + timedelta(90)
        )
        for worker in workers
        for case in now
    )
