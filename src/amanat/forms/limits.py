"""How much a form and its answers may ask of the machine. Ours, from measuring: several times what real forms need."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

MIB: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Of the file: `file` and `unpacked` bytes, `rows`, `columns` and `cells` of a sheet, `cell` letters of a cell.

    Of the form: `xform` bytes, `nodes` of its instance, `choices` in all lists, `expression` letters and `depth` of one
    expression. Of a filling: `repeats` in one place and `instances` of all repeats, `answer` letters of an answer, `text`
    letters of anything computed, `steps` and `seconds` of one evaluation of all that depends on an answer. `on_paper`: choices
    of one question that are printed.

    Of the files beside it: `picture` bytes and `pixels` of one picture, `files` in number, `beside` bytes of all together.
    """

    file: int = 5 * MIB
    unpacked: int = 50 * MIB
    rows: int = 20_000
    columns: int = 200
    cell: int = 32_767
    cells: int = 4_000_000
    xform: int = 20 * MIB
    nodes: int = 20_000
    choices: int = 50_000
    expression: int = 20_000
    depth: int = 60
    pattern: int = 1_000
    repeats: int = 200
    instances: int = 2_000
    answer: int = 20_000
    text: int = 100_000
    on_paper: int = 200
    steps: int = 1_000_000
    picture: int = MIB
    pixels: int = 25_000_000
    files: int = 100
    beside: int = 10 * MIB
    seconds: float = 3.0


LIMITS: Final = Limits()
