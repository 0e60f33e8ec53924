"""Files as workers bring them, for the tests of this room."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from amanat.access.actor import Actor
from amanat.exchange import keeping
from amanat.exchange.actions import importing
from amanat.exchange.mapping import Mapping
from amanat.exchange.models import Import
from amanat.exchange.work import Work
from amanat.vault.uploads import SealedUpload

HEADERS = ["prs_FirstName", "prs_SecondName", "prs_Birthdate", "prs_MobilePhone", "Shoe size"]
AYLAR = ["Aylar", "Walkedowa", "2011-03-04", "+99312345678", "36"]
MERDAN = ["Merdan", "Readyýew", "2012-05-06", "", ""]
NOBODY = ["", "", "2012-05-06", "", "38"]


def csv_bytes(rows: Sequence[Sequence[str]], headers: Sequence[str] = HEADERS) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows([headers, *rows])
    return text.getvalue().encode()


def many(count: int) -> list[list[str]]:
    """So many children of different names."""
    return [[f"Aylar{chr(97 + n % 26)}{n}", f"Walkedowa{n}", "2011-03-04", "", str(n)] for n in range(count)]


def upload(content: bytes, name: str = "children.csv") -> SealedUpload:
    """As the upload handler gives it."""
    return SealedUpload.of(content, name)


def brought(actor: Actor, rows: Sequence[Sequence[str]] | bytes, headers: Sequence[str] = HEADERS) -> Import:
    """A file of these rows, or with this content, received and mapped as proposed."""
    content = rows if isinstance(rows, bytes) else csv_bytes(rows, headers)
    held = keeping.find(actor, importing.receive(file=upload(content), actor=actor))
    mapping = Mapping.from_data(keeping.opened(held, "about", actor)["survey"]["mapping"])
    importing.map_columns(held, mapping=mapping, actor=actor)
    return keeping.find(actor, held.pk)


def looked(actor: Actor, rows: Sequence[Sequence[str]] | bytes, headers: Sequence[str] = HEADERS) -> Import:
    """The same, looked through to the end."""
    held = brought(actor, rows, headers)
    importing.look_through(held, actor=actor)
    Work().all_of(held)
    return keeping.find(actor, held.pk)


def taken(actor: Actor, rows: Sequence[Sequence[str]], which: str = "all") -> Import:
    """The same, and taken in."""
    held = looked(actor, rows)
    importing.take(held, which=which, actor=actor)
    Work().all_of(held)
    return keeping.find(actor, held.pk)
