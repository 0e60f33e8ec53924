"""How often something happened in a house: numbers that follow from what verbs do, for the page of the month. No child stands here."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.db.models import F

from amanat.centre.models import House, Tally

INCIDENT: Final = "incident"
GRAVE: Final = "severity"
AGAINST_STAFF: Final = "against_staff"  # apart: not everybody in the house reads it
DOSE, VISIT, MEAL, ACTIVITY = "dose", "visit", "meal", "activity"


def count(house: House | None, day: date, what: str, code: str = "") -> None:
    """One more; within a verb. Of the month alone: a count of one day beside the times of a child's rows would tell what was its."""
    if house is None:
        return
    row, _made = Tally.objects.get_or_create(house=house, day=day.replace(day=1), what=what, code=code)
    Tally.objects.filter(pk=row.pk).update(count=F("count") + 1)
