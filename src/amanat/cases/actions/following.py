"""The steps that are due, kept beside the cases so that lists can be put in order by date. Nobody writes them: they follow.

What can change them is followed by the verb that does it (`marking.mark`). What an import brings, and every case once a pack or
the rules of counting are others, is caught up with beside the requests (`catching_up`): `steps_by` says by which procedure a
case was worked out.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Final

from django.db.models import Min, Q, Value

from amanat import packs, procedures
from amanat.cases import happenings, keyed
from amanat.cases.models import NOTHING_DUE, Case, DueStep, EventKind, Task
from amanat.packs import Pack
from amanat.procedures import Calendar, Deadline, Happened
from amanat.procedures.marks import mark_of
from amanat.procedures.steps import FORM

RULES: Final = 1  # raised when the same procedure and timeline give other steps than before
AT_ONCE: Final = 200
_NOTHING: Final = (NOTHING_DUE, "")
_BEFORE: Final = timedelta(microseconds=1)


def follow(cases: Iterable[Case], kind: EventKind) -> None:
    """Work out the steps anew after a line of this kind, where that can change them. Within the verb's transaction."""
    if happenings.changes_the_course(kind):
        work_out(cases)


def follow_form(case: Case, name: str) -> None:
    """The same after a form was filled in: most are no matter of a step."""
    if happenings.asks_for(FORM + name):
        work_out([case])


def work_out(cases: Iterable[Case]) -> None:
    """Work out which steps are due on these cases, and where the cases stand in lists by date."""
    by_id = {case.pk: case for case in cases}
    ids = list(by_id)
    for begin in range(0, len(ids), AT_ONCE):
        for fresh in _work_out(ids[begin : begin + AT_ONCE]):
            case = by_id[fresh.pk]
            case.next_due, case.next_step = fresh.next_due, fresh.next_step


def behind() -> list[Case]:
    """Some of the cases whose steps were worked out by another procedure than today's, or never."""
    mark = _mark(packs.current())
    rows = Case.objects.filter(Q(steps_by__lt=mark) | Q(steps_by__gt=mark))
    return list(rows.only("pk")[:AT_ONCE])


def set_next_due(case: Case) -> None:
    """The earliest open task or step decides where the case stands in lists by date. For verbs that hold the case or its lock."""
    case.next_due, case.next_step = _next([case.pk]).get(case.pk, _NOTHING)
    case.save(update_fields=["next_due", "next_step"])


def _work_out(ids: Collection[uuid.UUID]) -> list[Case]:
    rows = Case.objects.select_for_update(no_key=True).filter(pk__in=ids).order_by("pk")
    cases = list(rows.only("subject_id", "stage", "risk", "priority"))
    happened = happenings.happened([case for case in cases if not case.is_closed], keyed.note_of)
    _keep({case.pk: _due(case, happened.get(case.pk, [])) for case in cases})
    due, mark = _next(ids), _mark(packs.current())
    for case in cases:
        case.next_due, case.next_step = due.get(case.pk, _NOTHING)
        case.steps_by = mark
    Case.objects.bulk_update(cases, ["next_due", "next_step", "steps_by"])
    return cases


def _due(case: Case, happened: list[Happened]) -> dict[str, datetime]:
    """By step: by when it is due, of those open that have a deadline. Whether that has passed is asked when somebody looks."""
    calendar, facts = Calendar.of(packs.current()), happenings.facts(case)
    found = procedures.due(happenings.procedure(), happened, calendar, facts, NOTHING_DUE)
    return {one.step.name: _last_moment(one.deadline) for one in found if one.deadline}


def _last_moment(deadline: Deadline) -> datetime:
    """A day ends where the next one begins; in a list its last moment has to bear its date."""
    return deadline.at if deadline.to_the_hour else deadline.at - _BEFORE


def _keep(due: Mapping[uuid.UUID, Mapping[str, datetime]]) -> None:
    held = {(row.case_id, row.step): row for row in DueStep.objects.filter(case__in=due)}
    wanted = {(case, step): at for case, steps in due.items() for step, at in steps.items()}
    gone = [row.pk for key, row in held.items() if wanted.get(key) != row.due]
    DueStep.objects.filter(pk__in=gone).delete()
    DueStep.objects.bulk_create(
        DueStep(case_id=key[0], step=key[1], due=at)
        for key, at in wanted.items()
        if key not in held or held[key].due != at
    )


def _next(ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[datetime, str]]:
    """By case: by when something is due, and the name of the step where it is none of the tasks."""
    tasks = Task.objects.filter(case__in=ids, done_at=None).values_list("case").annotate(Min("due"), step=Value(""))
    steps = DueStep.objects.filter(case__in=ids).values_list("case", "due", "step")
    found: dict[uuid.UUID, tuple[datetime, str]] = {}
    for case, *next_one in tasks.order_by().union(steps.order_by(), all=True):
        due, step = next_one
        found[case] = min((due, step), found.get(case, _NOTHING))
    return found


@lru_cache(maxsize=8)
def _mark(pack: Pack) -> str:
    """A short digest of everything that decides which steps are due: the same in every process."""
    return mark_of(RULES, Calendar.of(pack), list(happenings.procedure_of(pack)))
