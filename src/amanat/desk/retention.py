"""The periods of keeping: which of the pack's holds for a file, when it ends, and the report of what will go, 30 days ahead.

Nothing is erased here: the report tells two people what they may erase and why. A file is kept by the period that is called like
the reason for which its last case was closed, else by `closed_case`; a matter of a hotline by `matter`. What is open is not looked at.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.files import File, not_kept_out
from amanat.access.loaders import files_about
from amanat.cases import keyed
from amanat.cases.models import Case, Stage
from amanat.desk.models import Due, Hold, Review
from amanat.hotline.models import Matter
from amanat.packs import Period
from amanat.vault.models import Subject
from amanat.web.errors import PersonFacingError

AHEAD: Final = timedelta(days=30)
USUAL: Final = "closed_case"  # the one that begins on the 18th birthday, where that is later
OF_MATTERS: Final = "matter"
AT_ONCE: Final = 500


@dataclass(frozen=True)
class End:
    """By which period a file is kept, its last day, and whether that is sure (the day of birth may not be known)."""

    period: Period
    on: date
    sure: bool = True

    def is_over(self, today: date) -> bool:
        return self.on < today


def end_of(how: keyed.Ended) -> End | None:
    """None where the pack has no period for it."""
    periods = packs.current().retention
    if how.why in periods and how.why in packs.current().codes("closing_reason"):
        return End(periods[how.why], periods[how.why].last_day(how.on))
    if USUAL not in periods:
        return None
    begins = max(how.on, how.of_age) if how.of_age else how.on
    return End(periods[USUAL], periods[USUAL].last_day(begins), sure=how.of_age is not None)


def end_for(subject: uuid.UUID) -> End | None:
    """Of one file; None while a case is open, or where nothing says."""
    if Case.objects.filter(subject=subject).exclude(stage=Stage.CLOSED).exists():
        return None
    return _ends([subject]).get(subject)


def _ends(subjects: Collection[uuid.UUID]) -> dict[uuid.UUID, End]:
    """By subject, of children whose cases are closed and of closed matters."""
    ends = {subject: end for subject, how in keyed.ended(subjects).items() if (end := end_of(how))}
    if period := packs.current().retention.get(OF_MATTERS):
        closed = Matter.objects.filter(subject__in=subjects).exclude(closed_at=None)
        for subject, at in closed.values_list("subject", "closed_at"):
            ends[subject] = End(period, period.last_day(timezone.localdate(at)))
    return ends


class NotOver(PersonFacingError):
    """The period of a file is not over, or it was not told of for 30 days."""


def check_over(subject: uuid.UUID, now: datetime) -> None:
    """Raises:
    NotOver: the file is still to be kept, or has not stood in the report for 30 days.
    """
    today, end = timezone.localdate(now), end_for(subject)
    if end is None or not end.is_over(today):
        raise NotOver(_("The period of keeping is not over for this file."), field="ground")
    noticed = Due.objects.filter(subject=subject).values_list("noticed_on", flat=True).first()
    if noticed is None or noticed + AHEAD > today:
        raise NotOver(
            _("This file has not stood in the report of what will go for 30 days."),
            _("Look whether somebody needs it, and ask again when the 30 days are over."),
            field="ground",
        )


# --- looking through all files ---------------------------------------------------------------------------------------


def review(now: datetime) -> Review:
    """Go through all closed files, some at a time, and note whose period ends within 30 days; who is due no more is taken out."""
    files = 0
    for some in chain(_closed(), _closed_matters()):
        files += len(some)
        _note(some, now)
    with transaction.atomic():
        Due.objects.filter(subject__in=Case.objects.exclude(stage=Stage.CLOSED).values("subject")).delete()
        Due.objects.filter(subject__in=Matter.objects.filter(closed_at=None).values("subject")).delete()
        Review.objects.all().delete()
        return Review.objects.create(finished_at=now, files=files)


def _closed() -> Iterator[list[uuid.UUID]]:
    """Children all of whose cases are closed, in the order of their references; memory stays flat however many there are."""
    after = uuid.UUID(int=0)
    while True:
        rows = Case.objects.filter(subject__gt=after).order_by("subject").values_list("subject", "stage")
        page = list(rows[:AT_ONCE])
        if not page:
            return
        last = page[-1][0]
        page += Case.objects.filter(subject=last).values_list("subject", "stage")  # all the cases of the last one
        after = last
        opened = {subject for subject, stage in page if stage != Stage.CLOSED}
        yield sorted({subject for subject, _stage in page} - opened)


def _closed_matters() -> Iterator[list[uuid.UUID]]:
    """Closed matters of hotlines, in the same way."""
    after = uuid.UUID(int=0)
    while page := list(
        Matter.objects.filter(subject__gt=after)
        .exclude(closed_at=None)
        .order_by("subject")
        .values_list("subject", flat=True)[:AT_ONCE]
    ):
        yield page
        after = page[-1]


def _note(subjects: Collection[uuid.UUID], now: datetime) -> None:
    """Rows for those who are due; a row that is there keeps the day on which it was noticed first."""
    today = timezone.localdate(now)
    due = {subject: end for subject, end in _ends(subjects).items() if end.is_over(today + AHEAD)}
    with transaction.atomic():
        known = Due.objects.filter(subject__in=subjects)
        known.exclude(subject__in=due).delete()
        fresh = due.keys() - set(known.values_list("subject", flat=True))
        rows = Subject.objects.select_for_update(no_key=True).filter(pk__in=fresh, erased_at=None)
        for subject in rows.order_by("pk"):
            Due.objects.create(subject=subject, noticed_on=today, words=_words(due[subject.pk]))


def _words(end: End) -> dict[str, object]:
    return {"period": end.period.name, "on": end.on.isoformat(), "sure": end.sure}


# --- the report ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Line:
    """A file in the report. Of the last day only the month is told: it may follow from the birthday."""

    row: Due
    file: File
    period: Period | None
    month: date
    is_over: bool
    sure: bool
    held: bool


def due(actor: Actor) -> QuerySet[Due]:
    """What stands in the report, but files that the actor is kept out of."""
    return not_kept_out(actor, Due.objects.select_related("subject"))


def lines(actor: Actor, rows: Collection[Due]) -> list[Line]:
    """The rows as they are shown; what stands in them is opened by the file of each."""
    files = files_about(actor, [row.subject_id for row in rows])
    held = (
        set(Hold.objects.filter(subject__in=files, lifted_at=None).values_list("subject", flat=True))
        if files
        else set()
    )
    told = [(row, file) for row in rows if (file := files.get(row.subject_id)) and file.opens(row, "words")]
    return [_line(row, file, row.subject_id in held) for row, file in told]


def _line(row: Due, file: File, held: bool) -> Line:
    words = file.open(row, "words")
    on = date.fromisoformat(words["on"])
    today = timezone.localdate(file.actor.now)
    period = packs.current().retention.get(words["period"])
    return Line(row, file, period, on.replace(day=1), on < today, words["sure"], held)


def last_review() -> Review | None:
    return Review.objects.order_by("-finished_at").first()
