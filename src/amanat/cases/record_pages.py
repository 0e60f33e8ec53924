"""A record of a form as its page shows it: the answers by screen, those of parts that the actor sees, and who corrected them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.urls import reverse

from amanat.access.files import File
from amanat.access.labels import PART_LABELS
from amanat.access.policy import Part, Verb
from amanat.cases import documents, form_filling
from amanat.cases.shown import Text, case_of, spoken
from amanat.forms import kept
from amanat.forms.faulty import FaultyForm
from amanat.forms.kept import Offered
from amanat.forms.model import MEDIA, Answered, Heading, Shown
from amanat.forms.models import Record
from amanat.forms.records import Reading, language_for, records_of


@dataclass(frozen=True)
class Told:
    """An answer to read; `document` where it is a file."""

    asked: str
    text: Text
    document: uuid.UUID | None = None


@dataclass
class Group:
    """What was answered under one heading."""

    title: str
    told: list[Told] = field(default_factory=list)


@dataclass(frozen=True)
class Filled:
    """A record in the list of a file."""

    record: Record
    title: str
    has_more: bool


@dataclass(frozen=True)
class Fillable:
    """A form that the actor can fill in; `begun` where they did and have not finished."""

    form: Offered
    href: str
    begun: bool


def section(file: File) -> dict[str, Any]:
    """The context of the section of the file page: what was filled in, and what can be."""
    return {
        "records": [Filled(record, title_of(record), more) for record, more in records_of(file)],
        "fillable": fillable(file),
        "may_export": file.may(Verb.CASE_EXPORT),
    }


def title_of(record: Record) -> str:
    return record.form_version.label.text() or record.form_version.form.name


def fillable(file: File) -> list[Fillable]:
    """The forms of which the actor writes a part."""
    if not file.may(Verb.FORM_RECORD):
        return []
    case = case_of(file)
    rows = list(form_filling.with_begun(file.actor, f"{case.get_absolute_url()}/forms/"))
    begun = {row.name for row in rows if row.is_begun}  # type: ignore[attr-defined]
    forms = [form for form in kept.published(rows) if any(file.writes(part) for part in form.parts)]
    return [Fillable(form, reverse("cases.fill_form", args=[case, form.name]), form.name in begun) for form in forms]


def record_context(file: File, reading: Reading) -> dict[str, Any]:
    record = reading.record
    may = file.may(Verb.FORM_CORRECT) and any(reading.writes(part) for part in reading.rows)
    version = reading.form_version
    language = language_for(kept.form_of(version), record.language)
    return {
        "record": record,
        "version": version,
        "form_title": kept.form_of(version).title(language) or version.form.name,
        "groups": groups_of(reading),
        "scores": reading.scores,
        "left_over": reading.left_over,
        "has_more": reading.has_more,
        "versions": [(one, [PART_LABELS[part] for part in one.parts]) for one in reading.versions],
        "may_correct": may,
        "newer": may and _is_newer(record),
        "facts": version.facts,
        "verified": kept.is_verified(version.facts),
    }


def _is_newer(record: Record) -> bool:
    """Whether another version of the form is offered now than the one the record has."""
    try:
        return kept.current(record.form_version.form.name).pk != record.form_version_id
    except (kept.NoForm, FaultyForm):
        return False


def groups_of(reading: Reading) -> list[Group]:
    """The answers under the titles of their screens and of what repeats."""
    answers = {answer.path: answer for answer in reading.answers}
    groups: list[Group] = []
    for screen in reading.filling.screens():
        groups.append(Group(screen.title))
        for item in screen.items:
            if isinstance(item, Heading) and item.number:
                groups.append(Group(f"{item.label} {item.number}"))
            elif isinstance(item, Shown) and item.path in answers and answers[item.path].label:
                groups[-1].told.append(_told(answers[item.path]))
    return [group for group in groups if group.told]


def _told(answer: Answered) -> Told:
    document = documents.answered(answer.value) if answer.question.kind in MEDIA else None
    return Told(answer.asked, spoken(answer.label), document)


def closed_part(reading: Reading) -> Part:
    """The part to name where the actor sees none of a record."""
    return next(iter(reading.rows), Part.FACTS)
