"""Houses, rooms and beds of an agency, as somebody who may see its board knows them; and who sleeps where."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.models import Conflict
from amanat.centre.models import Apart, Bed, House, Room, StayBed
from amanat.centre.opening import open_house
from amanat.people.models import Agency


@dataclass(frozen=True)
class NamedHouse:
    row: House
    name: str

    @property
    def ref(self) -> str:
        return self.row.pk.hex

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Spot:
    """A bed, with what its room and house are called."""

    bed: Bed
    room_name: str
    house_name: str

    @property
    def ref(self) -> str:
        return self.bed.pk.hex

    @property
    def room(self) -> Room:
        return self.bed.room

    @property
    def house(self) -> House:
        return self.bed.room.house

    @property
    def called(self) -> dict[str, str | int]:
        """How it is kept in the child's file."""
        return {"house": self.house_name, "room": self.room_name, "bed": self.bed.number}

    @property
    def in_house(self) -> str:
        return _("%(room)s, bed %(number)s") % {"room": self.room_name, "number": self.bed.number}

    def __str__(self) -> str:
        return told_place(self.called)

    def is_out_of_use(self, day: date) -> bool:
        bed = self.bed
        return bed.out_from is not None and bed.out_from <= day and (bed.out_until is None or day <= bed.out_until)


def told_place(called: dict[str, str | int]) -> str:
    """A bed in words, as it was called when a child had it."""
    return _("%(house)s, %(room)s, bed %(number)s") % {
        "house": called.get("house", ""),
        "room": called.get("room", ""),
        "number": called.get("bed", ""),
    }


def houses_of(agency: Agency | uuid.UUID, *, also_closed: bool = False) -> QuerySet[House]:
    rows = House.objects.filter(agency=agency).select_related("subject", "site", "location").order_by("made_at", "id")
    return rows if also_closed else rows.filter(closed_at=None)


def houses(actor: Actor, *, also_closed: bool = False) -> list[NamedHouse]:
    """Those of the actor's agency, in the order in which they were written down: one query."""
    rows = houses_of(actor.membership.agency_id, also_closed=also_closed)
    return [NamedHouse(row, name_of(actor, row)) for row in rows]


def name_of(actor: Actor, house: House) -> str:
    return str(open_house(actor, house, house, "name") or "")


def about(actor: Actor, house: House) -> str:
    """What it is for, in words."""
    return str(open_house(actor, house, house, "about") or "")


def room_name(actor: Actor, room: Room) -> str:
    if room.subject_id == room.house.subject_id:
        room.subject = room.house.subject  # the office's, with its key opened once
    return str(open_house(actor, room.house, room, "name") or "")


def spots(actor: Actor, house: House | None = None, floor: int | None = None) -> list[Spot]:
    """The beds in use of the agency's houses, or of one, or of one of its floors: one query."""
    rows = Bed.objects.filter(room__house__agency=actor.membership.agency_id, room__closed_at=None)
    rows = rows.filter(room__house=house) if house else rows.filter(room__house__closed_at=None)
    rows = rows if floor is None else rows.filter(room__floor=floor)
    found = rows.select_related("room__house__subject", "room__house__site").order_by(
        "room__house__made_at", "room__house", "room__floor", "room__made_at", "room", "number"
    )
    names: dict[uuid.UUID, str] = {}
    return [_spot(actor, bed, names) for bed in found]


def spot(actor: Actor, bed: Bed) -> Spot:
    """One of them, whose room and house are loaded."""
    return _spot(actor, bed, {})


def _spot(actor: Actor, bed: Bed, names: dict[uuid.UUID, str]) -> Spot:
    room = bed.room
    if room.house_id not in names:
        names[room.house_id] = name_of(actor, room.house)
    if room.pk not in names:
        names[room.pk] = room_name(actor, room)
    return Spot(bed, names[room.pk], names[room.house_id])


