"""Fills an empty workspace with a seeded caseload: agencies, workers, children, through the bulk path of the real verb.

Run as `python -m tools.bench.seed CHILDREN` in a workspace's environment; the process holds the keys.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from tools.bench.people import Office

if TYPE_CHECKING:
    from amanat.access.actor import Actor

A_WORKER = 50  # children a worker; an agency has 20 workers, so 1,000 children
AN_AGENCY = 1000
MEASURED = 32  # workers whose pages are measured
GIVEN = "Aylar Bahar Begenç Çary Döwlet Eziz Gözel Güljan Jahan Kerim Leýla Maral Merdan Nurana Oraz Selbi Sona Şirin Tawus Ýazgül".split()
FAMILY = "Annaýew Atajanow Berdiýew Çaryýew Durdyýew Garaýew Gurbanow Hojaýew Mämmedow Nuryýew Orazow Rejepow Saparow Täçmyradow".split()
NOTE = "Met at the office. Slept well, asks about school. Agreed to speak again on Thursday; the aunt will come along. "


def children(count: int, seed: int) -> Iterator[tuple[dict[str, object], dict[str, object]]]:
    """Invented identities and contacts, the same for the same seed."""
    draw = random.Random(seed)
    for _child in range(count):
        born = datetime(2009, 1, 1, tzinfo=UTC) + timedelta(days=draw.randrange(3650))
        name = {"given": draw.choice(GIVEN), "family": draw.choice(FAMILY) + draw.choice(("", "a"))}
        identity: dict[str, object] = {
            "names": [name],
            "birth_date": born.date().isoformat(),
            "certainty": "claimed",
            "sex": "Feminine",
        }
        phone = f"+993 6{draw.randrange(10_000_000):07d}"
        yield identity, {"called": name["given"], "phones": [phone]}


def main(count: int) -> None:
    """Everything in one process: settle the agencies, then register in batches, as each worker in turn."""
    from django.db import transaction

    from amanat.audit.sealer import seal_pending

    office = Office.settle(max(1, count // AN_AGENCY), AN_AGENCY // A_WORKER)
    draw, told, start = random.Random(count), children(count, count), time.monotonic()
    for done in range(0, count, AN_AGENCY):
        with transaction.atomic():  # an agency a commit: a small one for each worker would only measure the disk
            for first in range(done, min(done + AN_AGENCY, count), A_WORKER):
                fill(
                    office.worker(first // A_WORKER),
                    list(islice(told, A_WORKER)),
                    draw,
                    measured=first < MEASURED * A_WORKER,
                )
        seal_pending(datetime.now(UTC))
        if done % 10_000 == 0:
            print(
                f"{done:>9} of {count} children, {(done + AN_AGENCY) / (time.monotonic() - start):,.0f} a second",
                flush=True,
            )


def fill(
    actor: Actor, new: list[tuple[dict[str, object], dict[str, object]]], draw: random.Random, *, measured: bool
) -> None:
    """One worker's caseload: registered, one flag raised, and notes where the file is going to be opened."""
    from amanat.access.policy import Part
    from amanat.cases.actions import registering, writing

    risks = ("low", "medium", "high", "critical")
    cases = registering.register(
        [
            registering.NewChild(identity, contacts, risk=draw.choice(risks), priority="P3")
            for identity, contacts in new
        ],
        actor=actor,
    )
    writing.flag(cases[0], text=NOTE, due=actor.now + timedelta(days=draw.randrange(1, 60)), actor=actor)
    for _note in range(12 if measured else 0):
        writing.note(cases[0], part=Part.NARRATIVE, text=NOTE, actor=actor)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amanat.config.settings")
    from amanat.config.unlocking import unlock
    from amanat.config.workspaces import ensure_demo, folder

    ensure_demo(folder(), os.environ.get("AMANAT_DATABASE"))
    unlock(folder())
    subprocess.run(
        [sys.executable, "-m", "amanat", "migrate", "--verbosity=0"], check=True
    )  # as the owner, where there is one
    import django

    django.setup()
    main(int(sys.argv[1]))
