"""The day on which a child comes of age, as it bears on its plan: when it is looked at again, and the caution at the head of the file."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from amanat.access.files import File
from amanat.cases.cautions import Caution
from amanat.cases.htcds import surely_born
from amanat.cases.shown import case_of
from amanat.plans import adulthood, terms
from amanat.plans.voices import last_look

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

_DAY = 10  # letters of a whole date


def milestones(file: File) -> list[tuple[int, date]]:
    """The days before the birthday on which the plan is looked at again; empty where the birth is not surely known, or not open."""
    born = surely_born(file)
    if len(born) != _DAY:
        return []
    rule = terms.reviews()
    return adulthood.milestones(date.fromisoformat(born), rule.adult_age, rule.months_before)


def review_by(file: File, chosen: date | None) -> date | None:
    """By when the plan is looked at again: the day that somebody chose, or the month of the next milestone, whichever comes first.

    Of a milestone only the month is kept, for the day stands in clear and would tell the birthday.
    """
    today = timezone.localdate(file.actor.now)
    coming = adulthood.ahead(milestones(file), today)
    days = [chosen] if chosen else []
    if coming is not None:
        days.append(max(coming.replace(day=1), today))
    return min(days, default=None)


def coming_of_age(file: File) -> Caution | None:
    """Said at the head of the file until the plan was looked at since the milestone. One query, within the last year only."""
    case, today = case_of(file), timezone.localdate(file.actor.now)
    passed = adulthood.passed(milestones(file), today)
    if passed is None or case.is_closed:
        return None
    months, day = passed
    looked = last_look(case)
    if looked is not None and looked >= day:
        return None
    text = _("Look at the plan once more: what ends with childhood, and what has to begin before.")
    return Caution(_title(months, day, today), text, "plans.plan")


def _title(months: int, day: date, today: date) -> StrOrPromise:
    if months:
        title = ngettext_lazy(
            "The child is of age in less than %(n)s month", "The child is of age in less than %(n)s months", months
        )
        return title % {"n": months}
    return _("The child is of age today") if day == today else _("The child is of age by now")
