"""`./run bench forms [--database sqlcipher|postgresql …] [--questions N …] [--kills N] …`: the engine by itself, then the product served.

Of a form of 250 questions: its screens at a browser, filled forms from phones, and what is left of them after kills. Writes its
section of docs/benchmarks.md and leaves the others; `--dry` prints it instead.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django

from tests.postgres import NoPostgres
from tools.bench import report
from tools.bench.forms import engine
from tools.bench.forms.accepting import accepted
from tools.bench.forms.killing import killed
from tools.bench.forms.screens import filled_in
from tools.bench.forms.seeding import QUESTIONS
from tools.bench.serving import served

CHILDREN = 100
# What the issue asks for, a second; and for how long it is kept up.
RATES = {"postgresql": 120.0, "sqlcipher": 60.0}
AT_MOST, AT_RATE = 5.0, 20.0  # seconds


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="./run bench forms", description=__doc__)
    parser.add_argument("--database", nargs="*", choices=list(RATES), default=list(RATES))
    parser.add_argument(
        "--questions", type=int, nargs="*", default=[250, 5000], metavar="N", help="of the engine alone"
    )
    parser.add_argument(
        "--times", type=int, default=300, metavar="N", help="how often the engine is asked for a screen"
    )
    parser.add_argument("--fillings", type=int, default=8, metavar="N", help="at the browser, of 25 screens each")
    parser.add_argument("--at-once", type=int, default=8, metavar="N", help="phones")
    parser.add_argument("--kills", type=int, default=50, metavar="N", help="of each database")
    parser.add_argument("--dry", action="store_true", help="print the section; keep nothing")
    chosen, found = parser.parse_args(arguments), {}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amanat.config.settings")
    django.setup()
    for questions in chosen.questions:
        found[f"engine {questions:09}"] = engine.measured(questions, chosen.times)
    for database in chosen.database:
        try:
            found[f"{database} {QUESTIONS:09}"] = whole(database, chosen)
        except NoPostgres as error:
            print(error, file=sys.stderr)
    report.finish("forms", found, dry=chosen.dry)


def whole(database: str, chosen: argparse.Namespace) -> dict[str, Any]:
    """All of one database, in a workspace that is seeded for it and goes with it."""
    from tools.bench.__main__ import KEPT, run, workspace

    log = KEPT / f"forms-{database}.log"
    with workspace(
        database, CHILDREN, kind="forms-", seed="tools.bench.forms.seeding", mark=datetime.now(UTC).isoformat()
    ) as environment:
        run("amanat", environment, "collectstatic", "--no-input", "--verbosity=0")
        folder, load = Path(environment["AMANAT_WORKSPACE"]), {"at_once": chosen.at_once}
        costs = json.loads(
            run("tools.bench.forms.counting", environment, str(QUESTIONS), capture=True).splitlines()[-1]
        )
        with served(environment, log) as server:
            found = {
                "screens": filled_in(folder, server.port, QUESTIONS, chosen.fillings),
                "costs": costs,
                "at_most": accepted(environment, server, seconds=AT_MOST, **load),
                "at_rate": accepted(environment, server, seconds=AT_RATE, rate=RATES[database], **load),
            }
        found["killed"] = killed(environment, log, chosen.kills, chosen.at_once)
        shutil.rmtree(folder)
        return found


if __name__ == "__main__":
    main(sys.argv[1:])
