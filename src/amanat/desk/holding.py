"""Legal holds: whether one stands, and what an erasure takes away of them."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db.models import QuerySet

from amanat.access.actor import Actor
from amanat.access.files import not_kept_out
from amanat.desk.models import Due, Erasure, ErasureState, Hold
from amanat.vault.erasing import Erasing


def standing(subject: uuid.UUID) -> QuerySet[Hold]:
    """The holds that stand on a file, the oldest first."""
    rows = Hold.objects.filter(subject=subject, lifted_at=None)
    return rows.select_related("placed_by__user", "placed_by__agency").order_by("placed_at", "id")


def holds(actor: Actor) -> QuerySet[Hold]:
    """All that stand, but those on files that the actor is kept out of."""
    rows = not_kept_out(actor, Hold.objects.filter(lifted_at=None))
    return rows.select_related("placed_by__user", "placed_by__agency")


def kept(subjects: Collection[uuid.UUID]) -> set[uuid.UUID]:
    """Those that nothing may erase by itself: a hold stands, or two people are deciding on them."""
    held = Hold.objects.filter(subject__in=subjects, lifted_at=None).values_list("subject", flat=True)
    asked = Erasure.objects.filter(subject__in=subjects, state=ErasureState.WAITING).values_list("subject", flat=True)
    return {*held, *asked}


def erase(erasing: Erasing) -> None:
    """Holds (where one still stands, only the replay of an erasure from before it comes here) and the line in the report."""
    for model in (Hold, Due):
        model._default_manager.filter(subject__in=erasing.subjects).delete()
