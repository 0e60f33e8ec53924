"""Fields of a child's file as a pack describes them: the 83 of HTCDS 2.0, and a country's own. No answer stands here."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.translation import gettext as _

from amanat.packs import toml
from amanat.packs.codes import CODES, CodeList
from amanat.packs.labels import Label
from amanat.packs.loaders import Source, register

TYPES: Final = (
    "text", "long_text", "date", "number", "geolocation", "checkbox", "choice", "choices", "country", "countries",
    "language", "organisation", "worker",
)  # fmt: skip

CODED: Final = ("choice", "choices", "language")
"""Types whose answers are codes of a list of the pack. (Countries are known to everybody: see `countries`.)"""

NUMBERS: Final = ("number", "geolocation")
DAYS: Final = ("date",)
"""Types whose answers have bounds of the one kind and of the other."""

PARTS: Final = ("identity", "contacts", "facts", "narrative", "plan", "consent")
"""The parts of a file, as the policy names them, in which a field may be kept."""

STORED: Final = (
    "identity.given", "identity.family", "identity.patronymic", "identity.birth_date", "identity.sex",
    "identity.language", "identity.language2", "identity.document", "contacts.mobile", "contacts.home", "case.status",
)  # fmt: skip
"""Where a file keeps answers that are no sheet's: they stood there before the fields came."""

_FACTS: Final = (
    "type", "codes", "core", "deprecated", "official", "stored", "repeats", "official_label", "least", "most", "whole",
    "past", "not_before",
)  # fmt: skip
"""What a country cannot change in a field of the base: files and stored answers count on it."""

_Tell = tuple[str, str, str]
"""A fault without its place: the key, what is wrong, how to mend it."""


class UnknownField(KeyError):
    """A field that the pack does not have."""

    def __str__(self) -> str:
        return f"The pack has no field {self.args[0]!r}."


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `name` is the one in HTCDS; `codes` the code list of its answers; `part` the part that it belongs to.

    `core`, `deprecated`: as the standard says. `official`: a column of the official workbooks. `stored`: empty, or the
    place where a file keeps it already. `repeats`: the standard lets it repeat within a record. `also`: other names and
    headers under which files bring it. `official_label`: its header in official files.

    What no answer can be otherwise (see `bounds`): `least`, `most`, `whole` of a number; `past`: a day of what has happened;
    `not_before`: fields of days that come first, each of the same section or the birth date.
    """

    name: str
    section: str
    type: str
    codes: str
    part: str
    core: bool
    deprecated: bool
    official: bool
    stored: str
    repeats: bool
    also: tuple[str, ...]
    label: Label
    help: Label
    official_label: str
    least: int | None
    most: int | None
    whole: bool
    past: bool
    not_before: tuple[str, ...]
    source: str
    verified: bool

    def overridden_by(self, own: "Field") -> "Field":
        """Take label, help and part from a country's field, and add the names under which it is met there."""
        return replace(
            self,
            label=own.label if own.label.texts else self.label,
            help=own.help if own.help.texts else self.help,
            part=own.part or self.part,
            also=tuple(dict.fromkeys([*self.also, *own.also])),
        )


@dataclass(frozen=True, slots=True)
class FieldSection:
    """Fields that belong together. `repeats`: a child may have several records of it."""

    name: str
    title: Label
    help: Label
    repeats: bool
    fields: tuple[Field, ...]
    order: int

    def overridden_by(self, own: "FieldSection") -> "FieldSection":
        """Lay a country's section over this one: fields change in place, new ones follow, none is lost."""
        theirs = {field.name: field for field in own.fields}
        kept = [field.overridden_by(theirs.pop(field.name, field)) for field in self.fields]
        return replace(
            self,
            title=own.title if own.title.texts else self.title,
            help=own.help if own.help.texts else self.help,
            fields=(*kept, *theirs.values()),
            order=own.order or self.order,
        )


def read_fields(source: Source) -> dict[str, FieldSection]:
    """Read a `fields/` folder: one section a file, named like the file.

    What is left out may stand in the pack that this one extends; `check_fields` tells what is missing in both.
    """
    sections = {}
    for file in toml.toml_files(source):
        if table := toml.read_table(source, file):
            sections[file.stem] = _read_section(table, file.stem)
    return sections


def _read_section(table: toml.Table, name: str) -> FieldSection:
    table.allow("title", "help", "repeats", "order", "source", "verified", "field")
    fields = [_read_field(field, table, name) for field in (table.tables("field") if "field" in table.content else [])]
    return FieldSection(
        name=name,
        title=table.label("title", optional=True) or Label({}),
        help=table.label("help", optional=True) or Label({}),
        repeats=table.get("repeats", bool, False),
        fields=tuple(fields),
        order=table.get("order", int, 0),
    )


