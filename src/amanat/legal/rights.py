"""The rights of the child as a check: each right of the pack with the newest of what was recorded of it, and what hearings brought."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from amanat import packs
from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases.shown import Badge, Text, label, spoken
from amanat.legal.models import Hearing, HearingState, RightRecord, RightState
from amanat.legal.showing import MEASURES, hearing_of

RIGHTS = "child_right"
MOST = 500  # records of a child that are looked through, the newest
IN_HEARINGS: Final = {
    "accompaniment": ("trusted_person",),
    "closed_session": ("closed_session",),
    "identity_protected": ("no_name",),
    "interpreter": ("interpreter",),
    "no_confrontation": ("no_confrontation",),
    "video_testimony": ("video", "recorded"),
}
"""The measures by which a right is given in a hearing."""
_BADGES = {
    RightState.GIVEN: ("success", "check"),
    RightState.ASKED: ("accent", "clock"),
    RightState.REFUSED: ("danger", "close"),
    RightState.NOT_NEEDED: ("", ""),
}


@dataclass(frozen=True)
class Recorded:
    row: RightRecord
    held: dict[str, Any]
    why: str

    @property
    def state(self) -> RightState:
        return RightState(self.held["state"])

    @property
    def badge(self) -> Badge:
        kind, icon = _BADGES[self.state]
        return Badge(str(self.state.label), kind, icon)

    @property
    def on(self) -> date:
        return date.fromisoformat(self.held["on"])

    @property
    def whom(self) -> Text:
        return spoken(str(self.held.get("whom", "")))

    @property
    def words(self) -> Text:
        return spoken(self.why)


@dataclass(frozen=True)
class InHearing:
    """What a hearing brought of a measure by which a right is given."""

    proceeding: Any
    at: datetime
    measure: str
    state: RightState

    @property
    def badge(self) -> Badge:
        kind, icon = _BADGES[self.state]
        return Badge(str(self.state.label), kind, icon)


@dataclass(frozen=True)
class Right:
    """A right with what was recorded of it, and what hearings brought of it, the newest first."""

    code: str
    records: list[Recorded]
    hearings: list[InHearing] = field(default_factory=list)

    @property
    def label(self) -> str:
        return label(RIGHTS, self.code)

    @property
    def help(self) -> str:
        known = packs.current().codes(RIGHTS)
        told = known[self.code].help if self.code in known else None
        return told.text() if told else ""

    @property
    def newest(self) -> Recorded | None:
        return self.records[0] if self.records else None

    @property
    def stands(self) -> Recorded | InHearing | None:
        """What says how it stands: what was recorded of it, else the newest hearing."""
        return self.newest or next(iter(self.hearings), None)


@dataclass(frozen=True)
class Count:
    """How many rights stand how."""

    given: int
    asked: int
    refused: int
    open: int


def rights_of(file: File) -> list[Right]:
    """All that the pack offers, and those of which something was recorded; two queries."""
    by: dict[str, list[Recorded]] = defaultdict(list)
    rows = RightRecord.objects.filter(case=file.row.pk).select_related("author__user").order_by("-at", "-id")[:MOST]
    for row in rows if file.sees(Part.LEGAL_STATUS) else ():
        row.subject = file.row.subject
        held = file.open(row, "content") or {}
        why = (file.open(row, "words") or "") if file.sees(Part.LEGAL_FILE) else ""
        by[held.get("right", "")].append(Recorded(row, held, why))
    offered = [code for code, _label in packs.current().codes(RIGHTS).choices()]
    hearings = _in_hearings(file)
    codes = [*offered, *(code for code in list(by) if code not in offered)]
    return [Right(code, _by_day(by[code]), hearings.get(code, [])) for code in codes]


def _in_hearings(file: File) -> dict[str, list[InHearing]]:
    """By right, of hearings that are fixed or were held; nothing where the legal file is closed."""
    by: dict[str, list[InHearing]] = defaultdict(list)
    rows = Hearing.objects.filter(case=file.row.pk, state__in=(HearingState.FIXED, HearingState.HELD))
    for row in rows.order_by("-at", "-id")[:MOST] if file.sees(Part.LEGAL_FILE) else ():
        for code, state in _measures(hearing_of(file, row).held, row.state == HearingState.FIXED).items():
            for right in (right for right, measures in IN_HEARINGS.items() if code in measures):
                by[right].append(InHearing(row.proceeding_id, row.at, label(MEASURES, code), state))
    return by


def _measures(held: dict[str, Any], is_fixed: bool) -> dict[str, RightState]:
    missing = RightState.ASKED if is_fixed else RightState.REFUSED
    asked = dict.fromkeys(held.get("measures_asked", []), missing)
    return asked | dict.fromkeys(held.get("measures_granted", []), RightState.GIVEN)


def _by_day(records: list[Recorded]) -> list[Recorded]:
    """The one of the latest day first; of two of one day, the one that was written later."""
    return sorted(records, key=lambda one: one.on, reverse=True)


def count(rights: list[Right]) -> Count:
    states = [right.stands.state if right.stands else None for right in rights]
    settled = (RightState.GIVEN, RightState.ASKED, RightState.REFUSED)
    given, asked, refused = (states.count(state) for state in settled)
    return Count(given, asked, refused, states.count(None))