def sleepers(
    beds: Iterable[Bed], beside: uuid.UUID | None = None, actor: Actor | None = None
) -> dict[uuid.UUID, list[StayBed]]:
    """By bed: who has it, then for whom it is kept. One query. `is_apart`: whether they are kept apart from the child `beside`;
    `is_unsaid`: whether a conflict keeps the actor out of their file."""
    rows = StayBed.objects.filter(bed__in=[bed.pk for bed in beds], until=None)
    rows = rows.annotate(is_apart=Exists(apart_from(beside, OuterRef("subject"))))
    if actor is not None:
        kept_out = Conflict.objects.filter(user=actor.user, subject=OuterRef("subject"), lifted_at=None)
        rows = rows.annotate(is_unsaid=Exists(kept_out))
    found: dict[uuid.UUID, list[StayBed]] = defaultdict(list)
    for row in rows.select_related("bed", "stay__case__child", "stay__case__subject", "stay__case__agency").order_by(
        "-begun"
    ):
        found[row.bed_id].append(row)
    return found


def apart_from(subject: uuid.UUID | None, other: Any) -> QuerySet[Apart]:
    """What keeps two children apart, whoever's file says it."""
    return Apart.objects.filter(Q(subject=subject, other=other) | Q(other=subject, subject=other), lifted_at=None)


def day_of(moment: datetime) -> date:
    """The day of a moment where the actor is."""
    return timezone.localdate(moment)


def zone_of(house: House) -> tzinfo:
    """Where its days begin and end: at its site, else as the country pack says."""
    return ZoneInfo(house.site.time_zone) if house.site else packs.current().manifest.time_zone


def today_in(house: House, now: datetime) -> date:
    return timezone.localdate(now, zone_of(house))


def day_in(house: House | None, moment: datetime) -> date:
    """The day of a moment in a house; where there is none, where the actor is."""
    return today_in(house, moment) if house is not None else day_of(moment)


def begin_of(day: date, house: House) -> datetime:
    """The first moment of a day in a house."""
    return datetime.combine(day, time(), zone_of(house)).astimezone(UTC)


def house_of(actor: Actor, ref: uuid.UUID) -> NamedHouse:
    """Raises:
    Http404: there is none in the actor's agency.
    """
    row = get_object_or_404(houses_of(actor.membership.agency_id, also_closed=True), pk=ref)
    return NamedHouse(row, name_of(actor, row))


def room_of(house: House, ref: uuid.UUID) -> Room:
    """With `bed_count`.

    Raises:
        Http404: there is none in this house.
    """
    rows = Room.objects.select_related("house__subject", "subject").annotate(bed_count=Count("beds"))
    return get_object_or_404(rows, pk=ref, house=house)


def bed_of(house: House, ref: uuid.UUID) -> Bed:
    """Raises:
    Http404: there is none in this house.
    """
    return get_object_or_404(Bed.objects.select_related("room__house__subject"), pk=ref, room__house=house)


@dataclass(frozen=True)
class NamedRoom:
    row: Room
    name: str
    beds: list[Bed]


@dataclass(frozen=True)
class Floor:
    """The rooms of a floor, and what they are for and for whom, each said once."""

    number: int
    rooms: list[NamedRoom]

    @property
    def told(self) -> list[str]:
        used = [room.row for room in self.rooms if room.row.closed_at is None]
        purposes = [str(row.get_purpose_display()) for row in used]
        return list(dict.fromkeys(purposes + [str(row.get_whom_display()) for row in used]))


def floors(rooms: Iterable[NamedRoom]) -> list[Floor]:
    """By floor, the lowest first."""
    found: dict[int, list[NamedRoom]] = defaultdict(list)
    for room in rooms:
        found[room.row.floor].append(room)
    return [Floor(number, of_it) for number, of_it in found.items()]


def all_rooms(actor: Actor, house: House) -> list[NamedRoom]:
    """The rooms of a house with their beds, also what is out of use: two queries."""
    rows = Room.objects.filter(house=house).select_related("house__subject", "subject").prefetch_related("beds")
    return [
        NamedRoom(room, room_name(actor, room), sorted(room.beds.all(), key=lambda bed: bed.number))
        for room in rows.order_by("floor", "made_at", "id")
    ]
