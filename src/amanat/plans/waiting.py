"""Drafts that wait for a supervisor: whoever could be asked agreed, and only the leave to come into force without the others is
missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import ngettext_lazy

from amanat.access.actor import Actor
from amanat.access.files import open_files, visible_to
from amanat.access.pages import Request
from amanat.access.policy import Verb
from amanat.cases.models import Case, Stage
from amanat.cases.shown import Line, name_of
from amanat.plans.models import Plan, PlanRow, PlanState
from amanat.plans.reading import Standing
from amanat.web.day import Counted, Tile
from amanat.web.paging import count_text

OF_A_CASE = ("case__subject", "case__child", "case__agency")


@dataclass(frozen=True)
class Waiting:
    plan: Plan
    line: Line


def waits(standing: Standing) -> bool:
    """Whether the draft of a case does. A text that was changed since is asked about once more first. No query."""
    draft = standing.draft
    if draft is None or draft.waits_since is None:
        return False
    return all(row.changed_at <= draft.waits_since for row in standing.rows)


def of(actor: Actor) -> QuerySet[Plan]:
    """Of the agency of the actor, as far as they may know of the file."""
    changed = PlanRow.objects.filter(case=OuterRef("case"), changed_at__gt=OuterRef("waits_since"))
    cases = visible_to(actor, Case.objects.filter(agency=actor.membership.agency_id))
    rows = Plan.objects.filter(
        state=PlanState.DRAFT, waits_since__isnull=False, case__in=cases.exclude(stage=Stage.CLOSED)
    )
    return rows.filter(~Exists(changed))


def listed(request: Request, plans: Sequence[Plan]) -> list[Waiting]:
    """Each with its child's line, opened for the actor and noted as looked at."""
    files = open_files(request.actor, [plan.case for plan in plans])
    request.files.extend(files)
    return [Waiting(plan, Line(file, name_of(file))) for plan, file in zip(plans, files, strict=True)]


def to_allow(actor: Actor) -> Counted | None:
    """On the day of a supervisor."""
    if not actor.may(Verb.LOOK_BOARD):
        return None

    def tile(count: int) -> Tile | None:
        told = ngettext_lazy("plan to allow", "plans to allow", count)
        return Tile(count_text(count), told, "flag", "plans.to_allow", kind="accent") if count else None

    return Counted(of(actor).values("pk"), tile)
