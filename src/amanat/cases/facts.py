"""What stands in the fields of a child's file, as one actor may read it: records, their values, and the words for these."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from amanat import packs
from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases.field_groups import DAYS, HEADS, in_order
from amanat.cases.htcds import surely_born, values_of
from amanat.cases.models import Sheet
from amanat.cases.shown import Text, child_of, label, spoken
from amanat.packs import bounds
from amanat.web.formats import written

Value = Any  # what a field may hold: text, a number, a yes or no, a code, a list of codes
LAST_DAY = "9999-12-31"
# By field, the page on which it is decided. Its form does not ask for it: what an import or a form brought stands there until then.
DECIDED_ELSEWHERE: dict[str, str] = {}


@dataclass
class Record:
    """One record of a section: what the actor sees of it. `versions` are those of the parts that they see."""

    section: packs.FieldSection
    number: int
    values: dict[str, Value] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    changed_at: datetime | None = None
    changed_by: str = ""

    @property
    def is_empty(self) -> bool:
        return not self.values

    @property
    def version(self) -> str:
        """The versions as a form keeps them: `facts:3,narrative:2`, "" where nothing was ever written."""
        return ",".join(f"{part}:{version}" for part, version in sorted(self.versions.items()))

    def is_as(self, seen: str) -> bool:
        """Whether each part that the actor sees stands as in the version `seen`; what they see no more does not count."""
        before = dict(part.split(":", 1) for part in seen.split(",") if ":" in part)
        return all(before.get(part) == str(version) for part, version in self.versions.items())

    @property
    def day(self) -> str:
        """By which records are ordered: an ISO date; what has none stands last."""
        return next((self.values[name] for name in DAYS.get(self.section.name, ()) if name in self.values), LAST_DAY)


# --- reading ---------------------------------------------------------------------------------------------------------


def sheets_of(file: File, section: str = "") -> list[Sheet]:
    """The child's sheets of the parts that the actor sees, of all sections or one: one query."""
    rows = child_of(file).sheets.filter(part__in=file.visible_parts()).select_related("changed_by__user")
    rows = rows.filter(section=section) if section else rows
    return list(rows.order_by("section", "record", "part"))


def sheets_by_child(files: Iterable[File]) -> dict[uuid.UUID, list[Sheet]]:
    """The sheets of many children by the child's id, in one query. What of them opens is asked of each child's file."""
    found: dict[uuid.UUID, list[Sheet]] = defaultdict(list)
    children = [child_of(file).pk for file in files]
    for sheet in Sheet.objects.filter(child__in=children).order_by("section", "record", "part"):
        found[sheet.child_id].append(sheet)
    return found


def section_named(name: str) -> packs.FieldSection | None:
    return next((section for section in packs.current().sections() if section.name == name), None)


def records_of(file: File, section: packs.FieldSection, sheets: Iterable[Sheet]) -> list[Record]:
    """The records that say something to the actor, in the order of their days, else as they were written."""
    found = [record for record in read(file, section, sheets).values() if not record.is_empty]
    return sorted(found, key=lambda record: (record.day, record.number))


def record_of(file: File, section: packs.FieldSection, number: int) -> Record:
    """A record as it stands now; one that nobody has written yet is empty and has the version 0."""
    return read(file, section, sheets_of(file, section.name)).get(number) or Record(section, number)


def read(file: File, section: packs.FieldSection, sheets: Iterable[Sheet]) -> dict[int, Record]:
    """By number, also records that were taken out."""
    found: dict[int, Record] = {}
    for sheet in sheets:
        if sheet.section != section.name or not file.sees(Part(sheet.part)):
            continue
        record = found.setdefault(sheet.record, Record(section, sheet.record))
        record.values |= values_of(file, sheet)
        record.versions[sheet.part] = sheet.version
        if record.changed_at is None or sheet.changed_at > record.changed_at:
            record.changed_at, record.changed_by = sheet.changed_at, sheet.changed_by.user.display_name
    return found


# --- which fields ----------------------------------------------------------------------------------------------------


def kept_here(section: packs.FieldSection) -> list[packs.Field]:
    """The fields that stand in sheets, in reading order; the file keeps the others elsewhere already."""
    return in_order(section, [field for field in section.fields if not field.stored])


def visible(file: File, record: Record) -> list[packs.Field]:
    """Fields that the actor sees. What the standard no longer asks is there only where something stands in it."""
    return [
        field
        for field in kept_here(record.section)
        if file.sees(Part(field.part)) and (not field.deprecated or field.name in record.values)
    ]


def writable(file: File, record: Record) -> list[packs.Field]:
    return [
        field
        for field in visible(file, record)
        if file.writes(Part(field.part)) and field.name not in DECIDED_ELSEWHERE
    ]


def decided_elsewhere(url_name: str, *names: str) -> None:
    """Let these fields follow a decision that has a page of its own (`actions.facts.follow_decision`). Called in `ready()`."""
    for name in names:
        DECIDED_ELSEWHERE[name] = url_name


