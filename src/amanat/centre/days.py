"""A day of a house: meals, activities and notes, and what was written of the children that day. Verbs: `actions.days`."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django.db.models import F, QuerySet

from amanat.access.actor import Actor
from amanat.access.files import File, open_files
from amanat.access.loaders import Hidden
from amanat.access.policy import Part
from amanat.access.showing import showing
from amanat.cases.models import Case
from amanat.cases.shown import Badge, Line, Text, label, name_of, spoken
from amanat.centre.incidents import KINDS, severity_badge
from amanat.centre.log import Written, written
from amanat.centre.models import DayEntry, DayKind, House, LogEntry
from amanat.centre.opening import open_house
from amanat.centre.places import zone_of
from amanat.web.paging import Page, keyset_page

LISTS: Final = {DayKind.MEAL: "meal", DayKind.ACTIVITY: "activity", DayKind.INCIDENT: KINDS}
OF_HOUSE: Final = ("intruder", "data", "damage", "other")
"""The kinds of incidents that can be about no child; the others belong on a child's file."""
MOST: Final = 200  # of a day
NEWEST: Final = 10  # incidents about no child, at once


@dataclass(frozen=True)
class Happened:
    """A meal, an activity, a note or an incident."""

    row: DayEntry
    held: dict[str, Any]

    @property
    def what(self) -> str:
        codes = LISTS.get(DayKind(self.row.kind))
        return label(codes, str(self.held.get("what", ""))) if codes else ""

    @property
    def how_many(self) -> int | None:
        return self.held.get("how_many")

    @property
    def severity(self) -> Badge | None:
        code = str(self.held.get("severity", ""))
        return severity_badge(code) if code else None

    @property
    def words(self) -> Text:
        return spoken(str(self.held.get("words", "")))

    @property
    def by(self) -> str:
        return self.row.author.user.display_name


@dataclass(frozen=True)
class Child:
    """What was written of one child that day."""

    line: Line
    entries: list[Written]


def day_of(text: str, today: date) -> date:
    """The day that an address asks for; today where it asks for none, or for one that is still to come."""
    try:
        return min(date.fromisoformat(text), today)
    except ValueError:
        return today


def happened(actor: Actor, house: House, day: date) -> list[Happened]:
    rows = DayEntry.objects.filter(house=house, day=day).select_related("author__user", "subject")
    return _opened(actor, house, rows.order_by("written_at", "id")[:MOST])


def incidents_about_no_child(actor: Actor, house: House, cursor: str = "") -> tuple[Page[DayEntry], list[Happened]]:
    """Some of them, the newest first; each stands on its day, too. One query."""
    rows = DayEntry.objects.filter(house=house, kind=DayKind.INCIDENT).select_related("author__user", "subject")
    page = keyset_page(rows, ["-day", "-written_at", "-id"], cursor, NEWEST, counted=False)
    return page, _opened(actor, house, page.rows)


def _opened(actor: Actor, house: House, rows: Iterable[DayEntry]) -> list[Happened]:
    return [Happened(row, open_house(actor, house, row, "content") or {}) for row in rows]


def children(actor: Actor, house: House, day: date, cursor: str = "") -> tuple[Page[Case], list[Child]]:
    """Of whom something was written that day, by code name, with all of it: three queries; of children whose log is open to the actor."""
    zone = zone_of(house)
    begins = datetime.combine(day, time(), zone).astimezone(UTC)
    ends = datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)
    entries = LogEntry.objects.filter(house=house, written_at__gte=begins, written_at__lt=ends)
    rows = showing(actor, Case.objects.filter(pk__in=entries.values("case")), Part.CENTRE)
    cases: QuerySet[Case] = rows.annotate(called=F("child__code_name")).select_related("subject", "child", "agency")
    page = keyset_page(cases, order=["called", "id"], cursor=cursor, counted=False)
    found: dict[uuid.UUID, list[LogEntry]] = defaultdict(list)
    of_these = entries.filter(case__in=[case.pk for case in page.rows]).select_related("author__user", "corrects")
    for row in of_these.order_by("written_at", "id"):
        found[row.case_id].append(row)
    files = open_files(actor, page.rows)
    return page, [_child(file, found[file.row.pk]) for file in files]


def _child(file: File, rows: Iterable[LogEntry]) -> Child:
    return Child(Line(file, name_of(file)), written(file, rows))


def house_for(actor: Actor, ref: uuid.UUID) -> House:
    """A house of the actor's agency.

    Raises:
        Hidden: there is none.
    """
    rows = House.objects.select_related("subject", "site", "agency")
    house = rows.filter(pk=ref, agency=actor.membership.agency_id).first()
    if house is None:
        raise Hidden(None)
    return house


def named(actor: Actor, house: House) -> dict[str, Any]:
    """What every page of a house shows at its head."""
    return {"house": house, "house_name": open_house(actor, house, house, "name") or "", "nav": "centre"}
