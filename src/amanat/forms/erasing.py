"""What an erasure takes away of what was filled in: all records of the child. The forms themselves say nothing of anybody."""

from __future__ import annotations

from amanat.forms.models import Answers, Record
from amanat.vault.erasing import Erasing


def erase(erasing: Erasing) -> None:
    erasing.refs.update(Record.objects.filter(subject__in=erasing.subjects).values_list("pk", flat=True))
    Answers.objects.filter(subject__in=erasing.subjects).delete()
    Record.objects.filter(subject__in=erasing.subjects).delete()
