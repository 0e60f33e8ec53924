"""A package that somebody brought, read: a .zip of the tables of HSDS 3.0 as CSV, or JSON. Whether it fits says `checking`."""

from __future__ import annotations

import json
from pathlib import PurePosixPath
from typing import Any, Final, NoReturn

from django.utils.translation import gettext as _

from amanat.directory.packages.content import Content, file_of
from amanat.directory.packages.trees import Trees
from amanat.packs import Fault, FaultyPack
from amanat.packs.bundles import files_of_zip
from amanat.packs.hsds import TABLES
from amanat.packs.hsds_rows import MOST_ROWS, Table, read_csv

_SAYS_WHAT_IT_IS: Final = ("datapackage.json",)  # the tables say it themselves


def read(name: str, content: bytes) -> Content:
    """The rows of a package, with every fault in it; none is raised."""
    found = Content()
    try:
        if content[:2] == b"PK":
            _read_tables(found, files_of_zip(name, content))
        else:
            _read_json(found, name, content)
    except FaultyPack as faulty:
        found.faults.extend(faulty.faults)
    if not found.faults and not any(found.tables.values()):
        found.tell(name, "", _("Nothing of HSDS 3.0 stands in this file."), _not_a_package())
    return found


def _not_a_package() -> str:
    return _(
        "Send a .zip with tables such as organizations.csv and services.csv, or JSON of organisations or services."
    )


def _read_tables(found: Content, files: dict[str, bytes]) -> None:
    seen: dict[str, str] = {}
    for place, content in sorted(files.items()):
        path = PurePosixPath(place)
        if path.name in _SAYS_WHAT_IT_IS:
            continue
        if path.suffix != ".csv" or path.stem not in TABLES:
            found.leave_out(place, "", _("This file is no table of HSDS 3.0."), _("It is left out."))
        elif path.stem in seen:
            found.tell(place, "", _("This file stands here twice."), _("Take one of them out."))
        else:
            seen[path.stem] = place
            tell, leave = found.teller(path.name), found.leaver(path.name)
            found.tables[path.stem] = read_csv(Table(path.stem), content, tell, tell_unknown=leave)


def _read_json(found: Content, name: str, content: bytes) -> None:
    trees = Trees(found)
    for place, told in _objects(name, content):
        trees.take(place, told)
    for table, rows in found.tables.items():
        if len(rows) > MOST_ROWS:
            _refuse(file_of(table), _("These are too many rows."), _("Write %(most)d at most.") % {"most": MOST_ROWS})
        for entry in rows.values():
            for column, what, mend in Table(table).wrong(entry.values):
                found.tell_of(table, entry, column, what, mend)


def _objects(name: str, content: bytes) -> list[tuple[str, Any]]:
    """What is told of at the top: one object, a list of them, a page of the HSDS API, or tables in one file."""
    try:
        told = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        _refuse(name, _("This is neither a .zip nor JSON, or it is damaged."), _not_a_package())
    match told:
        case {"contents": list(listed)}:
            return [(f"contents[{place}]", one) for place, one in enumerate(listed)]
        case list(listed):
            return [(f"[{place}]", one) for place, one in enumerate(listed)]
        case dict() if told and all(str(key).endswith(".csv") for key in told):
            return [(f"{key}[{place}]", one) for key, rows in told.items() for place, one in enumerate(rows or ())]
        case _:
            return [("", told)]


def _refuse(place: str, what: str, mend: str) -> NoReturn:
    raise FaultyPack([Fault(place, "", what, mend)])
