"""A sealed file of others as this room works on it: its columns with samples and what they probably are, then its rows.

How tables are opened, columns known and cells read stands in the pure modules beside this one; here they meet the sealed file.
"""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable, Iterator
from collections.abc import Mapping as AnyMapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from amanat import packs
from amanat.exchange.cells import RowRead, RowReader
from amanat.exchange.mapping import ROW_NUMBER, Mapping, records
from amanat.exchange.notices import Notice, joined
from amanat.exchange.surveying import propose
from amanat.exchange.tables import Tables, open_tables
from amanat.vault.files import SealedReader

ALSO, LEFT_OUT = "", ROW_NUMBER  # what a column becomes that goes into no field: kept as it stands, or not at all
TOO_LARGE_HINT = _("Send a part of it, or ask your administrator to bring it in by the command line.")


def survey(file: uuid.UUID, key: bytes, letters: str = "") -> dict[str, Any]:
    """What a file seems to be, as JSON: `mapping` (see `mapping.Mapping`), `samples` by title, `notices`.

    `letters`: how those of a text file are written, one of `encodings.KNOWN`, where a person said so.

    Raises:
        UnreadableFile: with what, where and how to mend it.
    """
    with _opened(file, key, letters) as (tables, _how_far):
        proposal = propose(tables, packs.current())
    return {
        "mapping": proposal.mapping.as_data(),
        "samples": proposal.samples,
        "notices": [notice.as_data() for notice in proposal.notices],
    }


def notices(survey: AnyMapping[str, Any]) -> list[Notice]:
    """What a person should know of a file, each thing once."""
    return joined(Notice(**told) for told in survey["notices"])


def rows(
    file: uuid.UUID, key: bytes, mapping: Mapping, today: date, letters: str = ""
) -> Iterator[tuple[RowRead, float]]:
    """The rows of a file under a mapping, each with how far into the file it stands (from 0 to 1, about).

    Raises:
        UnreadableFile: the file breaks off.
        DamagedFile: the sealed bytes do not hold.
    """
    reader = RowReader(mapping, packs.current(), today)
    with _opened(file, key, letters) as (tables, how_far):
        for record in records(tables, mapping):
            yield reader.read(record), how_far()


@contextmanager
def _opened(file: uuid.UUID, key: bytes, letters: str) -> Iterator[tuple[Tables, Callable[[], float]]]:
    with SealedReader(file, key) as raw, open_tables(io.BufferedReader(raw, 1 << 16), encoding=letters) as tables:
        yield tables, lambda: min(1.0, raw.tell() / raw.size) if raw.size else 1.0
