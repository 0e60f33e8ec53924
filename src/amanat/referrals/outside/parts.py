"""The parts of a file that go along in a packet, as they are read on paper and by another program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from django.utils import timezone
from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.files import File
from amanat.access.labels import PART_LABELS
from amanat.access.policy import PARTS, Level, Part, Relation
from amanat.cases import facts, own_sections, record_pages, timeline
from amanat.cases.fact_sections import facts_of
from amanat.cases.htcds import together
from amanat.cases.models import EventKind
from amanat.cases.own_sections import Fact
from amanat.cases.queries import events_of
from amanat.cases.shown import Text, case_of, opened
from amanat.forms import records

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

NOTES, RECORDS = 200, 100  # the newest; ours
FORMAT: Final = "HTCDS 2.0"
# What a receiver in the network sees by a consent.
TO_RECEIVE: Final = tuple(part for part in Part if PARTS[part][Relation.RECEIVER] is Level.CONSENTED)
# Nobody outside gets more, and nothing of the log of a house: it tells where that is, and is for the house that takes the child in.
TO_SHARE: Final = tuple(part for part in TO_RECEIVE if part is not Part.CENTRE)


@dataclass(frozen=True)
class Told:
    """What stands under one heading. `notes`: when it was, and what was said."""

    title: StrOrPromise
    facts: list[Fact] = field(default_factory=list)
    notes: list[tuple[datetime, Text]] = field(default_factory=list)


def told_in(file: File) -> list[Told]:
    """All that is open in this file, drawn in the active language: what is known of the child, fields, forms, and notes by part."""
    found = [*_known(file), *_fields(file), *_forms(file), *_notes(file)]
    return [one for one in found if one.facts or one.notes]


def _known(file: File) -> Iterator[Told]:
    today = timezone.localdate(file.actor.now)
    for part in (Part.IDENTITY, Part.CONTACTS, Part.SAFETY):
        if file.sees(part):
            yield Told(PART_LABELS[part], own_sections.facts_of(part, opened(file, part), today))


def _fields(file: File) -> Iterator[Told]:
    sheets = facts.sheets_of(file)
    for section in packs.current().sections():
        for place, record in enumerate(facts.records_of(file, section, sheets), 1):
            yield Told(f"{section.title} {place}" if section.repeats else str(section.title), facts_of(file, record))


def _forms(file: File) -> Iterator[Told]:
    for record, _has_more in records.records_of(file)[:RECORDS]:
        reading = records.read(file, record)
        title = record_pages.title_of(record)
        for group in record_pages.groups_of(reading):
            told = [Fact(one.asked, [Text(_("The document")) if one.document else one.text]) for one in group.told]
            yield Told(f"{title}: {group.title}" if group.title else title, told)


def _notes(file: File) -> Iterator[Told]:
    rows = events_of(case_of(file)).filter(kind=EventKind.NOTE, part__in=file.visible_parts())
    rows = rows.order_by("-happened_at", "-id")[:NOTES]
    by_part: dict[str, list[tuple[datetime, Text]]] = {}
    for event, line in zip(rows, timeline.lines(file, rows), strict=True):
        if line.text.text:
            by_part.setdefault(event.part, []).append((line.at, line.text))
    for part, notes in by_part.items():
        yield Told(_("Notes (%(part)s)") % {"part": PART_LABELS[Part(part)]}, notes=notes)


def as_fields(file: File) -> dict[str, Any]:
    """The fields of HTCDS that are open in this file, by their names there. No status: that is never shared."""
    return together(file, facts.sheets_of(file), says_status=False)
