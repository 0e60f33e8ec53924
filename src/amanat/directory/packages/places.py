"""What of a package tells where a confidential place is, taken out of its tables."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from amanat.directory.models import Location, ServiceAtLocation
from amanat.directory.packages.cells import CONFIDENTIAL, Cells, names_any
from amanat.directory.packages.content import Tables
from amanat.directory.packages.naming import row_id
from amanat.packs.hsds import TABLES
from amanat.packs.hsds_rows import Entry

Place = dict[str, list[dict[str, str]]]
"""By table the rows of one place, as `ConfidentialPlace.content` keeps them."""
STAYS: Final = frozenset({"id", "location_type", "organization_id", "amanat::region", CONFIDENTIAL})
"""Of a confidential location, what stands in clear."""
WORDS: Final = {
    "service_at_location": frozenset({"description"}),
    "schedules": frozenset({"description", "notes", "schedule_link", "attending_type"}),
}
"""Of rows that say something else than where a place is, the words that might."""
WHOLE: Final = ("contacts", "phones", "addresses", "accessibility", "languages", "attributes", "metadata")
"""Tables of which a row goes as a whole, in such an order that who is named comes before who names."""


class Hiding:
    """`clear`: the tables without what tells. `sealed`: by location what does. `gone`: by table the rows that went as a whole."""

    def __init__(self, tables: Tables, publisher: str) -> None:
        self.publisher = publisher
        self.clear: dict[str, dict[str, Entry]] = {name: dict(rows) for name, rows in tables.items()}
        self.sealed: dict[uuid.UUID, Place] = defaultdict(lambda: defaultdict(list))
        self.gone: dict[str, dict[uuid.UUID, uuid.UUID]] = defaultdict(dict)
        self._at = self._confidential(tables)
        if self._at:
            self._take_out()

    def _confidential(self, tables: Tables) -> dict[tuple[str, uuid.UUID], uuid.UUID]:
        """By table and key the rows that stand for a confidential location, and which one: it, and what is offered there."""
        marked = {
            row_id(self.publisher, "locations", entry.id)
            for entry in tables.get("locations", {}).values()
            if entry[CONFIDENTIAL] == "yes"
        }
        marked |= set(Location.objects.filter(is_confidential=True).values_list("pk", flat=True))
        found = {("locations", pk): pk for pk in marked}
        offered = ServiceAtLocation.objects.filter(location__is_confidential=True).values_list("pk", "location_id")
        found |= {("service_at_location", pk): location for pk, location in offered.iterator()}
        for entry in tables.get("service_at_location", {}).values():
            location = row_id(self.publisher, "locations", entry["location_id"])
            if location in marked:
                found["service_at_location", row_id(self.publisher, "service_at_location", entry.id)] = location
        return found

    def leave(self, location: uuid.UUID) -> None:
        """Nothing of this place is taken: its agency keeps it."""
        self.sealed.pop(location, None)
        for rows in self.gone.values():
            for pk in [pk for pk, at in rows.items() if at == location]:
                del rows[pk]

    def _take_out(self) -> None:
        for entry in list(self.clear.get("locations", {}).values()):
            if at := self._at.get(("locations", self._pk("locations", entry))):
                self._part("locations", entry, at, entry.values.keys() - STAYS)
        for table, entry, at in self._placed(WORDS):
            self._part(table, entry, at, WORDS[table])
        for table, entry, at in self._placed(WHOLE):
            self.sealed[at][table].append(self._named(table, entry.values))
            self.gone[table][self._pk(table, entry)] = at
            self._at[table, self._pk(table, entry)] = at
            del self.clear[table][entry.id]

    def _placed(self, tables: Iterable[str]) -> Iterator[tuple[str, Entry, uuid.UUID]]:
        """The rows that belong to a confidential place, as each is come to."""
        for table in tables:
            for entry in list(self.clear.get(table, {}).values()):
                if at := self._place_of(table, entry):
                    yield table, entry, at

    def _part(self, table: str, entry: Entry, at: uuid.UUID, words: Iterable[str]) -> None:
        told = {name: text for name, text in entry.values.items() if name in words}
        left = {name: text for name, text in entry.values.items() if name not in told}
        if told:
            self.sealed[at][table].append({"id": str(self._pk(table, entry)), **told})
        if table == "locations":
            left[CONFIDENTIAL] = "yes"  # once confidential it stays so, whatever a package says
        self.clear[table][entry.id] = Entry(entry.id, left, entry.file_row)

    def _place_of(self, table: str, entry: Entry) -> uuid.UUID | None:
        if at := self._at.get((table, self._pk(table, entry))):
            return at
        links = links_of(table, entry.values, self.publisher)
        return next((at for _column, to, pk in links if (at := self._at.get((to, pk)))), None)

    def _named(self, table: str, cells: Mapping[str, str]) -> dict[str, str]:
        """The row with the ids of the directory in it."""
        links = {column: str(pk) for column, _to, pk in links_of(table, cells, self.publisher)}
        return {**cells, **links, "id": str(row_id(self.publisher, table, cells["id"]))}

    def _pk(self, table: str, entry: Entry) -> uuid.UUID:
        return row_id(self.publisher, table, entry.id)


def links_of(table: str, cells: Cells, publisher: str) -> Iterator[tuple[str, str, uuid.UUID]]:
    """The rows that a row names: by which column, the table of each, and its key in the directory."""
    for column in TABLES[table].values():
        text = cells.get(column.name, "")
        to = column.link or names_any(table, column.name, cells)
        if text and to:
            yield column.name, to, row_id(publisher, to, text)
