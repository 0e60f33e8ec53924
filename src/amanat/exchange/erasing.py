"""What an erasure takes away of imports: the mark of the row that made a child's file, and every import in which the child stands."""

from __future__ import annotations

import uuid

from django.db.models import Count, Max

from amanat.cases.models import Case
from amanat.exchange import keeping
from amanat.exchange.digests import NOBODY
from amanat.exchange.models import BundleSheet, Import, ImportedRow
from amanat.vault.erasing import Erasing, Unsearched


def erase(erasing: Erasing) -> None:
    """Of a bundle of papers the child's own goes; what others' papers say stays.

    An import is a file of others with many children in it, so that it goes as a whole; who brought it can bring another.

    Rows that nobody has read yet are not looked into: `unread` tells of them.
    """
    BundleSheet.objects.filter(case__subject__in=erasing.subjects).delete()
    made = ImportedRow.objects.filter(subject__in=erasing.subjects)
    digests = {bytes(digest) for pair in made.values_list("row", "who") for digest in pair} - {NOBODY}
    cases = Case.objects.filter(subject__in=erasing.subjects).values_list("pk", flat=True)
    told = {case.hex for case in cases}, {digest.hex() for digest in digests}
    for held in Import.objects.select_for_update(of=("self",)).select_related("subject").order_by("pk"):
        is_open = bool(held.subject.wrapped_key)  # else it was erased itself, or came out of a backup without its key
        if held.subject_id in erasing.subjects or (is_open and keeping.is_about(held, *told)):
            erasing.files.add(held.file)
            erasing.with_them.add(held.subject_id)
            erasing.refs.add(held.pk)
            keeping.take_away(held)
    made.delete()


def unread(agency: uuid.UUID) -> Unsearched | None:
    """Files that workers of an agency brought and that were not read to their end; each goes 30 days after it came."""
    told = Import.objects.filter(by__agency=agency, whole=False).aggregate(count=Count("pk"), last=Max("received_at"))
    return Unsearched(told["count"], told["last"] + keeping.KEPT) if told["count"] else None
