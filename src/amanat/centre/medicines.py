"""Medicines of a child as one actor may read them: ordered, given, and when the next dose may be. Verbs: `actions.medicines`."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.utils import timezone

from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases.shown import Text, label, spoken
from amanat.centre.models import Dose, MedicineOrder

RESULTS: Final = "dose_result"
TAKEN: Final = "taken"
SHOWN: Final = 60  # doses on the page, the newest
LOOKED_BACK: Final = timedelta(days=14)
DAY: Final = timedelta(hours=24)
SOONEST: Final = timedelta(hours=1)  # so near two doses are one too many, where an order sets no least time; ours


@dataclass(frozen=True)
class Given:
    """A dose with what became of it."""

    row: Dose
    held: dict[str, Any]

    @property
    def result(self) -> str:
        return label(RESULTS, str(self.held.get("result", "")))

    @property
    def is_taken(self) -> bool:
        return self.held.get("result") == TAKEN

    @property
    def words(self) -> Text:
        return spoken(str(self.held.get("words", "")))

    @property
    def why_sooner(self) -> Text:
        return spoken(str(self.held.get("why_sooner", "")))

    @property
    def waits(self) -> bool:
        """For the second initials."""
        return self.row.witness_id is None


@dataclass(frozen=True)
class Ordered:
    """An order with its doses, the newest first."""

    row: MedicineOrder
    held: dict[str, Any]
    why: Text
    now: datetime
    doses: list[Given] = field(default_factory=list)

    @property
    def medicine(self) -> Text:
        return spoken(str(self.held.get("medicine", "")))

    @property
    def dose(self) -> Text:
        return spoken(str(self.held.get("dose", "")))

    @property
    def how(self) -> Text:
        return spoken(str(self.held.get("how", "")))

    @property
    def hours(self) -> int:
        return int(self.held.get("hours", 0))

    @property
    def apart(self) -> timedelta:
        """The least time between two doses."""
        return timedelta(hours=self.hours) or SOONEST

    @property
    def at_most(self) -> int:
        return int(self.held.get("at_most", 0))

    def runs_on(self, day: date) -> bool:
        return (
            self.row.ended_at is None and self.row.begins <= day and (self.row.until is None or day <= self.row.until)
        )

    @property
    def is_running(self) -> bool:
        return self.runs_on(timezone.localdate(self.now))

    @property
    def is_over(self) -> bool:
        past = self.row.until is not None and self.row.until < timezone.localdate(self.now)
        return self.row.ended_at is not None or past

    @property
    def not_before(self) -> datetime | None:
        """When the next dose may be given, where that lies ahead."""
        taken = [one.row.given_at for one in self.doses if one.is_taken]
        ways = [max(taken) + self.apart] if taken else []
        within = sorted(moment for moment in taken if moment > self.now - DAY)
        if self.at_most and len(within) >= self.at_most:
            ways.append(within[-self.at_most] + DAY)
        soonest = max(ways, default=None)
        return soonest if soonest is not None and soonest > self.now else None

    def too_near(self, at: datetime) -> Given | None:
        """A dose that was taken too near to this moment, before or after; by the least time between two, or by how many a day."""
        taken = [one for one in self.doses if one.is_taken]
        near = [one for one in taken if abs(one.row.given_at - at) < self.apart]
        # Also where it is written later than doses that were given after it: no 24 hours around it hold more than that.
        for last in {at, *(one.row.given_at for one in taken if at <= one.row.given_at < at + DAY)}:
            within = [one for one in taken if last - DAY < one.row.given_at <= last]
            if self.at_most and len(within) >= self.at_most:
                near += within
        return max(near, key=lambda one: one.row.given_at, default=None)


def orders_of(file: File) -> list[Ordered]:
    """Those that run first, then the newest: two queries."""
    rows = MedicineOrder.objects.filter(subject=file.row.subject_id).select_related(
        "ordered_by__user", "ended_by__user"
    )
    orders = list(rows.order_by("-ordered_at", "-id")[:SHOWN])
    doses = _doses(file, orders)
    found = [_ordered(file, row, doses.get(row.pk, [])) for row in orders]
    return sorted(found, key=lambda one: one.is_over)


def order_of(file: File, ref: uuid.UUID) -> Ordered | None:
    rows = MedicineOrder.objects.filter(subject=file.row.subject_id, pk=ref).select_related("ordered_by__user")
    row = rows.first()
    return _ordered(file, row, _doses(file, [row]).get(row.pk, [])) if row else None


def dose_of(file: File, ref: uuid.UUID) -> tuple[Ordered, Given] | None:
    row = Dose.objects.filter(subject=file.row.subject_id, pk=ref).select_related("given_by__user", "order").first()
    order = order_of(file, row.order_id) if row else None
    return (order, _given(file, row)) if row and order else None


def _ordered(file: File, row: MedicineOrder, doses: list[Given]) -> Ordered:
    row.subject = file.row.subject
    why = file.open(row, "why") if row.why and file.sees(Part.HEALTH_FILE) else ""
    return Ordered(row, file.open(row, "content") or {}, spoken(why or ""), file.actor.now, doses)


def _doses(file: File, orders: Iterable[MedicineOrder]) -> dict[uuid.UUID, list[Given]]:
    """By order: those of two weeks."""
    since = file.actor.now - LOOKED_BACK
    rows = Dose.objects.filter(order__in=[row.pk for row in orders], given_at__gte=since)
    found: dict[uuid.UUID, list[Given]] = defaultdict(list)
    for row in rows.select_related("given_by__user", "witness__user").order_by("-given_at", "-id"):
        found[row.order_id].append(_given(file, row))
    return found


def _given(file: File, row: Dose) -> Given:
    row.subject = file.row.subject
    return Given(row, file.open(row, "content") or {})