def _read_field(table: toml.Table, file: toml.Table, section: str) -> Field:
    name = table.need("name", str, "")
    table = table.named(name)
    table.allow("name", "part", "also", "label", "help", "source", "verified", *_FACTS)
    if name and not toml.NAME.fullmatch(name):
        table.fault(_("A name has only plain letters, digits and underscores."), _("Write it like prs_Title."), "name")
    return Field(
        name=name,
        section=section,
        type=table.get("type", str, ""),
        codes=table.get("codes", str, ""),
        part=table.get("part", str, ""),
        core=table.get("core", bool, False),
        deprecated=table.get("deprecated", bool, False),
        official=table.get("official", bool, False),
        stored=table.get("stored", str, ""),
        repeats=table.get("repeats", bool, False),
        also=table.words("also"),
        label=table.label("label", optional=True) or Label({}),
        help=table.label("help", optional=True) or Label({}),
        official_label=table.get("official_label", str, ""),
        least=_bound(table, "least"),
        most=_bound(table, "most"),
        whole=table.get("whole", bool, False),
        past=table.get("past", bool, False),
        not_before=table.words("not_before"),
        source=table.get("source", str, "") or file.need("source", str, ""),
        verified=table.get("verified", bool, file.get("verified", bool, True)),
    )


def _bound(table: toml.Table, key: str) -> int | None:
    return table.get(key, int, 0) if key in table.content else None


def check_fields(source: Source, own: Mapping[str, FieldSection], parts: Mapping[str, Mapping[str, Any]]) -> None:
    """Tell what is wrong in a layer's fields once they lie on those of the base."""
    sections: Mapping[str, FieldSection] = parts[FIELDS.name]
    names = Counter(name for section in sections.values() for field in section.fields for name in _names(field))
    for section in own.values():
        file = source.path / f"{section.name}.toml"
        whole = {field.name: field for field in sections[section.name].fields}
        for key, what, mend in _section_faults(section, sections[section.name]):
            source.fault(key, what, mend, file)
        seen: set[str] = set()
        for number, field in enumerate(section.fields, start=1):
            told = [*_own_faults(field, whole[field.name], seen), *_faults(whole[field.name], parts, names)]
            seen.add(field.name)
            for key, what, mend in told:
                source.fault(f"field {number} ({field.name}).{key}", what, mend, file)


def _names(field: Field) -> set[str]:
    return {name.casefold() for name in (field.name, *field.also)}


def _section_faults(own: FieldSection, whole: FieldSection) -> Iterator[_Tell]:
    for key in ("title", "help", "order"):
        value = getattr(whole, key)
        if not (value.texts if isinstance(value, Label) else value):
            yield key, _("This key is missing."), _("Write it; no pack below says it.")
    if own.repeats and not whole.repeats:
        yield "repeats", _("The pack below says otherwise."), _("Take it out; stored answers count on it.")


def _own_faults(own: Field, whole: Field, seen: set[str]) -> Iterator[_Tell]:
    if own.name in seen:
        yield "name", _("The field %(name)s stands here twice.") % {"name": own.name}, _("Take one of them out.")
    for key in _FACTS:
        said = getattr(own, key)
        if said not in (None, "", ()) and said is not False and said != getattr(whole, key):
            yield key, _("The pack below says otherwise."), _("Take it out; stored answers count on it.")


def _faults(field: Field, parts: Mapping[str, Mapping[str, Any]], names: Counter[str]) -> Iterator[_Tell]:
    for key, known in (("type", TYPES), ("part", PARTS)):
        if getattr(field, key) not in known:
            yield key, _("This is not one of those that Amanat knows."), _one_of(known)
    if field.stored and field.stored not in STORED:
        yield "stored", _("This is not one of those that Amanat knows."), _one_of(STORED)
    for key in ("label", "help"):
        if not getattr(field, key).texts:
            yield key, _("This key is missing."), _("Write it; no pack below says it.")
    yield from _code_faults(field, parts.get(CODES.name, {}))
    yield from _bound_faults(field, parts[FIELDS.name])
    for name in sorted(name for name in _names(field) if names[name] > 1):
        yield "also", _("Another field is called %(name)s too.") % {"name": name}, _("Keep it in one of them.")


def _code_faults(field: Field, lists: Mapping[str, CodeList]) -> Iterator[_Tell]:
    if field.type in CODED and field.codes not in lists:
        yield "codes", _("The pack has no such code list."), _("Name a file of the folder codes.")
    elif field.codes and field.type not in CODED:
        yield "codes", _("Only a choice has codes."), _("Take it out, or change the type.")


def _bound_faults(field: Field, sections: Mapping[str, FieldSection]) -> Iterator[_Tell]:
    for key, kinds in (("least", NUMBERS), ("most", NUMBERS), ("whole", NUMBERS), ("past", DAYS), ("not_before", DAYS)):
        if field.type not in kinds and getattr(field, key) not in (None, False, ()):
            yield key, _("A field of this type has no such bound."), _("Take it out, or change the type.")
    if field.least is not None and field.most is not None and field.least > field.most:
        yield "least", _("The least is more than the most."), _("Mend one of the two.")
    days = {
        other.name
        for section in sections.values()
        for other in section.fields
        if other.type in DAYS and other.name != field.name and (other.stored or section.name == field.section)
    }
    for name in field.not_before:
        if name not in days:
            yield "not_before", _("%(name)s is no other day of this section.") % {"name": name}, _one_of(sorted(days))


def _one_of(known: Sequence[str]) -> str:
    return _("Write one of: %(names)s.") % {"names": ", ".join(known)}


def _by_name(section: FieldSection) -> Mapping[str, Field]:
    return {field.name: field for field in section.fields}


FIELDS = register("fields", read_fields, FieldSection.overridden_by, check_fields, _by_name)
