"""What an erasure takes away of the policy's own tables, and of drafts: also those typed on a page whose address names the file."""

from __future__ import annotations

import re
import uuid

from django.db.models import Model

from amanat.access.models import Conflict, Consent, Draft, EmergencyAccess, Grant, Reveal, WithdrawalNotice
from amanat.vault.erasing import Erasing
from amanat.vault.models import SealedModel, SubjectKind

REFERENCE = re.compile(r"[0-9a-f]{32}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def erase(erasing: Erasing) -> None:
    """Rows that point to others of them go first."""
    named: tuple[type[SealedModel], ...] = (Consent, Conflict, EmergencyAccess)
    for model in named:
        erasing.refs.update(model._default_manager.filter(subject__in=erasing.subjects).values_list("pk", flat=True))
    WithdrawalNotice.objects.filter(consent__subject__in=erasing.subjects).delete()
    rows: tuple[type[Model], ...] = (Grant, Consent, Conflict, EmergencyAccess, Reveal)
    for about in rows:
        about._default_manager.filter(subject__in=erasing.subjects).delete()
    _drafts(erasing)


def _drafts(erasing: Erasing) -> None:
    found = [
        (pk, subject)
        for pk, subject, kind, page in Draft.objects.values_list("pk", "subject", "subject__kind", "page")
        if subject in erasing.subjects or (kind == SubjectKind.DRAFT and not erasing.refs.isdisjoint(_named(page)))
    ]
    Draft.objects.filter(pk__in=[pk for pk, _subject in found]).delete()
    erasing.with_them.update(subject for _pk, subject in found)


def _named(page: str) -> set[uuid.UUID]:
    """The references in an address."""
    return set(map(uuid.UUID, REFERENCE.findall(page)))
