"""What is measured inside a seeded workspace, through the product's own code; prints the figures as JSON.

Run as `python -m tools.bench.data.measuring CHILDREN [--rows N] [--cold N]` in its environment, where nothing else is written.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import sys
import time
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.bench.data import cooling
from tools.bench.data.asking import AMONG, Question, questions
from tools.bench.data.generator import registry
from tools.bench.data.ranking import Placed, false_alerts, milliseconds, placed, recall
from tools.bench.data.seeding import prepare

if TYPE_CHECKING:
    from amanat.cases.keyed import Alike

FIRSTS = 300
WARMING = 50  # questions that are not measured


def known(asked: Sequence[Question], truths: Sequence[str], cold: int) -> dict[str, Any]:
    """*Known?*, its query part: from identity and contacts as typed to children with scores and reasons; over all files."""
    from amanat import names
    from amanat.vault import index

    for question in asked[:WARMING]:
        ask(question)
    gc.collect()
    gc.freeze()  # as `config.serving` does: else a full collection walks through our registry in the middle of a question
    told, seconds, busy = list[Placed](), list[float](), list[float]()
    for question in asked:
        start, worked = time.perf_counter(), time.process_time()
        alike = ask(question)
        seconds.append(time.perf_counter() - start)
        busy.append(time.process_time() - worked)
        truth = None if question.truth is None else uuid.UUID(truths[question.truth])
        told.append(placed(question.kind, truth, [(one.subject, one.score) for one in alike]))
    chilled, read = _cold(asked[:cold])
    return {
        "files": index.subjects(),
        "recall": recall(told),
        "alerts": false_alerts(told),
        "own_alerts": false_alerts(told, names.threshold(index.subjects())),
        "warm": milliseconds(seconds),
        "busy": milliseconds(busy),
        "cold": {**milliseconds(chilled), "read": read},
        "first": _firsts(told),
    }


def ask(question: Question) -> list[Alike]:
    """As `cases.known` asks over all files, before it decides what may be heard."""
    from amanat.cases import known
    from amanat.cases.identity import person_of

    return known.alike_anywhere(person_of(question.entry.identity(), question.entry.contacts()))


def _cold(asked: Sequence[Question]) -> tuple[list[float], float]:
    """Seconds of each question on a cold database, connecting included, and the bytes that this process read for one."""
    seconds, before = [], cooling.read_from_disk()
    for question in asked:
        cooling.cool()
        start = time.perf_counter()
        ask(question)
        seconds.append(time.perf_counter() - start)
    return seconds, (cooling.read_from_disk() - before) / max(1, len(asked))


def _firsts(told: Sequence[Placed]) -> str:
    """The first answers (kind, place, top), so that peers that were asked fewer can be compared on the same."""
    return ";".join(f"{each.kind} {each.place} {each.top:.2f}" for each in told[:FIRSTS])


def main(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("children", type=int)
    parser.add_argument("--rows", type=int, default=5_000)
    parser.add_argument("--cold", type=int, default=30)
    chosen = parser.parse_args(arguments)
    prepare()
    from tools.bench.data import finding, importing

    truths = json.loads((Path(os.environ["AMANAT_WORKSPACE"]) / "truths.json").read_text())
    asked = questions(list(registry(min(chosen.children, AMONG))))
    found = {"known": known(asked, truths, chosen.cold), "size": size(), "find": finding.measured()}
    found["import"] = importing.measured(chosen.rows)
    print(json.dumps(found))


def size() -> dict[str, int]:
    """Bytes of the database, and of the index in it where the database tells."""
    from django.conf import settings
    from django.db import connection

    if connection.vendor != "postgresql":
        return {"database": Path(str(settings.DATABASES["default"]["NAME"])).stat().st_size}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_database_size(current_database()), pg_total_relation_size('vault_posting') + pg_total_relation_size('vault_indexed')"
        )
        database, index = cursor.fetchone()
    return {"database": database, "index": index}


if __name__ == "__main__":
    main(sys.argv[1:])
