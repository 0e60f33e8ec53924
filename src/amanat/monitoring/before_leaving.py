"""What of the way home is not ready while a child is about to leave a centre. That it is so is said whatever the actor sees of it."""

from __future__ import annotations

from django.utils.translation import gettext as _

from amanat.access.files import File
from amanat.cases.models import Case
from amanat.cases.shown import case_of
from amanat.monitoring.hand_overs import since_admission
from amanat.monitoring.models import Solution, SolutionState


def not_ready(file: File) -> list[str]:
    case = case_of(file)
    return [] if case.is_closed else [*_of_solution(case), *_of_record(case)]


def _of_solution(case: Case) -> list[str]:
    state = Solution.objects.filter(case=case).order_by("-version").values_list("state", flat=True).first()
    return [] if state == SolutionState.DECIDED else [_("No durable solution is decided for this child.")]


def _of_record(case: Case) -> list[str]:
    newest = since_admission(case).order_by("-at", "-id").first()
    if newest is None:
        return [_("No record of handing the child over is written.")]
    return [] if newest.signed_at else [_("The record of handing the child over is not signed.")]
