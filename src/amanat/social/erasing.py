"""What an erasure takes away of a child: all that this room keeps of it. Sums of budgets stay: no child stands behind them."""

from __future__ import annotations

from amanat.social.models import FamilyStep, Help, Spending, Tie
from amanat.vault.erasing import Erasing


def erase(erasing: Erasing) -> None:
    of_these = {"subject__in": erasing.subjects}
    for model in (FamilyStep, Spending, Tie, Help):
        erasing.refs.update(model._default_manager.filter(**of_these).values_list("pk", flat=True))
    FamilyStep.objects.filter(**of_these).exclude(about=None).delete()  # those that answer another go first
    for model in (Spending, Help):
        model._default_manager.filter(**of_these).exclude(takes_back=None).delete()
    for model in (FamilyStep, Spending, Tie, Help):
        model._default_manager.filter(**of_these).delete()
