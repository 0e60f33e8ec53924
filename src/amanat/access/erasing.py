"""What an erasure takes away of the policy's own tables, and of drafts: also those typed on a page whose address names the file, and
those about several children that name it among them."""

from __future__ import annotations

import re
import uuid

from django.db.models import Model

from amanat.access.models import Conflict, Consent, Draft, EmergencyAccess, Grant, Reveal, WithdrawalNotice
from amanat.vault.erasing import Erasing
from amanat.vault.models import SealedModel, SubjectKind
from amanat.vault.sealing import open_sealed

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
    Draft.objects.filter(subject__in=erasing.subjects).delete()
    apart = Draft.objects.filter(subject__kind=SubjectKind.DRAFT).select_related("subject")
    found = [one for one in apart if not erasing.refs.isdisjoint(_named(one))]
    Draft.objects.filter(pk__in=[one.pk for one in found]).delete()
    erasing.with_them.update(one.subject_id for one in found)


def _named(draft: Draft) -> set[uuid.UUID]:
    """The references in the address of its page, and in what was chosen and named there."""
    has_key = bool(draft.subject.wrapped_key)  # without one it opens to nobody any more
    typed = (open_sealed(draft, "body") or "") if has_key else ""
    return set(map(uuid.UUID, REFERENCE.findall(f"{draft.page} {typed}")))