def parts_of(section: packs.FieldSection) -> list[Part]:
    """The parts that fields of a section belong to."""
    return list(dict.fromkeys(Part(field.part) for field in kept_here(section)))


def sees_any(file: File, section: packs.FieldSection) -> bool:
    return any(file.sees(part) for part in parts_of(section))


def writes_any(file: File, section: packs.FieldSection) -> bool:
    return any(file.writes(part) for part in parts_of(section))


def writes_all(file: File, section: packs.FieldSection) -> bool:
    """Whether the actor could take out a record whole, whatever stands in it."""
    return all(file.writes(part) for part in parts_of(section))


# --- what can't be ---------------------------------------------------------------------------------------------------


def slip_in(
    file: File, field: packs.Field, answers: Mapping[str, Value], held: Mapping[str, Value] | None = None
) -> bounds.Slip | None:
    """What an answer breaks, by itself or beside the record's others and the birth date, as far as the actor sees that.

    held: what stands in the record. What stays as it was is not judged again, so that a slip of former days bars no other change.
    """
    answer = answers.get(field.name)
    if answer is None:
        return None
    stays = _stays(field, answers, held or {})
    if not stays and (slip := bounds.slip_in(field, answer, timezone.localdate(file.actor.now))):
        return slip
    for other in map(packs.current().field, field.not_before):
        if stays and (other.stored or _stays(other, answers, held or {})):
            continue
        known = surely_born(file) if other.stored else answers.get(other.name) or ""
        if bounds.is_before(answer, known):
            return bounds.Slip("before", {"other": str(other.label), "day": plainly(other, known)})
    return None


def _stays(field: packs.Field, answers: Mapping[str, Value], held: Mapping[str, Value]) -> bool:
    return same(field, answers.get(field.name), held.get(field.name))


def slips(
    file: File, fields: Iterable[packs.Field], before: Mapping[str, Value], after: Mapping[str, Value]
) -> dict[str, bounds.Slip]:
    """By field: what can't be once `after` stands in a record in the place of `before`."""
    found = ((field.name, slip_in(file, field, after, before)) for field in fields)
    return {name: slip for name, slip in found if slip}


# --- in words --------------------------------------------------------------------------------------------------------


def field_label(name: str) -> str:
    """The label of a field; the name itself of one that the pack no longer has."""
    try:
        return str(packs.current().field(name).label)
    except packs.UnknownField:
        return name


def section_label(name: str) -> str:
    found = section_named(name)
    return str(found.title) if found else name


def words(field: packs.Field, value: Value) -> list[Text]:
    """A value to read, in the active language."""
    if field.type in ("choices", "countries"):
        return [_word(field, each) for each in value]
    if field.type in ("choice", "country", "language"):
        return [_word(field, value)]
    if field.type == "checkbox":
        return [Text(_("Yes") if value else _("No"))]
    if field.type == "date" and len(value) == len("2012-04-05"):  # of a birth date sometimes only the year is known
        return [Text(written(date.fromisoformat(value), "DATE_FORMAT"))]
    if field.type in ("number", "geolocation"):
        return [Text(number_format(value, use_l10n=True))]
    return [spoken(str(value))]


def _word(field: packs.Field, code: str) -> Text:
    if field.type in ("country", "countries"):
        return Text(packs.current().countries.name(code))
    if field.type == "language":
        return Text(packs.current().languages.name(code))
    return Text(label(field.codes, code))


def plainly(field: packs.Field, value: Value) -> str:
    """A value on one line."""
    return ", ".join(text.text for text in words(field, value))


def head(record: Record) -> str:
    """By what the record is told apart; "" where nothing of that is filled in."""
    told = [(name, record.values[name]) for name in HEADS.get(record.section.name, ()) if name in record.values]
    fields = {field.name: field for field in record.section.fields}
    return plainly(fields[told[0][0]], told[0][1]) if told else ""


# --- as fields of a form ---------------------------------------------------------------------------------------------


def as_field(field: packs.Field, value: Value) -> str | list[str]:
    """A value as its widget sends it; lists of codes in the order in which a form offers them."""
    if value is None:
        return [] if field.type in ("choices", "countries") else ""
    if field.type == "choices":
        offered = {code: place for place, (code, _label) in enumerate(packs.current().codes(field.codes).choices())}
        return sorted(value, key=lambda code: offered.get(code, len(offered)))
    if field.type == "countries":
        return list(value)
    if field.type == "checkbox":
        return "yes" if value else "no"
    return str(value).replace("\r\n", "\n")


def as_fields(fields: Iterable[packs.Field], values: Mapping[str, Value]) -> dict[str, str | list[str]]:
    """Values by the names of a form's fields, so that two versions can stand side by side."""
    return {field.name: as_field(field, values.get(field.name)) for field in fields}


def same(field: packs.Field, one: Value, other: Value) -> bool:
    """Whether two values would look the same in a form: what a form cannot tell apart, it must not change."""
    return _trimmed(as_field(field, one)) == _trimmed(as_field(field, other))


def _trimmed(sent: str | list[str]) -> str | list[str]:
    return sent.strip() if isinstance(sent, str) else sent
