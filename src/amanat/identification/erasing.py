"""What an erasure takes away of a child or a matter: what this room keeps of it."""

from __future__ import annotations

from amanat.identification.models import AgeRecord, Screening, Statement
from amanat.vault.erasing import Erasing


def erase(erasing: Erasing) -> None:
    of_these = {"subject__in": erasing.subjects}
    erasing.refs.update(Screening.objects.filter(**of_these).values_list("pk", flat=True))
    statements = Statement.objects.filter(**of_these)
    erasing.refs.update(statements.values_list("pk", flat=True))
    statements.exclude(about=None).delete()  # those that answer another go first
    for model in (Screening, AgeRecord, Statement):
        model._default_manager.filter(**of_these).delete()
