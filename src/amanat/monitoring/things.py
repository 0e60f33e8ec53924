"""What in the system stands behind a condition: a recorded form, a line of the timeline, the record of the hand-over, a document."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Subquery
from django.urls import reverse

from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases.models import Attachment, Case, Event
from amanat.cases.shown import case_of
from amanat.forms.models import Record
from amanat.monitoring import hand_overs
from amanat.monitoring.pack import Item


@dataclass(frozen=True)
class Things:
    """What is there on one case. `held`: by condition the number of a record, how many lines of the timeline, the id of the record of
    the hand-over, or the part of a document; `documents`: by condition the id of the one that was chosen.
    """

    file: File
    held: Mapping[str, Any] = field(default_factory=dict)
    documents: Mapping[str, str] = field(default_factory=dict)

    def are_behind(self, item: Item) -> bool | None:
        """Whether what this condition asks for is there; None where it asks for nothing but words."""
        if item.event:
            return (self.held.get(item.name) or 0) >= item.times
        return self.held.get(item.name) is not None if item.form or item.record or item.document else None

    def may_open_document(self, item: Item) -> bool:
        part = self.held.get(item.name)
        return part is not None and self.file.sees(Part(part))

    def link(self, item: Item) -> str:
        """Where it can be opened, or made where it is not there yet."""
        case, held = case_of(self.file), self.held.get(item.name)
        if item.form and held is not None:
            return reverse("cases.record", args=[case.pk, held])
        if item.form:
            return reverse("cases.fill_form", args=[case.pk, item.form])
        if item.record:
            return reverse("monitoring.hand_over", args=[case.pk])
        if item.document and self.may_open_document(item):
            return reverse("cases.attachment", args=[uuid.UUID(self.documents[item.name])])
        return f"{case.get_absolute_url()}?section={item.section}" if item.section else ""


def asked_beside(case: Case, items: Sequence[Item]) -> dict[str, Any]:
    """What another query of the case asks along of these conditions: all that needs no document to be chosen."""
    asked = ((place, _rows(case, item, "")) for place, item in enumerate(items))
    return {f"beside_{place}": Subquery(rows[:1]) for place, rows in asked if rows is not None}


def told_beside(row: Any, items: Sequence[Item]) -> dict[str, Any]:
    """What was asked along with this row (`asked_beside`), by condition."""
    names = {f"beside_{place}": item.name for place, item in enumerate(items)}
    return {name: getattr(row, key) or None for key, name in names.items() if hasattr(row, key)}


def behind(
    file: File,
    items: Iterable[Item],
    documents: Mapping[str, str] | None = None,
    told: Mapping[str, Any] | None = None,
) -> Things:
    """Of these conditions, with these documents by condition: one query, none where everything was `told` beside another. That something
    is there is asked whatever the actor sees of it."""
    case, chosen, held = case_of(file), dict(documents or {}), dict(told or {})
    unknown = [item for item in items if item.name not in held]
    asked = {item.name: rows for item in unknown if (rows := _rows(case, item, chosen.get(item.name, ""))) is not None}
    names = {f"thing_{place}": name for place, name in enumerate(asked)}
    if not asked:
        return Things(file, held, chosen)
    found = Case.objects.annotate(**{key: Subquery(asked[name][:1]) for key, name in names.items()})
    row = found.values(*names).get(pk=case.pk)
    return Things(file, held | {name: row[key] or None for key, name in names.items()}, chosen)


def _rows(case: Case, item: Item, document: str) -> Any:
    """What is asked for, as rows of one value."""
    if item.form:  # that somebody recorded about the child, and nobody has to look through
        rows = Record.objects.filter(subject=case.subject_id, needs_review=False, form_version__form__name=item.form)
        return rows.order_by("-number").values("number")
    if item.event:
        lines = Event.objects.filter(case=case, kind=item.event).order_by()
        return lines.values("case").annotate(lines=Count("pk")).values("lines")
    if item.record:
        return hand_overs.since_admission(case).order_by("-at", "-id").values("pk")
    if item.document and document:
        return Attachment.objects.filter(case=case, pk=document).values("part")
    return None
