"""Lists over files: follow-ups that are one's own to hold, closings that wait for a supervisor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from amanat.access.actor import Actor
from amanat.access.files import open_files, visible_to
from amanat.access.models import Grant
from amanat.access.pages import Request
from amanat.access.policy import CIRCLE
from amanat.cases.models import Case, Stage
from amanat.cases.shown import Line, name_of
from amanat.monitoring import pack
from amanat.monitoring.models import Closing, ClosingState, FollowUp

OF_A_CASE = ("case__subject", "case__child", "case__agency")


@dataclass(frozen=True)
class Listed:
    row: Any
    line: Line

    @property
    def title(self) -> str:
        return pack.named("follow_up", self.row.name) if self.row.name else ""


def mine(actor: Actor) -> QuerySet[FollowUp]:
    """What is still to be held on files in whose circle the actor stands."""
    places = Grant.objects.active(actor.now).filter(membership__in=actor.stands_for, relation__in=CIRCLE)
    cases = visible_to(actor, Case.objects.filter(subject__in=places.values("subject")))
    return FollowUp.objects.filter(over_at=None, case__in=cases.exclude(stage=Stage.CLOSED))


def to_approve(actor: Actor) -> QuerySet[Closing]:
    cases = visible_to(actor, Case.objects.filter(agency=actor.membership.agency_id))
    return Closing.objects.filter(state=ClosingState.ASKED, case__in=cases)


def listed(request: Request, rows: Sequence[Any]) -> list[Listed]:
    """Each with its child's line, opened for the actor and noted as looked at."""
    files = open_files(request.actor, [row.case for row in rows])
    request.files.extend(files)
    return [Listed(row, Line(file, name_of(file))) for row, file in zip(rows, files, strict=True)]
