"""The facts of a file in short: a card a section with what says most, and the way to its page. Details stand there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.text import Truncator
from django.utils.translation import gettext_lazy

from amanat import packs
from amanat.access.files import File
from amanat.access.policy import Part, Verb
from amanat.cases import facts
from amanat.cases.facts import Record
from amanat.cases.field_groups import TELLING, Group, grouped
from amanat.cases.htcds import values_of
from amanat.cases.models import ALSO_IN_THE_SOURCE, Sheet
from amanat.cases.own_sections import Fact
from amanat.cases.sections import Section, add
from amanat.cases.shown import Text, spoken

TOLD = 4  # lines of a card
LONG = 160  # signs of a value in a card


@dataclass(frozen=True)
class Digest:
    """A record of a section that repeats, on one line: by what it is told apart, and what says most."""

    number: int
    head: str
    text: Text


@dataclass(frozen=True)
class Card:
    """A section in short. `lines` of one that repeats, `facts` of one that does not; `more` that stand on its page only."""

    name: str
    title: str
    facts: list[Fact]
    lines: list[Digest]
    more: int
    may_write: bool
    repeats: bool

    @property
    def is_empty(self) -> bool:
        return not self.facts and not self.lines


def cards(file: File) -> dict[str, Any]:
    """The context of the section of the file page: what is filled in, and what could be."""
    sheets = facts.sheets_of(file)
    found = [_card(file, section, sheets) for section in packs.current().sections() if facts.sees_any(file, section)]
    source = also_in_the_source(file, sheets)
    return {
        "cards": [card for card in found if not card.is_empty],
        "empty": [card for card in found if card.is_empty],
        "may_fill": any(card.may_write for card in found),
        "source": ALSO_IN_THE_SOURCE if source else "",
        "source_count": len(source),
    }


def may_write(file: File, section: packs.FieldSection) -> bool:
    return file.may(Verb.CASE_WRITE_FACTS) and facts.writes_any(file, section)


def _card(file: File, section: packs.FieldSection, sheets: list[Sheet]) -> Card:
    records = facts.records_of(file, section, sheets)
    may, title = may_write(file, section), str(section.title)
    if section.repeats:
        lines = [digest(file, record) for record in records]
        return Card(section.name, title, [], lines[:TOLD], max(0, len(lines) - TOLD), may, repeats=True)
    told = facts_of(file, records[0], in_short=True) if records else []
    return Card(section.name, title, told[:TOLD], [], max(0, len(told) - TOLD), may, repeats=False)


def digest(file: File, record: Record) -> Digest:
    fields = _telling_first(file, record)
    head = facts.head(record)
    told = [facts.plainly(field, record.values[field.name]) for field in fields]
    text = " · ".join(one for one in told if one != head)
    return Digest(record.number, head, spoken(Truncator(text).chars(LONG)))


def _telling_first(file: File, record: Record) -> list[packs.Field]:
    fields = {field.name: field for field in facts.visible(file, record) if field.name in record.values}
    telling = [fields[name] for name in TELLING.get(record.section.name, ()) if name in fields]
    return telling or list(fields.values())[:TOLD]


def facts_of(file: File, record: Record, *, in_short: bool = False) -> list[Fact]:
    """What is filled in, as a list to read. In short: what says most first, each value on one short line."""
    fields = [field for field in facts.visible(file, record) if field.name in record.values]
    if not in_short:
        return [Fact(str(field.label), facts.words(field, record.values[field.name])) for field in fields]
    telling = _telling_first(file, record)
    ordered = [*telling, *(field for field in fields if field not in telling)]
    return [
        Fact(str(field.label), [spoken(Truncator(facts.plainly(field, record.values[field.name])).chars(LONG))])
        for field in ordered
    ]


def in_groups(file: File, record: Record) -> list[tuple[Group, list[Fact]]]:
    """What is filled in, under the headings of its section."""
    fields = [field for field in facts.visible(file, record) if field.name in record.values]
    return [
        (group, [Fact(str(field.label), facts.words(field, record.values[field.name])) for field in held])
        for group, held in grouped(record.section, fields)
    ]


def also_in_the_source(file: File, sheets: list[Sheet]) -> list[Fact]:
    """What came with the file and stands in no field of its own, under the headers that it had there."""
    held: dict[str, str] = {}
    for sheet in sheets:
        if sheet.section == ALSO_IN_THE_SOURCE:
            held |= values_of(file, sheet)
    return [Fact(header, [spoken(text)]) for header, text in held.items()]


def register() -> None:
    """Called once, when the room is loaded."""
    add(
        Section(
            "facts",
            gettext_lazy("Facts and narrative"),
            Part.FACTS,
            "note",
            40,
            "cases/sections/sheets.html",
            cards,
            also=(Part.NARRATIVE, Part.IDENTITY, Part.CONTACTS, Part.PLAN, Part.CONSENT),
            with_notes=True,
            notes_of=(Part.FACTS, Part.NARRATIVE),
        )
    )
