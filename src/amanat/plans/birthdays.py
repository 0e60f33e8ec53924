"""The day on which a child comes of age, as it bears on its plan: the caution at the head of the file. It is worked out where the file
is opened; nothing that is kept in clear depends on it."""

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
from amanat.plans import adulthood, rhythm, terms
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


def coming_of_age(file: File) -> Caution | None:
    """Said at the head of the file from the last review before the milestone on, so that no rhythm steps over it, until the plan was
    looked at since. One query, within the last years only."""
    case, today = case_of(file), timezone.localdate(file.actor.now)
    if case.is_closed or not (found := milestones(file)):
        return None
    ahead = rhythm.length(case)
    passed = adulthood.passed([(months, day - ahead) for months, day in found], today)
    if passed is None:
        return None
    looked = last_look(case)
    if looked is not None and looked >= passed[1]:
        return None
    text = _("Look at the plan once more: what ends with childhood, and what has to begin before.")
    return Caution(_title(found[-1][1], today), text, "plans.plan")


def _title(birthday: date, today: date) -> StrOrPromise:
    months = adulthood.months_until(birthday, today)
    if months:
        title = ngettext_lazy(
            "The child is of age in less than %(n)s month", "The child is of age in less than %(n)s months", months
        )
        return title % {"n": months}
    return _("The child is of age today") if birthday == today else _("The child is of age by now")
