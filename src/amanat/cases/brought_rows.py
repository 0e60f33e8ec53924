"""A row that an import brought, laid beside a child's file: what it would fill, and where the file says something else.

Nothing is written here (see `actions.putting_in`). What of the file is not open to the actor is not compared and not told.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from amanat import names, packs
from amanat.access.files import File
from amanat.access.policy import Part
from amanat.cases import facts
from amanat.cases.htcds import FlatRow, Told, apart, htcds_of, is_empty, sorted_out, status_of, stored_values, values_of
from amanat.cases.laid import ALSO, BESIDE, CLOSED, FILLS, SAME, Laid, Said
from amanat.cases.models import ALSO_IN_THE_SOURCE, Sheet
from amanat.cases.shown import Text, opened, spoken
from amanat.packs import Field, FieldSection
from amanat.packs.coding import as_text, coded
from amanat.packs.fields import NUMBERS

_Value = tuple[str, Field, Any]  # its name in the row, with the number of a record; its field; what it is
_NAME = ("identity.given", "identity.patronymic", "identity.family")


def lay(
    file: File,
    sheets: Iterable[Sheet],
    row: FlatRow,
    also: Mapping[str, Mapping[str, str]],
    headers: Mapping[str, str],
) -> Laid:
    """Compare a row with a file, field by field.

    Args:
        sheets: all of the child's.
        row: by field name, as `htcds.apart` takes it.
        also: text that no field takes, by part and header.
        headers: the header under which a field of the row stood in the source; without one, its name stands for it.
    """
    return _Laying(file, sheets, row, headers).all_of(also)


class _Laying:
    """One comparison on its way."""

    def __init__(self, file: File, sheets: Iterable[Sheet], row: FlatRow, headers: Mapping[str, str]) -> None:
        self.laid, self.file, self.row, self.headers = Laid(file), file, row, headers
        self.sheets: dict[str, list[Sheet]] = defaultdict(list)
        for sheet in sheets:
            self.sheets[sheet.section].append(sheet)
        self.begun: dict[str, int] = defaultdict(int)  # records of a section that this row adds
        self.source: dict[Part, dict[str, str]] = {}
        self.stored = stored_values(file)
        self.identity = opened(file, Part.IDENTITY) if file.sees(Part.IDENTITY) else {}
        self.contacts = opened(file, Part.CONTACTS) if file.sees(Part.CONTACTS) else {}

    def all_of(self, also: Mapping[str, Mapping[str, str]]) -> Laid:
        told = sorted_out(self.row)
        if "identity.language" not in told.stored and not self.identity.get("languages"):
            self._second_alone(told)
        records: dict[tuple[str, int], list[_Value]] = defaultdict(list)
        for name, one, number, value in told.kept:
            records[one.section, number].append((name, one, value))
        self._stored(told.stored)
        for (section, number), values in records.items():
            self._record(section, number, values)
        for part, texts in [(str(Part.NARRATIVE), told.strange), *also.items()]:
            for header, text in texts.items():
                self._also(Part(part), header, text)
        return self.laid

    @staticmethod
    def _second_alone(told: Told) -> None:
        """A second language without a first stands in a sheet: a list cannot say that (see `htcds.apart`)."""
        if second := told.stored.pop("identity.language2", None):
            told.kept.append((second[0].name, second[0], 1, second[1]))

    # --- identity, contacts, stage -----------------------------------------------------------------------------------

    def _stored(self, told: dict[str, tuple[Field, Any]]) -> None:
        """What the file keeps outside its sheets, in the pack's order: a second language comes behind the first."""
        closed = {place for place, (one, _value) in told.items() if not self.file.sees(Part(one.part))}
        said = {place: told[place][1] for place in _NAME if place in told and place not in closed}
        taken = self._name({place.split(".")[1]: value for place, value in said.items()}) if said else {}
        for place in _places():
            if place in closed:
                self._tell((told[place][0].name, *told[place]), CLOSED)
            elif place in told:
                one, value = told[place]
                held = self._status(one) if place == "case.status" else self.stored.get(place)
                becomes = taken[place.split(".")[1]] if place in said else self._becomes(place, one, value, held)
                self._tell((one.name, one, value), becomes, held)

    def _status(self, one: Field) -> str:
        return status_of(self.file, one, self._records_of(one.section).get(1, {}).get(one.name, ""))

    def _name(self, said: dict[str, str]) -> dict[str, str]:
        """A name is one thing: it fills what is empty in a name that it agrees with, else it is another name."""
        held: list[dict[str, str]] = self.identity.get("names", [])
        for number, name in enumerate(held):
            shared = {key for key in said if name.get(key)}
            if shared and all(_plain(said[key]) == _plain(name[key]) for key in shared):
                if new := {key: said[key] for key in said if key not in shared}:
                    self.laid.identity["names"] = [*held[:number], name | new, *held[number + 1 :]]
                return {key: SAME if key in shared else FILLS for key in said}
        if not held:
            self.laid.identity["names"] = [said]
            return dict.fromkeys(said, FILLS)
        return {key: SAME if _plain(held[0].get(key, "")) == _plain(value) else BESIDE for key, value in said.items()}

    def _becomes(self, place: str, one: Field, value: Any, held: Any) -> str:
        match place:
            case "case.status":  # a case always stands somewhere; that is for another verb to change
                return SAME if htcds_of(one.codes, value) == htcds_of(one.codes, held) else BESIDE
            case "identity.language" | "identity.language2":
                return self._language(place, value)
            case "identity.birth_date" if held and held != value and value.startswith(held):
                # So far only the year is known.
                self.laid.identity |= {"birth_date": value, "birth_year": ""}
                return FILLS
        if self._says_so(place, value):
            return SAME
        if held:
            return BESIDE
        self._fill(place, value)
        return FILLS

    def _language(self, place: str, value: str) -> str:
        """The first is the child's own: a second alone can't be written down as one."""
        held: list[str] = self.laid.identity.get("languages", self.identity.get("languages", []))
        if value in held:
            return SAME
        if len(held) != ("identity.language", "identity.language2").index(place):
            return BESIDE
        self.laid.identity["languages"] = [*held, value]
        return FILLS

    def _says_so(self, place: str, value: str) -> bool:
        """Whether the file has the value already; a phone or a document number in whatever way it is written."""
        key: Callable[[str], str] = {"identity.document": names.document_key}.get(place, names.phone_digits)
        if place == "identity.document":
            held = [one.get("number", "") for one in self.identity.get("documents", [])]
        elif place in ("contacts.mobile", "contacts.home"):
            held = [*self.contacts.get("phones", []), self.contacts.get("home_phone", "")]
        elif place == "identity.birth_date":
            return bool(self.stored.get(place, "").startswith(value))  # a year says no other than a day within it
        else:
            return bool(self.stored.get(place) == value)
        return value in held or (bool(key(value)) and key(value) in map(key, held))

    def _fill(self, place: str, value: Any) -> None:
        new = apart({_places()[place]: value})
        self.laid.identity |= {key: one for key, one in new.identity.items() if one}
        self.laid.contacts |= new.contacts

    # --- facts -------------------------------------------------------------------------------------------------------

    def _record(self, section: str, number: int, values: list[_Value]) -> None:
        """Fields of a record: into the empty ones of the one that there is; where a section repeats, a record of its own."""
        where = facts.section_named(section)
        assert where, "each field that is laid here stands in a section"
        if where.repeats:
            number = self._number_of(where, values)
        held = dict(self._records_of(section).get(number, {}))
        for name, one, value in values:
            if not self.file.sees(Part(one.part)):
                self._tell((name, one, value), CLOSED, record=number)
                continue
            before, why = held.get(one.name), ""
            becomes = _beside(one, value, before)
            if becomes == FILLS and (why := self._slip(where, held, {one.name: value})):
                becomes = BESIDE
            elif becomes == FILLS:
                held[one.name] = self.laid.sheets[section, number, one.part][one.name] = value
            self._tell((name, one, value), becomes, before, number, why)

    def _slip(self, section: FieldSection, held: Mapping[str, Any], added: Mapping[str, Any]) -> str:
        """Why a record can't say that as well, if it can't."""
        found = facts.slips(self.file, section.fields, held, {**held, **added})
        return next((slip.sentences for slip in found.values()), "")

    def _number_of(self, where: FieldSection, values: list[_Value]) -> int:
        """The record that says all of this already, else another one: half of one event must not become half of another.

        What can't be stands in no record, so it is not asked for in one.
        """
        section = where.name
        could_be = [(one, value) for _name, one, value in values if not self._slip(where, {}, {one.name: value})]
        for number, held in self._records_of(section).items():
            if could_be and all(_beside(one, value, held.get(one.name)) == SAME for one, value in could_be):
                return number
        self.begun[section] += 1
        return max((sheet.record for sheet in self.sheets[section]), default=0) + self.begun[section]

    def _records_of(self, section: str) -> dict[int, dict[str, Any]]:
        """What the actor sees of each record."""
        found: dict[int, dict[str, Any]] = defaultdict(dict)
        for sheet in self.sheets[section]:
            if self.file.sees(Part(sheet.part)):
                found[sheet.record] |= values_of(self.file, sheet)
        return found

    # --- also in the source ------------------------------------------------------------------------------------------

    def _also(self, part: Part, header: str, text: str) -> None:
        kept = self._keep(part, header, text) if self.file.sees(part) else ""
        becomes = (ALSO if kept else SAME) if self.file.sees(part) else CLOSED
        self.laid.said.append(Said(header, header, part, becomes, spoken(text), kept=kept))

    def _keep(self, part: Part, header: str, text: str) -> str:
        """Keep a text, and give where: under its header, or the next number of it where that holds another; "" if it stands there."""
        held = self._source_of(part)
        title, number = header, 1
        while title in held:
            if held[title] == text:
                return ""
            number += 1
            title = f"{header} ({number})"
        held[title] = text
        self.laid.sheets[ALSO_IN_THE_SOURCE, 1, str(part)][title] = text
        return title

    def _source_of(self, part: Part) -> dict[str, str]:
        """What is kept of that part already, and what this row adds."""
        if part not in self.source:
            sheets = [sheet for sheet in self.sheets[ALSO_IN_THE_SOURCE] if sheet.part == part]
            self.source[part] = {title: text for sheet in sheets for title, text in values_of(self.file, sheet).items()}
        return self.source[part]

    def _tell(self, told: _Value, becomes: str, held: Any = None, record: int = 1, why: str = "") -> None:
        """What is kept is written in codes, whoever put it in: others read it in their languages, and it may come again."""
        name, one, value = told
        part, kept = Part(one.part), ""
        if becomes == BESIDE:
            kept = self._keep(part, self.headers.get(name, one.name), as_text(coded(one, packs.current())(value)))
            becomes = BESIDE if kept else SAME  # it was kept beside before
        said, stands = (Text("") if is_empty(each) else spoken(facts.plainly(one, each)) for each in (value, held))
        self.laid.said.append(
            Said(one.name, str(one.label), part, becomes, said, stands, kept, one.section, record, why)
        )


def _beside(one: Field, value: Any, held: Any) -> str:
    if is_empty(held):
        return FILLS
    return SAME if _says_the_same(one, value, held) else BESIDE


def _says_the_same(one: Field, value: Any, held: Any) -> bool:
    """Besides what looks the same in a form: countries in another order, 3 and 3.0."""
    if one.type == "countries":
        return set(value) == set(held)
    return bool(value == held) if one.type in NUMBERS else facts.same(one, value, held)


def _plain(name: str) -> str:
    """A name without regard to capitals and space; another spelling is another one, and kept."""
    return " ".join(unicodedata.normalize("NFC", name.casefold()).split())


def _places() -> dict[str, str]:
    """Where the file keeps fields outside its sheets, and which."""
    fields = (one for section in packs.current().sections() for one in section.fields)
    return {one.stored: one.name for one in fields if one.stored}
