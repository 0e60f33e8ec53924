"""How much a file of others may hold. Checked while it is unpacked and read: what a file says about itself may be a lie."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MIB: Final = 1 << 20

MOST_COLUMNS: Final = 1024
"""Columns in which something stands; the widest of our own exports has about 300."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Ours, from measuring: 200,000 rows of 38 columns unpack to 490 MiB, 12 times their size in the zip; their texts, where
    each stands once, to 80 MiB.

    `ratio`: how many times its packed size a part may unpack to, once it is larger than `ratio_from`. `directory`: bytes of
    the zip's list of contents. `shared`: bytes of all different texts of a workbook, which must be held to read it.
    `small`: bytes of a part that describes the workbook. `cell`: letters of one cell. `row`: letters of all cells of a
    row, since one shared text may stand in each of them. `tag`: bytes of one XML tag.
    """

    unpacked: int = 1024 * MIB
    ratio: int = 200
    ratio_from: int = 16 * MIB
    directory: int = 2 * MIB
    shared: int = 128 * MIB
    small: int = 16 * MIB
    sheets: int = 100
    columns: int = MOST_COLUMNS
    rows: int = 250_000
    cell: int = 100_000
    row: int = 1_000_000
    line: int = MIB
    tag: int = MIB


LIMITS: Final = Limits()
