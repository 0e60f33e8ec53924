"""A record of a form as its page shows it: the answers by screen, those of parts that the actor sees, and who corrected them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from amanat import packs
from amanat.access.actor import Actor
from amanat.access.files import File, open_file
from amanat.access.labels import PART_LABELS
from amanat.access.policy import Part, Verb
from amanat.cases import documents, form_filling
from amanat.cases.models import Case
from amanat.cases.shown import Text, case_of, spoken
from amanat.forms import kept, screens
from amanat.forms.faulty import FaultyForm
from amanat.forms.kept import Offered
from amanat.forms.model import MEDIA, Answered, Heading, Shown
from amanat.forms.models import Form, FormVersion, Record
from amanat.forms.records import Reading, language_for, records_of, versions_about
from amanat.packs.codes import CODES


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


@dataclass(frozen=True)
class FormGroup:
    """Forms of one phase of assistance. `title` is "" where no form names a group."""

    title: str
    forms: list[Fillable]

    @property
    def is_begun(self) -> bool:
        return any(form.begun for form in self.forms)


def section(file: File) -> dict[str, Any]:
    """The context of the section of the file page: what was filled in, and what can be."""
    return {
        "records": [Filled(record, title_of(record), more) for record, more in records_of(file)],
        "form_groups": grouped(fillable(file)),
        "may_fill": file.may(Verb.FORM_RECORD),
        "may_export": file.may(Verb.CASE_EXPORT),
    }


def title_of(record: Record) -> str:
    return record.form_version.label.text() or record.form_version.form.name


def form_rows(file: File) -> QuerySet[Form]:
    return form_filling.with_begun(file.actor, f"{case_of(file).get_absolute_url()}/forms/")


def fillable(file: File, rows: Sequence[Form] | None = None) -> list[Fillable]:
    """The forms of which the actor writes a part. `rows`: `form_rows`, where somebody has them already."""
    if not file.may(Verb.FORM_RECORD):
        return []
    case, rows = case_of(file), list(form_rows(file)) if rows is None else rows
    begun = {row.name for row in rows if row.is_begun}  # type: ignore[attr-defined]
    forms = [form for form in kept.published(rows) if any(file.writes(part) for part in form.parts)]
    return [Fillable(form, reverse("cases.fill_form", args=[case, form.name]), form.name in begun) for form in forms]


def grouped(forms: Sequence[Fillable]) -> list[FormGroup]:
    """In the order of the pack's list of groups; what names none of them comes last."""
    parts = packs.current().part(CODES)
    known = dict(parts["form_group"].choices()) if "form_group" in parts else {}
    by_group: dict[str, list[Fillable]] = {code: [] for code in (*known, "")}
    for form in forms:
        by_group[form.form.group if form.form.group in known else ""].append(form)
    others = str(_("Other forms")) if any(by_group[code] for code in known) else ""
    return [FormGroup(known.get(code, others), some) for code, some in by_group.items() if some]


def record_context(file: File, reading: Reading) -> dict[str, Any]:
    """What a record says, for its page and for paper."""
    record, version = reading.record, reading.form_version
    form = kept.form_of(version)
    language = language_for(form, record.language)
    return source_of(version) | {
        "record": record,
        "version": version,
        "form_title": form.title(language) or version.form.name,
        "form_language": language,
        "written_in": language_name(record.language),
        "groups": groups_of(reading),
        "scored": reading.scored,
        "left_over": reading.left_over,
        "has_more": reading.has_more,
        "versions": [(one, [PART_LABELS[part] for part in one.parts]) for one in reading.versions],
    }


def source_of(version: FormVersion) -> dict[str, Any]:
    return {"facts": version.facts, "verified": kept.is_verified(version.facts)}


def page_context(file: File, reading: Reading, former: str) -> dict[str, Any]:
    """What the page of a record has besides: what its reader may do, what the last correction changed, what does not hold."""
    record = reading.record
    may = not former and file.may(Verb.FORM_CORRECT) and any(reading.writes(part) for part in reading.rows)
    shown = int(former) if former.isdecimal() else record.version
    doubts = [(one, screens.slug_of(one.screen)) for one in reading.doubts] if record.needs_review else []
    return {
        "former": former,
        "may_correct": may,
        "may_export": file.may(Verb.CASE_EXPORT),
        "newer": may and _is_newer(record),
        "changes": reading.changes(shown) if 1 < shown <= record.version else [],
        "shown_version": shown,
        "doubts": doubts,
    }


def language_name(code: str) -> str:
    """A language of a record in the words of the page; its code where Django has no name for it."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def forms_to_bring_out(actor: Actor, cases: QuerySet[Case]) -> list[tuple[str, str]]:
    """The forms of which these children, whose case manager the actor is, have records of which they see something: name and title."""
    if not (first := cases[:1]):
        return []
    file = open_file(actor, first[0])
    found = {
        version.form.name: version.label.text() or version.form.name
        for version in versions_about(cases.values("subject"))
        if any(file.sees(part) for part in kept.as_parts(version.parts))
    }
    return sorted(found.items(), key=lambda one: one[1].casefold())


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
