"""What an erasure takes away of a child's file: all of it. What several children share stays while one of them is left."""

from __future__ import annotations

import uuid

from django.db.models import Q

from amanat.cases.models import (
    Alert,
    Attachment,
    Case,
    Child,
    DueStep,
    Event,
    FormerValue,
    PersonAround,
    SharedNote,
    Sheet,
    Task,
)
from amanat.vault.erasing import Erasing
from amanat.vault.models import SealedModel


def erase(erasing: Erasing) -> None:
    """Rows that point to others of them go first. The cases are locked before: who is writing into one comes first, or finds none."""
    of_these = {"subject__in": erasing.subjects}
    list(Case.objects.select_for_update().filter(**of_these).order_by("pk").values_list("pk"))
    attached = Attachment.objects.filter(**of_these).values_list("original", "working_copy")
    erasing.files.update(file for pair in attached for file in pair if file)
    named: tuple[type[SealedModel], ...] = (Case, Task, Attachment, Alert, PersonAround)
    for model in named:
        erasing.refs.update(model._default_manager.filter(**of_these).values_list("pk", flat=True))
    events = Event.objects.filter(**of_these)
    shared = set(events.exclude(shared=None).values_list("shared", flat=True))
    families = set(Child.objects.filter(**of_these).exclude(family=None).values_list("family", flat=True))
    DueStep.objects.filter(case__subject__in=erasing.subjects).delete()
    rows: tuple[type[SealedModel], ...] = (FormerValue, Event, Task, Attachment, Alert, PersonAround, Case)
    for model in rows:
        model._default_manager.filter(**of_these).delete()
    Sheet.objects.filter(child__subject__in=erasing.subjects).delete()
    Child.objects.filter(**of_these).delete()
    _what_nobody_shares(erasing, shared, families)


def _what_nobody_shares(erasing: Erasing, shared: set[uuid.UUID], families: set[uuid.UUID]) -> None:
    """A note about several children goes with the last of them, and so does what stands for a family."""
    notes = SharedNote.objects.filter(Q(pk__in=shared) | Q(subject__in=erasing.subjects), events=None)
    erasing.with_them.update(notes.values_list("subject", flat=True))
    notes.delete()
    left = set(Child.objects.filter(family__in=families).values_list("family", flat=True))
    erasing.with_them.update(families - left)
