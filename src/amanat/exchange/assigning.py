"""Which field each column is, by its name and its label; and what to do where these disagree, as they do in official files."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from amanat.exchange.headings import NOTHING, Headings, Known
from amanat.exchange.mapping import ALSO, REPEATS, Column
from amanat.exchange.notices import Notice
from amanat.exchange.whole_names import FULL_NAME

_ADDRESS: Final = "prs_Mailing"


@dataclass(frozen=True, slots=True)
class Header:
    """What stands over a column: in the row of names, where there is one, and in the row of labels."""

    part: int
    sheet: str
    letters: str
    name: str
    label: str
    title: str
    has_names: bool


def assigned(headers: Sequence[Header], headings: Headings) -> tuple[list[Column], list[Notice]]:
    """Give the columns with the fields that they seem to be, and what to tell about it.

    Name and label agreeing is best. Where they disagree the label is followed, for it is what people saw as they wrote;
    unless another column has that label with its right name.
    """
    found = [
        (header, NOTHING, NOTHING)
        if _is_no_field(header)
        else (header, headings.find(header.name), headings.find(header.label))
        for header in headers
    ]
    agreed = {field for _header, name, label in found if (field := _agreed(name, label))}
    columns: list[Column] = []
    notices: list[Notice] = []
    taken: dict[str, Header] = {}
    for header, name, label in found:
        known, told = _decided(header, name, label, agreed)
        if not known and not _is_no_field(header):
            known = headings.like(header.label or header.name)
        field = known.field
        notices += (
            [Notice(told, {"label": header.label, "name": header.name}, header.sheet, header.letters)] if told else []
        )
        notices += _told(header, known, taken)
        if field in taken:
            field = ""
        elif field:
            taken[field] = header
        columns.append(_column(header, field, known.how if field else ""))
    return _with_given_name(columns, headings), _with_one_address(notices, found)


def _is_no_field(header: Header) -> bool:
    """Whether one of our exports says so, whatever the label is."""
    return header.name == REPEATS or header.name.startswith(ALSO)


def _agreed(name: Known, label: Known) -> str:
    if not name.field:
        return ""
    return name.field if not label or name.field in label.fields else ""


def _decided(header: Header, name: Known, label: Known, agreed: set[str]) -> tuple[Known, str]:
    """The field, and the code of a notice."""
    if name.field and (not label or name.field in label.fields):
        return name, ""
    if not name.field:
        told = "empty_name" if header.has_names and not header.name and label.field else ""
        return label, told
    if not label.field or label.field in agreed:
        return name, "name_decides"
    return label, "label_decides"


def _told(header: Header, known: Known, taken: dict[str, Header]) -> list[Notice]:
    """What to tell about how a field was found, or why none was."""
    heading = header.name if known.how == "misspelt" else header.label or header.name
    given = {"name": heading, "label": header.title, "field": known.field, "column": header.letters}
    codes = []
    if known.field in taken:
        given["first"] = taken[known.field].title
        codes = ["twice"]
    elif known.how in ("misspelt", "near"):
        codes = [known.how]
    elif known and not known.field:
        given["fields"] = ", ".join(filter(None, known.fields))
        codes = ["ambiguous"]
    elif not (header.name or header.label):
        codes = [] if header.letters == "A" else ["no_header"]
    return [Notice(code, given, header.sheet, header.letters) for code in codes]


def _with_one_address(notices: list[Notice], found: Sequence[tuple[Header, Known, Known]]) -> list[Notice]:
    """The address columns of the official workbooks disagree all together: that is told once."""
    address = {
        header.letters
        for header, name, label in found
        if name.field.startswith(_ADDRESS) and label.field.startswith(_ADDRESS) and name.field != label.field
    }
    if not address:
        return notices
    kept = [notice for notice in notices if not (notice.code == "label_decides" and notice.column in address)]
    return [Notice("address_order", {}, column=",".join(sorted(address))), *kept]


def _with_given_name(columns: list[Column], headings: Headings) -> list[Column]:
    """*Name* beside a column of family names, and none of given ones, means the given name."""
    fields = {column.field for column in columns}
    given, family = headings.names.get("given", ""), headings.names.get("family", "")
    if FULL_NAME not in fields or family not in fields or given in fields:
        return columns
    return [replace(column, field=given) if column.field == FULL_NAME else column for column in columns]


def _column(header: Header, field: str, how: str) -> Column:
    return Column(
        letters=header.letters,
        title=header.title,
        field=field,
        part=header.part,
        sheet=header.sheet,
        header=header.label,
        name=header.name,
        how=how,
    )
