"""Rows of fields on their way out, whatever kind of file they go into: held until all columns are known, and what each column has.

Texts that no field takes stand in a row under `ALSO_IN_THE_SOURCE`, by part and header.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from amanat.cases.models import ALSO_IN_THE_SOURCE
from amanat.exchange import official
from amanat.exchange.cells import FlatRow
from amanat.packs import Field, Pack
from amanat.packs.coding import Writing
from amanat.packs.records import parted


@dataclass(frozen=True, slots=True)
class Column:
    """A column to write: what stands over it, where its value is in a flat row, and how it is written."""

    name: str
    label: str
    take: Callable[[FlatRow], Any]
    write: Writing


class Held:
    """All rows, packed: which columns there are is known only after the last."""

    def __init__(self, rows: Iterable[FlatRow]) -> None:
        packer = zlib.compressobj(1)
        pieces = []
        keys: dict[str, None] = {}
        also: dict[tuple[str, str], None] = {}
        self.count = 0
        for row in rows:
            self.count += 1
            keys |= dict.fromkeys(row)
            for part, texts in row.get(ALSO_IN_THE_SOURCE, {}).items():
                also |= dict.fromkeys((part, header) for header in texts)
            pieces.append(packer.compress(json.dumps(row).encode() + b"\n"))
        pieces.append(packer.flush())
        keys.pop(ALSO_IN_THE_SOURCE, None)
        self._packed = b"".join(pieces)
        self.keys, self.also = list(keys), list(also)

    def __iter__(self) -> Iterator[FlatRow]:
        unpacker, line = zlib.decompressobj(), b""
        for start in range(0, len(self._packed), 1 << 14):
            line += unpacker.decompress(self._packed[start : start + (1 << 14)])
            *lines, line = line.split(b"\n")
            yield from map(json.loads, lines)


def further_keys(held: Held, pack: Pack) -> list[str]:
    """Every field that the official sheet lacks, each followed by its later records as far as there are any.

    Raises:
        UnknownField: a row has a key that is no field of the pack.
    """
    fields = {
        field.name: at for at, field in enumerate(field for section in pack.sections() for field in section.fields)
    }
    shown = {field for _name, _label, field in official.COLUMNS}
    keys = {*fields, *held.keys} - shown

    def place(key: str) -> tuple[int, int]:
        name, record = parted(key)
        pack.field(name)
        return (record, fields[name])

    return sorted(keys, key=place)


def field_column(name: str, label: str, key: str, pack: Pack, way: Callable[[Field, Pack], Writing]) -> Column:
    """The column of a field, or of a later record of it. `way`: how values of a field are written."""
    return Column(name, label, lambda row: row.get(key), way(pack.field(parted(key)[0]), pack))


def also_column(name: str, label: str, part: str, header: str) -> Column:
    """The column of what no field took under a header, in a part."""
    return Column(name, label, lambda row: row.get(ALSO_IN_THE_SOURCE, {}).get(part, {}).get(header, ""), str)
