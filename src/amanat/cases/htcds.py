"""A child's file as one flat row of fields, and such a row taken apart into what the file keeps where.

Reading and writing files is the affair of `exchange`; which fields there are, of the pack (`packs.Field`).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from amanat import packs
from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases.models import ALSO_IN_THE_SOURCE, Event, EventKind, Sheet, Stage
from amanat.cases.shown import case_of, opened
from amanat.packs.records import parted

# Field name -> value. A second, third record has the names with "_2", "_3". What is empty is not there.
FlatRow = dict[str, Any]
_NAMES = ("given", "family", "patronymic")
# How certain a birth date is that others are measured by: nothing was said against it, or there is a document.
SURE = ("", "documented")
# Of a document whose kind nobody wrote down.
UNKNOWN_KIND = "other"


@dataclass(frozen=True, slots=True)
class NewSheet:
    """A sheet to write: values by field name, all of one part and of one record of a section."""

    section: str
    record: int
    part: str
    values: dict[str, Any]


@dataclass(slots=True)
class Parted:
    """A row taken apart into what `actions.registering.NewChild` wants: its texts say what is what. No status: `stage` is None."""

    identity: dict[str, Any] = field(default_factory=dict)
    contacts: dict[str, Any] = field(default_factory=dict)
    sheets: list[NewSheet] = field(default_factory=list)
    stage: str | None = None
    since: str = ""
    closing: str = ""


@dataclass(slots=True)
class Told:
    """What a row says. `stored`: what the file keeps outside its sheets, by place; `kept`: what sheets keep, each with its name
    in the row, its field and its record; `strange`: what no field takes, as text."""

    stored: dict[str, tuple[packs.Field, Any]] = field(default_factory=dict)
    kept: list[tuple[str, packs.Field, int, Any]] = field(default_factory=list)
    strange: dict[str, str] = field(default_factory=dict)


def is_empty(value: Any) -> bool:
    """Whether a value says nothing. A no and a zero say something."""
    return value is None or value in ("", [], ())


def named(name: str) -> tuple[packs.Field, int] | None:
    """The field and the record that a name in a row means; None where the pack has no such field, or it has but one record."""
    return _named(packs.current(), name)


@lru_cache(maxsize=4096)
def _named(pack: packs.Pack, name: str) -> tuple[packs.Field, int] | None:
    fields = {field.name: (field, section) for section in pack.sections() for field in section.fields}
    if name in fields:
        return fields[name][0], 1
    name, record = parted(name)
    if record == 1 or name not in fields:
        return None
    field, section = fields[name]
    return (field, record) if section.repeats or field.repeats else None


def denied(values: Mapping[str, Any]) -> list[packs.Field]:
    """The questions for consent that are answered with a no."""
    fields = (one for section in packs.current().sections() for one in section.fields)
    return [
        one for one in fields if one.part == Part.CONSENT and one.type == "checkbox" and values.get(one.name) is False
    ]


# --- a row taken apart -----------------------------------------------------------------------------------------------


def sorted_out(row: Mapping[str, Any]) -> Told:
    """What a row says, by where it would stand."""
    told, pack = Told(), packs.current()
    for name, value in row.items():
        if is_empty(value):
            continue
        if (found := _named(pack, name)) is None:
            told.strange[name] = str(value)
        elif found[0].stored:
            told.stored[found[0].stored] = (found[0], value)
        else:
            told.kept.append((name, *found, value))
    return told


def apart(row: Mapping[str, Any]) -> Parted:
    """What the file keeps of a row, and where. What no field takes is kept as text, under *also in the source*."""
    told, parted = sorted_out(row), Parted()
    sheets: dict[tuple[str, int, str], dict[str, Any]] = defaultdict(dict)
    for _name, field_, record, value in told.kept:
        _lay(sheets, field_, record, value)
    for field_, value in _place(parted, told.stored):
        _lay(sheets, field_, 1, value)
    if told.strange:
        sheets[ALSO_IN_THE_SOURCE, 1, Part.NARRATIVE] = told.strange
    parted.sheets = [NewSheet(*key, values) for key, values in sheets.items()]
    parted.since = str(row.get("cas_IncomingReferralDate") or "")
    parted.closing = str(row.get("cas_ReasonForCaseClosure") or "")
    return parted


def _lay(sheets: dict[tuple[str, int, str], dict[str, Any]], field: packs.Field, record: int, value: Any) -> None:
    sheets[field.section, record, field.part][field.name] = value


def _place(parted: Parted, stored: dict[str, tuple[packs.Field, Any]]) -> list[tuple[packs.Field, Any]]:
    """Put what the file keeps elsewhere into its place. What does not fit there comes back and goes into a sheet."""
    values = {place: value for place, (_field, value) in stored.items()}
    identity = parted.identity
    identity["names"] = [name] if (name := _of("identity", _NAMES, values)) else []
    identity |= _of("identity", ("birth_date", "sex"), values)
    if len(identity.get("birth_date", "")) == len("2012"):  # only the year is known
        identity["birth_year"], identity["birth_date"] = identity["birth_date"], ""
    if "identity.document" in values:
        identity["documents"] = [{"kind": UNKNOWN_KIND, "number": values["identity.document"]}]
    if "contacts.mobile" in values:
        parted.contacts["phones"] = [values["contacts.mobile"]]
    if "contacts.home" in values:
        parted.contacts["home_phone"] = values["contacts.home"]
    left = [] if _speaks(identity, values) else [stored["identity.language2"]]
    if "case.status" in stored and not _stands_at(parted, *stored["case.status"]):
        left.append(stored["case.status"])
    return left


def _of(column: str, keys: Iterable[str], values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: values[f"{column}.{key}"] for key in keys if f"{column}.{key}" in values}


def _speaks(identity: dict[str, Any], values: Mapping[str, Any]) -> bool:
    """The languages in their order. False where there is a second and no first: a list cannot say that."""
    first, second = values.get("identity.language"), values.get("identity.language2")
    if first:
        identity["languages"] = [language for language in (first, second) if language]
    return bool(first) or not second


def _stands_at(parted: Parted, field: packs.Field, status: str) -> bool:
    """The first stage that is called so in the standard. False where the status says more than a stage can."""
    told = htcds_of(field.codes, status)
    if told == CLOSED_REFERRED:
        parted.stage = Stage.CLOSED
        return False
    parted.stage = next((code.code for code in packs.current().codes("stage").codes if code.htcds == told), "")
    return bool(parted.stage)


CLOSED_REFERRED = "ClosedReferred"


def htcds_of(codes: str, code: str) -> str:
    """What the standard calls a code; the code itself where the list does not say."""
    known = packs.current().codes(codes)
    return (known[code].htcds if code in known else "") or code


# --- a file put together ---------------------------------------------------------------------------------------------


def together(file: File, sheets: Iterable[Sheet], *, says_status: bool = True) -> FlatRow:
    """All fields of the file that the actor sees, as one row. `sheets`: the child's (see `facts.sheets_of`).

    `says_status`: False for a file that came without one and stands as it came (see `came_without_status`).
    """
    row = _stored_row(file)
    for sheet in sheets:
        if sheet.section != ALSO_IN_THE_SOURCE and file.sees(Part(sheet.part)):
            for name, value in values_of(file, sheet).items():
                row.setdefault(name if sheet.record == 1 else f"{name}_{sheet.record}", value)
    if says_status:
        _closed_as(file, row)
    return row


def came_without_status(files: Iterable[File]) -> set[uuid.UUID]:
    """The cases that an import brought without a status and that stand since as they came; one query. Each file is one of a case."""
    waiting = {
        file.row.pk: file for file in files if case_of(file).stage == Stage.REGISTERED and file.sees(Part.EXISTENCE)
    }
    rows = Event.objects.filter(kind=EventKind.REGISTERED, case__in=waiting)
    rows = rows.exclude(case__events__kind=EventKind.REOPENED)
    found = set()
    for event in rows if waiting else ():
        file = waiting[event.case_id]
        event.subject = file.row.subject
        if "status_unsaid" in (file.open(event, "note") or {}):  # see `actions.registering`
            found.add(event.case_id)
    return found


def values_of(file: File, sheet: Sheet) -> dict[str, Any]:
    """What a sheet says; opened through the file, so the log knows of it."""
    sheet.subject = file.row.subject
    found: dict[str, Any] = file.open(sheet, "values") or {}
    return found


def stored_values(file: File) -> dict[str, Any]:
    """What the file keeps outside its sheets, by place (`identity.given`, …), of the parts that the actor sees."""
    values: dict[str, Any] = {}
    if file.sees(Part.IDENTITY):
        identity = opened(file, Part.IDENTITY)
        name: dict[str, str] = next(iter(identity.get("names", [])), {})
        first, second = [*identity.get("languages", []), "", ""][:2]
        document: dict[str, str] = next(iter(identity.get("documents", [])), {})
        values |= {f"identity.{key}": name.get(key, "") for key in _NAMES}
        values["identity.birth_date"] = _born(identity)
        values["identity.sex"] = identity.get("sex", "")
        values |= {"identity.language": first, "identity.language2": second}
        values["identity.document"] = document.get("number", "")
    if file.sees(Part.CONTACTS):
        contacts = opened(file, Part.CONTACTS)
        values["contacts.mobile"] = next(iter(contacts.get("phones", [])), "")
        values["contacts.home"] = contacts.get("home_phone", "")
    return {place: value for place, value in values.items() if value}


def surely_born(file: File) -> str:
    """The birth date (sometimes only the year) that nobody called uncertain, as far as the actor may see it, else ""."""
    identity = opened(file, Part.IDENTITY) if file.sees(Part.IDENTITY) else {}
    return _born(identity) if identity.get("certainty", "") in SURE else ""


def _born(identity: Mapping[str, Any]) -> str:
    return str(identity.get("birth_date") or identity.get("birth_year") or "")


def _stored_row(file: File) -> FlatRow:
    values = stored_values(file)
    fields = [field for section in packs.current().sections() for field in section.fields if field.stored]
    return {field.name: values[field.stored] for field in fields if field.stored in values}


def _closed_as(file: File, row: FlatRow) -> None:
    """The status by the stage."""
    field = next(
        (one for section in packs.current().sections() for one in section.fields if one.stored == "case.status"), None
    )
    if field is not None and file.sees(Part.EXISTENCE):
        row[field.name] = status_of(file, field, row.get(field.name, ""))


def status_of(file: File, field: packs.Field, kept: str) -> str:
    """The status by the stage. What a sheet keeps (closed, because referred) holds only as long as the case is closed."""
    case = case_of(file)
    if kept and case.is_closed and htcds_of(field.codes, kept) == CLOSED_REFERRED:
        return kept
    told = htcds_of("stage", case.stage)
    codes = packs.current().codes(field.codes).codes
    return next((code.code for code in codes if (code.htcds or code.code) == told), told)
