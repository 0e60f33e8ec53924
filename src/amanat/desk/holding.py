"""Legal holds: whether one stands, and what an erasure takes away of them."""

from __future__ import annotations

import uuid

from django.db.models import QuerySet

from amanat.access.actor import Actor
from amanat.access.files import not_kept_out
from amanat.desk.models import Due, Hold
from amanat.vault.erasing import Erasing


def standing(subject: uuid.UUID) -> QuerySet[Hold]:
    """The holds that stand on a child's file, the oldest first."""
    rows = Hold.objects.filter(subject=subject, lifted_at=None)
    return rows.select_related("placed_by__user", "placed_by__agency").order_by("placed_at", "id")


def holds(actor: Actor) -> QuerySet[Hold]:
    """All that stand, but those on files that the actor is kept out of."""
    rows = not_kept_out(actor, Hold.objects.filter(lifted_at=None))
    return rows.select_related("placed_by__user", "placed_by__agency")


def erase(erasing: Erasing) -> None:
    """Holds (where one still stands, only the replay of an erasure from before it comes here) and the line in the report."""
    for model in (Hold, Due):
        model._default_manager.filter(subject__in=erasing.subjects).delete()
