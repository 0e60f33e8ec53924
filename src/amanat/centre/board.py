"""The board of a house: tonight, bed by bed, and the next 30 days. Of whom the actor may not know stands only that a bed is taken."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any

from django.utils.translation import gettext_lazy as _

from amanat.access.actor import Actor
from amanat.access.files import File, open_files
from amanat.access.policy import Verb
from amanat.cases.models import Case
from amanat.cases.shown import Badge
from amanat.centre import places
from amanat.centre.models import Room, Stay, StayBed, StayState
from amanat.centre.places import NamedHouse, Spot
from amanat.centre.stays import STATES, runs_out
from amanat.web.paging import keyset_page

AHEAD = 30  # days
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

    @property
    def state(self) -> Badge:
        kind, icon = STATES[StayState(self.stay.state)]
        return Badge(str(StayState(self.stay.state).label), kind, icon)

    @property
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
    def now(self) -> Sleeper | None:
        return next((one for one in self.sleepers if one.row.begun), None)

    @property
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
        if now and not (now.stay.planned_until and self.today <= now.stay.planned_until < day):
            return TAKEN
        if kept and kept.stay.comes_on and kept.stay.comes_on <= day:
            return KEPT
        return OUT if self.spot.is_out_of_use(day) else FREE

    @property
    def spans(self) -> list[tuple[str, int, str, str]]:
        """What it is, for how many days, in words, as a sign."""
        return [(kind, len(list(same)), str(KINDS[kind]), SIGNS[kind]) for kind, same in groupby(self.days)]


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


def board(actor: Actor, wanted: str) -> dict[str, Any]:
    """The board of the house that was asked for, or of the first one."""
    found = places.houses(actor)
    house = next((one for one in found if one.ref == wanted), found[0] if found else None)
    today = places.day_of(actor.now)
    rooms = rooms_of(actor, house, today) if house else []
    return {
        "houses": found,
        "house": house,
        "rooms": rooms,
        "figures": _figures(house, [bed for room in rooms for bed in room.beds], today) if house else None,
        "days": [today + timedelta(days=day) for day in range(AHEAD)],
        "may_arrange": actor.may(Verb.HOUSE_ARRANGE),
        "waiting": Stay.objects.filter(agency=actor.membership.agency_id, state=StayState.WAITING).count(),
    }


def rooms_of(actor: Actor, house: NamedHouse, today: date) -> list[RoomLines]:
    spots = places.spots(actor, house.row)
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


def _figures(house: NamedHouse, beds: Sequence[BedLine], today: date) -> Figures:
    tonight = [line for line in beds if line.kept and line.kept.stay.comes_on and line.kept.stay.comes_on <= today]
    return Figures(
        beds=len(beds),
        taken=sum(line.now is not None for line in beds),
        kept=len(tonight),
        out_of_use=sum(line.is_out_of_use and line.now is None for line in beds),
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
