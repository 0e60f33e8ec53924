"""When the plan is looked at again: what the steps of the procedure say that a review finishes. There is no other day of review."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from amanat.cases.happenings import procedure
from amanat.cases.models import Case, DueStep, EventKind
from amanat.procedures import Step

_A_MOMENT = timedelta(microseconds=1)
_LENGTHS = {
    "days": 1,
    "working_days": 2,
    "months": 31,
}  # rather too long: weekends and holidays lie between working days


def steps() -> list[Step]:
    """Those that a review of the plan finishes."""
    return [step for step in procedure() if EventKind.PLAN_REVIEWED in step.finished_by]


def due() -> QuerySet[DueStep]:
    return DueStep.objects.filter(step__in=[step.name for step in steps()])


def late_from() -> Subquery:
    """Of rows with a `case`: the moment from which its next review is late."""
    return Subquery(due().filter(case=OuterRef("case")).order_by("due").values("due")[:1])


def last_day(late_from: datetime) -> date:
    return timezone.localdate(late_from - _A_MOMENT)


def length(case: Case) -> timedelta:
    """The longest time between two reviews at the stage of the case; none where the procedure has no rhythm there."""
    found = [step.span for step in steps() if step.span and case.stage in step.when.get("stage", ())]
    return max((timedelta(days=one.amount * _LENGTHS.get(one.unit, 0)) for one in found), default=timedelta())
