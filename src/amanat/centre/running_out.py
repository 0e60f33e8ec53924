"""That a stay runs out, or a child is missing: what is said of it at the head of its file and on the board."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Subquery
from django.utils.translation import gettext as _

from amanat.access.files import File
from amanat.cases.cautions import Caution
from amanat.cases.models import Case
from amanat.centre import places
from amanat.centre.models import Absence, AbsenceKind, Stay
from amanat.centre.models.stays import IN_HOUSE

LOOKED_FOR = "missing_child"  # the step of the procedure while a child is missing
SOON = timedelta(days=7)  # so long before its last day a stay is said to run out; ours


def runs_out(stay: Stay, today: date) -> str:
    """What is to be said of its last day: "" while that is more than a week away."""
    last = stay.planned_until
    if stay.state not in IN_HOUSE or last is None or last > today + SOON:
        return ""
    return "over" if last < today else "soon"


def asked(column: str) -> Subquery:
    """Of the stay in a house, asked with the case itself, so that a file costs no query more."""
    there = Stay.objects.filter(subject=OuterRef("subject"), state__in=IN_HOUSE)
    return Subquery(there.values(column)[:1])


def caution(file: File) -> Caution | None:
    """That the stay runs out, at the head of the file."""
    row = file.row
    stay = Stay(state=getattr(row, "stay_state", "") or "", planned_until=getattr(row, "stay_until", None))
    state = runs_out(stay, places.day_of(file.actor.now))
    if not state:
        return None
    title = _("The last day of the stay has passed") if state == "over" else _("The stay runs out within a week")
    return Caution(title, _("Extend it with its ground, or end it."), "centre.stay")


def missing() -> Exists:
    """Whether the child of a row is missing, also from a stay that has ended."""
    return Exists(Absence.objects.filter(subject=OuterRef("subject"), kind=AbsenceKind.MISSING, until=None))


def looked_for(case: Case) -> bool:
    """Whether the child is missing from a stay on this case, and nobody said, with why, that the step is done without."""
    rows = Absence.objects.filter(stay__case=case, kind=AbsenceKind.MISSING, until=None)
    return rows.filter(stay__case__due_steps__step=LOOKED_FOR).exists()


def missing_caution(file: File) -> Caution | None:
    if not getattr(file.row, "is_missing", False):
        return None
    return Caution(_("The child is missing"), _("Go through the steps, and say what was done."), "centre.missing")
