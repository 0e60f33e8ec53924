"""What a package holds: rows by table and the id that it gives them, what is wrong in it, and what of it nobody here reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial

from amanat.packs import Fault
from amanat.packs.faults import TOLD
from amanat.packs.hsds_rows import Entry, Tell, told_place

Tables = Mapping[str, Mapping[str, Entry]]


@dataclass
class Content:
    """`places`: where a row stands, for those that stand in no row of a table."""

    tables: dict[str, dict[str, Entry]] = field(default_factory=lambda: defaultdict(dict))
    faults: list[Fault] = field(default_factory=list)
    left_out: list[Fault] = field(default_factory=list)
    places: dict[tuple[str, str], str] = field(default_factory=dict)

    def tell(self, file: str, where: str, what: str, mend: str) -> None:
        _add(self.faults, Fault(file, where, what, mend))

    def leave_out(self, file: str, where: str, what: str, mend: str) -> None:
        _add(self.left_out, Fault(file, where, what, mend))

    def teller(self, file: str) -> Tell:
        return partial(_tell_row, self.faults, file)

    def leaver(self, file: str) -> Tell:
        return partial(_tell_row, self.left_out, file)

    def tell_of(self, table: str, entry: Entry, column: str, what: str, mend: str) -> None:
        """Tell what is wrong in a cell of a row that was read."""
        place = self.places.get((table, entry.id))
        where = f"{place}.{column}" if place else told_place(entry.file_row, column)
        self.tell(file_of(table), where, what, mend)


def file_of(table: str) -> str:
    return f"{table}.csv"


def _tell_row(faults: list[Fault], file: str, row: int, column: str, what: str, mend: str) -> None:
    _add(faults, Fault(file, told_place(row, column), what, mend))


def _add(faults: list[Fault], fault: Fault) -> None:
    if len(faults) < TOLD and fault not in faults[-20:]:
        faults.append(fault)
