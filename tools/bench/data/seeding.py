"""Fills an empty workspace with a registry, through the bulk path of the real verb; the first worker holds 5,000 files.

Run as `python -m tools.bench.data.seeding CHILDREN` in a workspace's environment. What a later step has to know stands in
`truths.json` beside the workspace: the subjects of the children that are asked about.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from tools.bench.data.asking import AMONG
from tools.bench.data.generator import Registered, registry
from tools.bench.people import Office

CASELOAD = 500  # children a verb and a worker, as an import would bring them
LOOKED_THROUGH = 5_000  # files of the first worker: as many as `find` looks through
A_COMMIT = 10  # verbs
WORKERS = 20  # an agency


def batches(count: int) -> Iterator[tuple[int, list[Registered]]]:
    """(number of the worker, children) in the order of the registry."""
    told, done = registry(count), 0
    while some := list(islice(told, CASELOAD)):
        yield (0 if done < LOOKED_THROUGH else 1 + (done - LOOKED_THROUGH) // CASELOAD), some
        done += len(some)


def main(count: int, truths: Path) -> None:
    """Settle the agencies, then register."""
    from django.db import transaction

    from amanat.audit.sealer import seal_pending

    workers = 1 + max(0, count - LOOKED_THROUGH) // CASELOAD + 1
    office = Office.settle(max(1, -(-workers // WORKERS)), WORKERS)
    told, start, done, subjects = batches(count), time.monotonic(), 0, list[str]()
    while some := list(islice(told, A_COMMIT)):
        with transaction.atomic():
            for worker, children in some:
                made = _register(office, worker, children)
                subjects += made[: max(0, AMONG - len(subjects))]
                done += len(children)
        seal_pending(datetime.now(UTC))
        if done % 50_000 < A_COMMIT * CASELOAD:
            print(f"{done:>9} of {count} children, {done / (time.monotonic() - start):,.0f} a second", flush=True)
    truths.write_text(json.dumps(subjects))


def _register(office: Office, worker: int, children: Sequence[Registered]) -> list[str]:
    from amanat.cases.actions.registering import NewChild, register

    new = [NewChild(told.entry.identity(), told.entry.contacts(), risk="medium", priority="P3") for told in children]
    return [case.subject_id.hex for case in register(new, actor=office.worker(worker))]


def prepare() -> None:
    """The workspace of the environment, unlocked and migrated, and Django set up in this process."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amanat.config.settings")
    from amanat.config.unlocking import unlock
    from amanat.config.workspaces import ensure_demo, folder

    ensure_demo(folder(), os.environ.get("AMANAT_DATABASE"))
    unlock(folder())
    # as the owner, where there is one
    subprocess.run([sys.executable, "-m", "amanat", "migrate", "--verbosity=0"], check=True)
    import django

    django.setup()


if __name__ == "__main__":
    prepare()
    main(int(sys.argv[1]), Path(os.environ["AMANAT_WORKSPACE"]) / "truths.json")
