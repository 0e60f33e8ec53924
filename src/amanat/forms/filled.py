"""How many records there are under what a form asks. By the versions that were filled in: no answer is opened for it."""

from __future__ import annotations

from django.db.models import Count

from amanat.forms.differing import questions_in
from amanat.forms.models import FormVersion
from amanat.forms.workbooks import read_workbook


def versions(name: str) -> list[tuple[frozenset[str], int]]:
    """Of each version of a form that was filled in the names of its questions, and how many records were last written with it."""
    filled = FormVersion.objects.filter(form__name=name).annotate(filled=Count("records")).filter(filled__gt=0)
    return [
        (frozenset(questions_in(read_workbook(version.source_name, bytes(version.source)))), version.filled)
        for version in filled.only("source", "source_name")
    ]


def count(name: str, question: str) -> int:
    """Records that were last written with a version which asks a question, answered or not."""
    return sum(records for asked, records in versions(name) if question in asked)
