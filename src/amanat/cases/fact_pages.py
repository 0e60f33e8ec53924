"""What the pages of facts show: a section record by record, what stood there before, and where the rest is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from amanat import packs
from amanat.access.files import File
from amanat.access.policy import SEEING, Level, Part, Verb
from amanat.cases import facts
from amanat.cases.fact_sections import also_in_the_source, digest, facts_of, in_groups, may_write
from amanat.cases.facts import Record
from amanat.cases.field_groups import Group
from amanat.cases.forms.choices import UNVERIFIED
from amanat.cases.htcds import stored_values
from amanat.cases.models import ALSO_IN_THE_SOURCE, FormerValue
from amanat.cases.own_sections import EARLIER_SHOWN, Fact
from amanat.cases.shown import Text, case_of, child_of, label

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

TITLE = 60  # signs


_PLACES = {"identity": gettext_lazy("Identity"), "contacts": gettext_lazy("Contacts"), "case": gettext_lazy("Stage")}


@dataclass(frozen=True)
class Shown:
    """A record on its section's page."""

    number: int
    title: str
    groups: list[tuple[Group, list[Fact]]]
    changed_at: datetime | None
    changed_by: str
    may_take_out: bool


@dataclass(frozen=True)
class Elsewhere:
    """What the file keeps in another place: the facts, what that place is called, and where it is corrected ("" for nobody)."""

    title: StrOrPromise
    facts: list[Fact]
    href: str


@dataclass(frozen=True)
class Former:
    """What stood in a part of a record before a change."""

    at: datetime
    by: str
    title: str
    facts: list[Fact]


def section_context(file: File, section: packs.FieldSection) -> dict[str, Any]:
    sheets = facts.sheets_of(file, section.name)
    records = facts.records_of(file, section, sheets)
    may, take_out = may_write(file, section), section.repeats and may_take_out(file, section)
    return {
        "section": section,
        "records": [_shown(file, record, place, take_out) for place, record in enumerate(records, 1)],
        "elsewhere": elsewhere(file, section),
        "earlier": _earlier(file, section),
        "may_write": may,
        "to_reveal": _to_reveal(file, section),
    } | _page(file)


def may_take_out(file: File, section: packs.FieldSection) -> bool:
    return file.may(Verb.CASE_WRITE_FACTS) and facts.writes_all(file, section)


def _shown(file: File, record: Record, place: int, take_out: bool) -> Shown:
    return Shown(
        record.number,
        title_of(file, record, place),
        in_groups(file, record),
        record.changed_at,
        record.changed_by,
        take_out,
    )


def title_of(file: File, record: Record, place: int) -> str:
    """By what people tell it apart, else what says most, else its place; of a section that does not repeat, nothing."""
    if not record.section.repeats:
        return ""
    short = Truncator(digest(file, record).text.text).chars(TITLE)
    return facts.head(record) or short or _("Number %(place)s") % {"place": place}


def form_context(file: File, record: Record) -> dict[str, Any]:
    """What stands beside the form of a record: what the actor sees and does not write, and what is kept elsewhere."""
    own = {field.name for field in facts.writable(file, record)}
    read_only = Record(record.section, record.number, {k: v for k, v in record.values.items() if k not in own})
    return {
        "section": record.section,
        "record": record,
        "title": title_of(file, record, record.number) if record.number else "",
        "groups": in_groups(file, record),
        "read_only": facts_of(file, read_only),
        "elsewhere": elsewhere(file, record.section),
        "caution": _caution(record.section),
        "to_section": reverse("cases.facts_section", args=[case_of(file), record.section.name]),
    }


def source_context(file: File) -> dict[str, Any]:
    return {"facts": also_in_the_source(file, facts.sheets_of(file, ALSO_IN_THE_SOURCE))} | _page(file)


def _page(file: File) -> dict[str, Any]:
    return {"to_file": f"{case_of(file).get_absolute_url()}?section=facts", "nav": "caseload"}


def _caution(section: packs.FieldSection) -> Any:
    """The sentence beside fields or lists whose source nobody could check."""
    pack = packs.current()
    lists = [pack.codes(field.codes) for field in section.fields if field.codes and not field.stored]
    checked = all(one.verified and all(code.verified for code in one.codes) for one in lists)
    return "" if checked and all(field.verified for field in section.fields) else UNVERIFIED


# --- kept elsewhere --------------------------------------------------------------------------------------------------


def elsewhere(file: File, section: packs.FieldSection) -> list[Elsewhere]:
    """The fields of a section that stand in identity, contacts or the case itself, each with the way to where it is changed."""
    values = stored_values(file)
    if file.sees(Part.EXISTENCE):
        values["case.status"] = case_of(file).stage
    found: dict[str, list[Fact]] = {}
    for field in section.fields:
        if field.stored in values:
            place, value = field.stored.split(".")[0], values[field.stored]
            told = [Text(label("stage", value))] if place == "case" else facts.words(field, value)
            found.setdefault(place, []).append(Fact(str(field.label), told))
    return [Elsewhere(_PLACES[place], told, _way_to(file, place)) for place, told in found.items()] + _decided(
        file, section
    )


def _decided(file: File, section: packs.FieldSection) -> list[Elsewhere]:
    """The pages on which fields of a section are decided."""
    asked = [field for field in section.fields if field.name in facts.DECIDED_ELSEWHERE and file.sees(Part(field.part))]
    pages: dict[str, list[Fact]] = {}
    for field in asked:
        pages.setdefault(facts.DECIDED_ELSEWHERE[field.name], []).append(
            Fact(str(field.label), [Text(_("Decided on a page of its own"))])
        )
    return [
        Elsewhere(_("Decided, not filled in"), told, reverse(page, args=[case_of(file)]))
        for page, told in pages.items()
    ]


def _way_to(file: File, place: str) -> str:
    case = case_of(file)
    if place == "case":
        return reverse("cases.move_stage", args=[case]) if file.may(Verb.CASE_MOVE_STAGE) else ""
    may = file.writes(Part(place)) and file.may(Verb.CASE_CORRECT)
    return reverse("cases.correct", args=[case, place]) if may else ""


def _to_reveal(file: File, section: packs.FieldSection) -> list[Part]:
    may = file.may(Verb.FILE_REVEAL)
    return [part for part in facts.parts_of(section) if may and file.level(part) is Level.REVEAL]


# --- what stood there before -----------------------------------------------------------------------------------------


def _earlier(file: File, section: packs.FieldSection) -> list[Former]:
    parts = [part for part in facts.parts_of(section) if file.level(part) in SEEING]
    rows = FormerValue.objects.filter(sheet__child=child_of(file), sheet__section=section.name, part__in=parts)
    rows = rows.select_related("sheet", "replaced_by__user").order_by("-replaced_at", "-id")[:EARLIER_SHOWN]
    return [_former(file, section, row) for row in rows]


def _former(file: File, section: packs.FieldSection, row: FormerValue) -> Former:
    row.subject = file.row.subject
    assert row.sheet is not None
    record = Record(section, row.sheet.record, file.open(row, "value") or {})
    return Former(row.replaced_at, row.replaced_by.user.display_name, facts.head(record), facts_of(file, record))
