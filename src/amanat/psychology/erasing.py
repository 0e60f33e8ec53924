"""What an erasure takes away of a child: all that this room keeps. A group goes with the last child that took part."""

from __future__ import annotations

from amanat.psychology.models import (
    CrisisContact,
    GoalStep,
    GroupPart,
    GroupSession,
    OwnGoal,
    ProcessNote,
    Session,
    SessionReport,
)
from amanat.vault.erasing import Erasing
from amanat.vault.models import SealedModel


def erase(erasing: Erasing) -> None:
    """Rows that point to others of them go first."""
    of_these = {"subject__in": erasing.subjects}
    for named in (Session, CrisisContact, GroupPart):
        erasing.refs.update(named._default_manager.filter(**of_these).values_list("pk", flat=True))
    shared = set(GroupPart.objects.filter(**of_these).values_list("shared", flat=True))
    rows: tuple[type[SealedModel], ...] = (
        ProcessNote,
        GoalStep,
        OwnGoal,
        SessionReport,
        Session,
        GroupPart,
        CrisisContact,
    )
    for model in rows:
        model._default_manager.filter(**of_these).delete()
    groups = GroupSession.objects.filter(pk__in=shared, parts=None)
    erasing.with_them.update(groups.values_list("subject", flat=True))
    groups.delete()
