"""What an erasure takes away of a child: what this room keeps of its plan."""

from __future__ import annotations

from amanat.plans.models import Agreement, Comment, FormerRow, FrozenPlan, Plan, PlanRow, Report, Review, RowKind
from amanat.vault.erasing import Erasing


def erase(erasing: Erasing) -> None:
    of_these = {"subject__in": erasing.subjects}
    for named in (Plan, PlanRow, Comment):
        erasing.refs.update(named._default_manager.filter(**of_these).values_list("pk", flat=True))
    for model in (Review, Report, Agreement, Comment, FormerRow, FrozenPlan, Plan):
        model._default_manager.filter(**of_these).delete()
    rows = PlanRow.objects.filter(**of_these)
    for kind in (
        RowKind.ACTIVITY,
        RowKind.OBJECTIVE,
        RowKind.NEED,
        RowKind.WHOLE,
    ):  # what stands under another goes first
        rows.filter(kind=kind).delete()
