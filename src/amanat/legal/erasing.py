"""What an erasure takes away of a child: all legal help. A calendar feed is its worker's and names nobody."""

from __future__ import annotations

from amanat.legal.models import (
    Detention,
    Evidence,
    Handing,
    Hearing,
    HoldAsked,
    LegalDue,
    Proceeding,
    RightRecord,
    Ruling,
)
from amanat.vault.erasing import Erasing
from amanat.vault.models import SealedModel


def erase(erasing: Erasing) -> None:
    of_these = {"subject__in": erasing.subjects}
    named: tuple[type[SealedModel], ...] = (Proceeding, Hearing, Evidence)
    for model in named:
        erasing.refs.update(model._default_manager.filter(**of_these).values_list("pk", flat=True))
    LegalDue.objects.filter(proceeding__subject__in=erasing.subjects).delete()
    Ruling.objects.filter(**of_these).exclude(takes_back=None).delete()  # those that take another back go first
    rows: tuple[type[SealedModel], ...] = (
        Handing,
        Evidence,
        Hearing,
        Ruling,
        Proceeding,
        Detention,
        RightRecord,
        HoldAsked,
    )
    for model in rows:
        model._default_manager.filter(**of_these).delete()
