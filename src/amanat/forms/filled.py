"""How many records there are under what a form asks. By the versions that were filled in: no answer is opened for it."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Count

from amanat.forms.differing import questions_in
from amanat.forms.models import FormVersion
from amanat.forms.workbooks import read_workbook
from amanat.packs.differences import Thing

Asked = tuple[frozenset[str], int]
"""The names of the questions of a version, and how many records were last written with it."""


def versions(*names: str) -> dict[str, list[Asked]]:
    """Of each of these forms its versions that were filled in."""
    filled = FormVersion.objects.filter(form__name__in=names).annotate(filled=Count("records")).filter(filled__gt=0)
    found: dict[str, list[Asked]] = {name: [] for name in names}
    for version in filled.select_related("form").only("source", "source_name", "form__name"):
        questions = questions_in(read_workbook(version.source_name, bytes(version.source)))
        found[version.form.name].append((frozenset(questions), version.filled))
    return found


def count(things: Collection[Thing]) -> dict[Thing, int]:
    """Records that were last written with a version of a form which asks a question, answered or not. One query."""
    known = versions(*{name for name, _question in things})
    return {
        (name, question): sum(records for asked, records in known[name] if not question or question in asked)
        for name, question in things
    }
