"""Who is writing in the plan just now: advice only, the version check decides. What somebody types is kept as a draft within two
seconds; whose draft of a row is younger than half a minute is at it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

from amanat.access.files import File
from amanat.access.models import Draft
from amanat.cases.shown import case_of
from amanat.plans.voices import are_open

EXPIRES: Final = timedelta(seconds=30)
_ROW: Final = re.compile(r"/plan/(?:rows/|needs/)?([0-9a-f-]{36})")


def writing(file: File) -> Mapping[str, Sequence[str]]:
    """By the reference of a row: the names of colleagues who are typing in it, or under it. One query."""
    if not are_open(file):
        return {}
    rows = Draft.objects.filter(
        subject=file.row.subject_id, page__startswith=f"{case_of(file).get_absolute_url()}/plan/"
    )
    rows = rows.filter(saved_at__gt=file.actor.now - EXPIRES).exclude(author=file.actor.user)
    found: dict[str, set[str]] = defaultdict(set)
    for page, name in rows.values_list("page", "author__display_name"):
        if told := _ROW.search(page):
            found[told[1].replace("-", "")].add(name)
    return {ref: sorted(names) for ref, names in found.items()}
