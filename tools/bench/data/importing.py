"""A workbook of another office taken in by a worker: received, mapped, looked through with *known?*, taken. As `exchange` does it.

Nine rows of ten are about new children, one about a child in the worker's own circle, written in another way.
"""

from __future__ import annotations

import csv
import hashlib
import io
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from tools.bench.data.asking import translit
from tools.bench.data.finding import worker
from tools.bench.data.generator import SEED, Entry, Registered, registry
from tools.bench.data.seeding import CASELOAD, LOOKED_THROUGH

if TYPE_CHECKING:
    from amanat.access.actor import Actor
    from amanat.exchange.models import Import

KNOWN = 10  # of so many rows one is about a child that the worker has
COLUMNS = (
    "prs_FirstName prs_SecondName prs_MiddleName prs_Birthdate prs_Gender prs_IdentityNumber prs_MobilePhone prs_MailingCity "
    "prs_MailingCountry prs_PrimaryLanguage prs_NumberOfChildren cas_Status Remarks"
).split()
LANGUAGES = {"tk": "tk", "ru": "ru", "ro": "ro"}
COUNTRIES = {"tk": "Turkmenistan", "ru": "Russian Federation", "ro": "Moldova"}


def table(rows: int, seed: str, own: list[Registered]) -> bytes:
    """A CSV under the standard's field names."""
    draw, out = random.Random(seed), io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for number, told in enumerate(registry(rows, seed)):
        entry = translit(draw.choice(own), draw) if own and number % KNOWN == 0 else told.entry
        writer.writerow(_cells(entry, told.child.world, number))
    return out.getvalue().encode()


def _cells(entry: Entry, world: str, number: int) -> Iterator[str]:
    yield from (entry.given, entry.family, entry.patronymic, entry.birth_date, entry.sex, entry.document, entry.phone)
    yield from (entry.place, COUNTRIES[world], LANGUAGES[world], "0", "Active", f"row {number} of the old register")


def measured(rows: int) -> dict[str, Any]:
    """Rows a second of the dry run and of the taking in, the log sealed; and what the dry run said."""
    from amanat.audit.sealer import seal_pending
    from amanat.exchange.models import Import

    # Each time by another worker, so that an own circle of 500 files stays one.
    number = 1 + Import.objects.count()
    actor, own = worker(number), _caseload(number)
    held = received(table(rows, f"{SEED} import {number}", own), actor)
    looking = _worked(held, actor, "look_through")
    held.refresh_from_db()
    seen = {kind: sum(held.batches.values_list(kind, flat=True)) for kind in ("fresh", "known", "wrong", "empty")}
    taking = _worked(held, actor, "take", which="all")
    start = time.perf_counter()
    seal_pending(datetime.now(UTC))
    sealing = time.perf_counter() - start
    held.refresh_from_db()
    taken = sum(held.batches.values_list("taken", flat=True))
    told = {"rows": rows, "about_own": -(-rows // KNOWN), "seen": seen, "taken": taken}
    return told | {"look": rows / looking, "take": taken / taking, "take_sealed": taken / (taking + sealing)}


def _caseload(number: int) -> list[Registered]:
    first = LOOKED_THROUGH + (number - 1) * CASELOAD
    return list(islice(registry(first + CASELOAD), first, None))


def received(content: bytes, actor: Actor) -> Import:
    """The file sealed and kept as an upload is, its columns as the product proposes them."""
    from amanat.exchange import keeping, proposing
    from amanat.exchange.actions import importing
    from amanat.vault.files import write_sealed
    from amanat.vault.uploads import SealedUpload

    digest = hashlib.sha256(content).hexdigest()
    upload = SealedUpload(
        write_sealed(content), name="register.csv", content_type="", size=len(content), sha256=digest, too_large=False
    )
    held = keeping.find(actor, importing.receive(file=upload, actor=actor))
    survey = keeping.opened(held, "about", actor)["survey"]
    importing.map_columns(held, mapping=proposing.proposal_for(held, survey, actor).mapping, actor=actor)
    return keeping.find(actor, held.pk)


def _worked(held: Import, actor: Actor, verb: str, **said: Any) -> float:
    """The seconds that the work took after the verb asked for it."""
    from amanat.exchange import keeping
    from amanat.exchange.actions import importing
    from amanat.exchange.work import Work

    getattr(importing, verb)(keeping.find(actor, held.pk), actor=actor, **said)
    start = time.perf_counter()
    Work().all_of(held)
    return time.perf_counter() - start
