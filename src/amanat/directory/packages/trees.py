"""Objects of HSDS as JSON nests them, taken apart into rows that name each other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from amanat.directory.nesting import LISTED_AS, ONE
from amanat.directory.packages.content import Content, file_of
from amanat.packs.hsds import TABLES
from amanat.packs.hsds_rows import Entry, Table

_DEEPEST: Final = 12  # objects in each other: the standard has seven
_LISTS: Final = {name: table for table, name in LISTED_AS.items()}
_SINGLE: Final = {name: way for ways in ONE.values() for name, way in ways.items()}
"""Of one that lies in another: its table, and the column of the other by which it is named."""
ENTITIES: Final = {
    "organization": "organizations",
    "program": "programs",
    "service": "services",
    "service_at_location": "service_at_location",
    "location": "locations",
    "address": "addresses",
    "phone": "phones",
    "contact": "contacts",
    "schedule": "schedules",
    "funding": "funding",
    "service_area": "service_areas",
    "required_document": "required_documents",
    "language": "languages",
    "accessibility": "accessibility",
    "cost_option": "cost_options",
    "organization_identifier": "organization_identifiers",
    "taxonomy": "taxonomies",
    "taxonomy_term": "taxonomy_terms",
    "attribute": "attributes",
}
"""What the standard calls a row of a table, where it names one by its kind (`link_entity`, `resource_type`)."""
KIND_OF: Final = {table: entity for entity, table in ENTITIES.items()}


class Trees:
    """Takes objects apart, and tells what of them stands nowhere."""

    def __init__(self, found: Content) -> None:
        self.found = found

    def take(self, place: str, told: Any) -> None:
        """One object from the top, with all that lies in it."""
        if not isinstance(told, dict):
            self.found.tell(place or "JSON", "", _("This is no object."), _("Write it as an object in { }."))
            return
        in_table = re.match(r"(?P<table>\w+)\.csv\[", place)
        table = in_table["table"] if in_table else _kind_of(told)
        if table in TABLES:
            self._walk(table, told, place or table, {})
        else:
            self.found.leave_out(place, "", _("This file is no table of HSDS 3.0."), _("It is left out."))

    def _walk(self, table: str, told: Mapping[str, Any], place: str, named: Mapping[str, str]) -> None:
        """`named`: what follows from where it lies: that it belongs to the object around it."""
        if place.count(".") > _DEEPEST:
            self._leave_out(table, place)
            return
        values = {name: _text(value) for name, value in told.items() if not isinstance(value, dict | list)}
        values = {name: value for name, value in values.items() if value} | dict(named)
        below: list[tuple[str, Mapping[str, Any], str, dict[str, str]]] = []
        for key, value in told.items():
            if isinstance(value, dict) and key in _SINGLE and _SINGLE[key][1] in TABLES[table]:
                other, column = _SINGLE[key]
                values[column] = _text(value.get("id"))
                below.append((other, value, f"{place}.{key}", {}))
            elif isinstance(value, list) and _LISTS.get(key, key) in TABLES:
                below.extend(self._belonging(table, values.get("id", ""), key, value, f"{place}.{key}"))
            elif isinstance(value, dict | list):
                self._leave_out(table, f"{place}.{key}")
        self._put(table, values, place)
        for other, lower, where, belongs in below:
            self._walk(other, lower, where, self._with_owner(other, belongs, values))

    def _belonging(
        self, table: str, owner: str, key: str, listed: list[Any], place: str
    ) -> Iterator[tuple[str, Mapping[str, Any], str, dict[str, str]]]:
        child = _LISTS.get(key, key)
        for number, one in enumerate(listed):
            where = f"{place}[{number}]"
            if isinstance(one, dict):
                yield child, one, where, _belongs(table, owner, child)
            else:
                self.found.tell(file_of(child), where, _("This is no object."), _("Write it as an object in { }."))

    @staticmethod
    def _with_owner(table: str, belongs: dict[str, str], above: Mapping[str, str]) -> dict[str, str]:
        """A programme that lies in a service is one of the service's organisation."""
        if table == "programs" and "organization_id" not in belongs and above.get("organization_id"):
            return belongs | {"organization_id": above["organization_id"]}
        return belongs

    def _put(self, table: str, values: dict[str, str], place: str) -> None:
        """The same row may lie in several others: each adds what it alone says."""
        for name in [name for name in values if not Table(table).knows(name)]:
            self._leave_out(table, f"{place}.{name}")
            del values[name]
        rows, key = self.found.tables[table], values.get("id", "")
        before = rows.get(key)
        if before is None:
            rows[key] = Entry(key, values, len(rows) + 1)
            self.found.places[table, key] = place
            return
        for name in sorted(name for name in values if before[name] and before[name] != values[name]):
            what = _("Stands here as well, and says something else: %(text)s.") % {"text": values[name][:100]}
            self.found.leave_out(file_of(table), f"{place}.{name}", what, _("What stands first is taken."))
        rows[key] = Entry(key, {**values, **before.values}, before.file_row)

    def _leave_out(self, table: str, where: str) -> None:
        self.found.leave_out(file_of(table), where, _("HSDS 3.0 knows nothing of this name."), _("It is left out."))


def _belongs(table: str, owner: str, child: str) -> dict[str, str]:
    """The columns by which a row says to which one it belongs."""
    kind = KIND_OF.get(table, "")
    if child == "attributes":
        return {"link_id": owner, "link_entity": kind}
    if child == "metadata":
        return {"resource_id": owner, "resource_type": kind}
    columns = [column.name for column in TABLES[child].values() if column.link == table and column.name == f"{kind}_id"]
    return {column: owner for column in columns if owner}


def _kind_of(told: Mapping[str, Any]) -> str:
    """The table of an object that does not say of which it is, by what only such a one has."""
    marks = {
        "locations": "location_type",
        "service_at_location": "location",
        "services": "status",
        "taxonomy_terms": "taxonomy_detail",
    }
    return next((table for table, mark in marks.items() if mark in told), "organizations")


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case float() if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        case _:
            return str(value).strip()
