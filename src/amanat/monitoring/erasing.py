"""What an erasure takes away of a child: all that this room keeps of it."""

from __future__ import annotations

from amanat.monitoring.models import Closing, FollowUp, HandOver, Outcomes, Signature, Signs, Solution, Try
from amanat.vault.erasing import Erasing


def erase(erasing: Erasing) -> None:
    for model in (Signature, HandOver, Try, Solution, FollowUp, Outcomes, Signs, Closing):
        rows = model._default_manager.filter(subject__in=erasing.subjects)
        erasing.refs.update(rows.values_list("pk", flat=True))
        rows.delete()
