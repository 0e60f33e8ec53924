"""Whether the rows of a package name rows that are there, in it or in the directory, and whether any stand above each other in a circle."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from amanat.directory.packages.cells import MODELS, NAMES_ANY, names_any
from amanat.directory.packages.content import Content, file_of
from amanat.directory.packages.naming import in_parts, row_id
from amanat.packs.hsds import TABLES
from amanat.packs.hsds_rows import Entry

SHOWN: Final = 10  # of a circle; ours, as that
_ABOVE: Final = {"organizations": "parent_organization_id", "taxonomy_terms": "parent_id"}


@dataclass(frozen=True)
class _Link:
    table: str
    entry: Entry
    column: str
    to: str


def check(content: Content, publisher: str) -> None:
    """Tell every link that leads nowhere, every circle, and every row that is there twice."""
    _check_ids(content, publisher)
    links = [link for link in _links(content) if link.entry[link.column] not in content.tables.get(link.to, {})]
    here = _here((link.to, row_id(publisher, link.to, link.entry[link.column])) for link in links)
    for link in links:
        given = link.entry[link.column]
        if row_id(publisher, link.to, given) not in here[link.to]:
            what = _("%(file)s has no row %(id)s.") % {"file": file_of(link.to), "id": given}
            content.tell_of(
                link.table, link.entry, link.column, what, _("Write the id of one that is there, or add it.")
            )
    for table in _ABOVE:
        _check_circles(content, table, publisher)


def _check_ids(content: Content, publisher: str) -> None:
    """One UUID can be written in several ways."""
    for table, rows in content.tables.items():
        seen: set[uuid.UUID] = set()
        for entry in rows.values():
            pk = row_id(publisher, table, entry.id)
            if pk in seen:
                what = _("The code %(code)s stands here twice.") % {"code": entry.id}
                content.tell_of(table, entry, "id", what, _("Take one of them out."))
            seen.add(pk)


def _links(content: Content) -> Iterator[_Link]:
    for table, rows in content.tables.items():
        links = [column for column in TABLES[table].values() if column.link]
        for entry in rows.values():
            yield from (_Link(table, entry, column.name, column.link) for column in links if entry[column.name])
            if table == "attributes" and entry["link_id"]:  # history may name what is gone
                yield from _said(content, table, entry)


def _said(content: Content, table: str, entry: Entry) -> Iterator[_Link]:
    column, says = NAMES_ANY[table]
    if to := names_any(table, column, entry.values):
        yield _Link(table, entry, column, to)
    else:
        what = _("%(word)s is no kind of row of HSDS 3.0, so nobody can say whether it is there.") % {
            "word": entry[says]
        }
        content.leave_out(file_of(table), entry.id, what, _("It is taken in as it is."))


def _here(asked: Iterable[tuple[str, uuid.UUID]]) -> Mapping[str, set[uuid.UUID]]:
    by_table: dict[str, set[uuid.UUID]] = defaultdict(set)
    for table, pk in asked:
        by_table[table].add(pk)
    found: dict[str, set[uuid.UUID]] = defaultdict(set)
    for table, ids in by_table.items():
        for part in in_parts(ids):
            found[table] |= set(MODELS[table]._default_manager.filter(pk__in=part).values_list("pk", flat=True))
    return found


def _check_circles(content: Content, table: str, publisher: str) -> None:
    """With what stands above what here already: half a circle may be here."""
    rows, column = content.tables.get(table, {}), _ABOVE[table]
    if not any(entry[column] for entry in rows.values()):
        return
    stand = MODELS[table]._default_manager.exclude(**{column: None}).values_list("pk", column)
    above: dict[uuid.UUID, uuid.UUID | None] = dict(stand.iterator())
    names = {row_id(publisher, table, entry.id): entry for entry in rows.values()}
    for pk, entry in names.items():
        above[pk] = row_id(publisher, table, entry[column]) if entry[column] else None
    for circle in _circles(names, above):
        entry = next(names[pk] for pk in circle if pk in names)
        shown = [names[one].id if one in names else str(one) for one in circle[:SHOWN]]
        chain = " → ".join([*shown, "…" if len(circle) > SHOWN else shown[0]])
        what = _("These stand above each other in a circle: %(chain)s.") % {"chain": chain}
        content.tell_of(table, entry, column, what, _("Say which of them stands at the top."))


def _circles(starts: Iterable[uuid.UUID], above: Mapping[uuid.UUID, uuid.UUID | None]) -> Iterator[list[uuid.UUID]]:
    """Each circle once that is met on the way up from one of these. Whatever is passed is passed once."""
    passed: set[uuid.UUID] = set()
    for start in starts:
        way: dict[uuid.UUID, int] = {}
        at: uuid.UUID | None = start
        while at is not None and at not in passed and at not in way:
            way[at] = len(way)
            at = above.get(at)
        if at is not None and at in way:
            yield list(way)[way[at] :]
        passed |= way.keys()
