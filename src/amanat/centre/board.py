"""The board of a house: tonight, bed by bed, and the next 30 days. Of whom the actor may not know stands only that a bed is taken."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_files
from amanat.access.policy import Verb
from amanat.cases.models import Case
from amanat.cases.shown import Badge
from amanat.centre import places
from amanat.centre.models import Bed, Room, Stay, StayBed, StayState
from amanat.centre.places import NamedHouse, Spot
from amanat.centre.running_out import runs_out
from amanat.centre.stays import STATES
from amanat.web.paging import keyset_page

AHEAD = 30  # days
AT_ONCE = 60  # beds of a house on one page; more are shown floor by floor (ours)
FREE, TAKEN, KEPT, OUT = "free", "taken", "kept", "out"
KINDS = {FREE: _("free"), TAKEN: _("occupied"), KEPT: _("kept"), OUT: _("out of use")}
SIGNS = {FREE: "", TAKEN: "●", KEPT: "○", OUT: "×"}
WAITING_ORDER = ["urgency", "asked_at", "id"]


@dataclass(frozen=True)
class Sleeper:
    """Who has a bed, as far as the actor may know: the file is None where they may know nothing."""

    row: StayBed
    file: File | None
    today: date

    @property
    def stay(self) -> Stay:
        return self.row.stay

    @property
    def code_name(self) -> str:
        return self.stay.case.child.code_name if self.file else ""

    @cached_property
    def state(self) -> Badge:
        kind, icon = STATES[StayState(self.stay.state)]
        return Badge(str(StayState(self.stay.state).label), kind, icon)

    @cached_property
    def runs_out(self) -> str:
        return runs_out(self.stay, self.today)

    @property
    def may_move(self) -> bool:
        return self.file is not None and self.row.begun and self.file.may(Verb.STAY_MOVE)


@dataclass(frozen=True)
class BedLine:
    """A bed tonight, and day by day."""

    spot: Spot
    sleepers: Sequence[Sleeper]
    today: date

    @property
    def called(self) -> str:
        return gettext("Bed %(number)s") % {"number": self.spot.bed.number}

    @cached_property
    def now(self) -> Sleeper | None:
        return next((one for one in self.sleepers if one.row.begun), None)

    @cached_property
    def kept(self) -> Sleeper | None:
        return next((one for one in self.sleepers if not one.row.begun), None)

    @property
    def is_out_of_use(self) -> bool:
        return self.spot.is_out_of_use(self.today)

    @cached_property
    def days(self) -> list[str]:
        return [self._on(self.today + timedelta(days=day)) for day in range(AHEAD)]

    def _on(self, day: date) -> str:
        now, kept = self.now, self.kept
        until = now.stay.planned_until if now else None
        if now and not (until and self.today <= until < day):
            return TAKEN
        if kept and kept.stay.comes_on and kept.stay.comes_on <= day:
            return KEPT
        return OUT if self.spot.is_out_of_use(day) else FREE

    @property
    def spans(self) -> list[tuple[str, int, str, str]]:
        """What it is, for how many days, in words, as a sign."""
        spans = [(kind, len(list(same))) for kind, same in groupby(self.days)]
        return [(kind, length, _span(kind, length), SIGNS[kind]) for kind, length in spans]


def _span(kind: str, days: int) -> str:
    told = ngettext("%(days)s day", "%(days)s days", days) % {"days": days}
    return f"{KINDS[kind]}: {told}"


@dataclass(frozen=True)
class RoomLines:
    room: Room
    name: str
    beds: Sequence[BedLine]


@dataclass(frozen=True)
class Figures:
    """Of tonight."""

    beds: int
    taken: int
    kept: int
    out_of_use: int
    capacity: int

    @property
    def free(self) -> int:
        """How many more children could sleep there tonight."""
        return max(0, min(self.beds - self.out_of_use, self.capacity) - self.taken - self.kept)


def board(actor: Actor, wanted: str, floor: str = "") -> dict[str, Any]:
    """The board of the house that was asked for, or of the first one; of a large house one floor at a time."""
    found = places.houses(actor)
    house = next((one for one in found if one.ref == wanted), found[0] if found else None)
    today = places.today_in(house.row, actor.now) if house else places.day_of(actor.now)
    beds = _beds(house, today) if house else []
    floors = _floors(beds)
    here = next((one for one in floors if str(one) == floor), floors[0] if floors else None)
    return {
        "houses": found,
        "house": house,
        "floors": floors,
        "floor": here,
        "rooms": rooms_of(actor, house, today, here) if house else [],
        "figures": _figures(house, beds) if house else None,
        "days": [today + timedelta(days=day) for day in range(AHEAD)],
        "may_arrange": actor.may(Verb.HOUSE_ARRANGE),
        "may_open_files": actor.may(Verb.CASE_REGISTER),
        "waiting": Stay.objects.filter(agency=actor.membership.agency_id, state=StayState.WAITING).count(),
    }


def _beds(house: NamedHouse, today: date) -> list[tuple[int, bool, bool, bool | None]]:
    """Of each bed of a house its floor, and whether it is taken, kept for tonight, out of use: one query."""
    held = StayBed.objects.filter(bed=OuterRef("pk"), until=None)
    out = Q(out_from__lte=today) & (Q(out_until=None) | Q(out_until__gte=today))
    rows = Bed.objects.filter(room__house=house.row, room__closed_at=None).annotate(
        is_taken=Exists(held.filter(begun=True)),
        is_kept=Exists(held.filter(begun=False, stay__comes_on__lte=today)),
        is_out=ExpressionWrapper(out, output_field=BooleanField()),
    )
    return list(rows.order_by("room__floor").values_list("room__floor", "is_taken", "is_kept", "is_out"))


def _floors(beds: Sequence[tuple[int, bool, bool, bool | None]]) -> list[int]:
    """Between which one chooses; none where all beds stand on one page."""
    floors = sorted({floor for floor, *_rest in beds})
    return floors if len(beds) > AT_ONCE and len(floors) > 1 else []


def rooms_of(actor: Actor, house: NamedHouse, today: date, floor: int | None = None) -> list[RoomLines]:
    spots = places.spots(actor, house.row, floor)
    taken = places.sleepers(spot.bed for spot in spots)
    files = files_of(actor, [row.stay.case for rows in taken.values() for row in rows])
    lines = [BedLine(spot, _sleepers(taken.get(spot.bed.pk, ()), files, today), today) for spot in spots]
    return [
        RoomLines(beds[0].spot.room, beds[0].spot.room_name, beds)
        for beds in (list(same) for _room, same in groupby(lines, key=lambda line: line.spot.room.pk))
    ]


def _sleepers(rows: Iterable[StayBed], files: Mapping[uuid.UUID, File], today: date) -> list[Sleeper]:
    return [Sleeper(row, files.get(row.stay.case_id), today) for row in rows]


def files_of(actor: Actor, cases: Iterable[Case]) -> dict[uuid.UUID, File]:
    """By case, where the actor may know of it: one query, however many."""
    rows = {case.pk: case for case in cases}
    return {file.row.pk: file for file in open_files(actor, rows.values()) if file.exists} if rows else {}


def _figures(house: NamedHouse, beds: Sequence[tuple[int, bool, bool, bool | None]]) -> Figures:
    return Figures(
        beds=len(beds),
        taken=sum(taken for _floor, taken, _kept, _out in beds),
        kept=sum(kept for _floor, _taken, kept, _out in beds),
        out_of_use=sum(bool(out) and not taken for _floor, taken, _kept, out in beds),
        capacity=house.row.capacity,
    )


@dataclass(frozen=True)
class WaitingLine:
    """A child on the waiting list. Who may not know of it reads that somebody waits, how urgently and since when."""

    stay: Stay
    file: File | None

    @property
    def code_name(self) -> str:
        return self.stay.case.child.code_name if self.file else ""

    @property
    def urgency(self) -> Badge:
        kind = ("danger", "warning", "")[min(self.stay.urgency, 2)]
        return Badge(str(self.stay.get_urgency_display()), kind, "alert" if kind == "danger" else "")

    @property
    def may_admit(self) -> bool:
        return self.file is not None and self.file.may(Verb.STAY_ADMIT)


def waiting(actor: Actor, cursor: str) -> dict[str, Any]:
    """The waiting list of the agency's houses, the most urgent first, of one urgency the one who waits longest."""
    rows = Stay.objects.filter(agency=actor.membership.agency_id, state=StayState.WAITING)
    rows = rows.select_related("case__child", "case__subject", "case__agency", "house__subject")
    page = keyset_page(rows, WAITING_ORDER, cursor)
    files = files_of(actor, [stay.case for stay in page.rows])
    names = {house.row.pk: house.name for house in places.houses(actor, also_closed=True)}
    lines = [(WaitingLine(stay, files.get(stay.case_id)), names.get(stay.house_id, "")) for stay in page.rows]  # type: ignore[arg-type]
    return {"page": page, "lines": lines}
