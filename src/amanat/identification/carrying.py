"""What a case that comes out of a matter takes along: screenings and what is known of the age, sealed anew; the matter keeps its own."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from amanat.access.actor import Actor
from amanat.access.files import File, open_file
from amanat.access.models import FileRow
from amanat.access.policy import Part
from amanat.cases.actions.marking import mark
from amanat.cases.models import Case, EventKind
from amanat.identification.age import Kind
from amanat.identification.models import AgeRecord, Screening


def carry(source: FileRow, case: Case, actor: Actor, since: datetime | None) -> None:
    """Within the verb that opens the case. Authors and times stay what they were; each line of the timeline is of now."""
    file = open_file(actor, source)
    if file.sees(Part.SCREENING):
        fresh = {"subject": source.subject_id} | ({"written_at__gt": since} if since else {})
        _carry_screenings(file, case, Screening.objects.filter(**fresh))
        _carry_age(file, case, AgeRecord.objects.filter(**fresh))


def _carry_screenings(file: File, case: Case, rows: QuerySet[Screening]) -> None:
    series: dict[uuid.UUID, uuid.UUID] = {}
    for row in rows.order_by("written_at", "version"):
        content = _opened(file, row)
        Screening.objects.create(
            subject=case.subject,
            part=Part.FACTS,
            series=series.setdefault(row.series, uuid.uuid4()),
            version=row.version,
            newest=row.newest,
            author_id=row.author_id,
            happened_at=row.happened_at,
            written_at=row.written_at,
            content=content,
        )
        if row.newest:
            mark(case, EventKind.SCREENED, file.actor, part=Part.FACTS, indicators=content["title"])


def _carry_age(file: File, case: Case, rows: QuerySet[AgeRecord]) -> None:
    for row in rows.order_by("written_at", "id"):
        content = _opened(file, row)
        AgeRecord.objects.create(
            subject=case.subject,
            part=Part.FACTS,
            author_id=row.author_id,
            written_at=row.written_at,
            content=content,
        )
        known_by = "" if content["kind"] == Kind.DOUBT else content["kind"]
        mark(case, EventKind.AGE_RECORDED, file.actor, part=Part.FACTS, known_by=known_by, text=content["reasons"])


def _opened(file: File, row: Screening | AgeRecord) -> dict[str, Any]:
    row.subject = file.row.subject
    content: dict[str, Any] = file.open(row, "content")
    return content | {"from_call": True}
