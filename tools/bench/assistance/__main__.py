"""`./run bench assistance [--database sqlcipher|postgresql …] [--plans N | --small] [--minutes N]`: centre, plans, and five who write.

A centre with 200 places and five years of days, 100,000 plans; `--small`: 20 places, 60 days, 1,000 plans, to try it. Writes its
section of docs/benchmarks.md and leaves the others; `--dry` prints it instead.
"""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from tests.postgres import NoPostgres
from tools.bench import report
from tools.bench.assistance.asking import Doors, asked
from tools.bench.assistance.counting import told_of
from tools.bench.assistance.editing import edited, lost
from tools.bench.assistance.size import FULL, SMALL, size_of
from tools.bench.measure import figure
from tools.bench.serving import served

DATABASES = ["sqlcipher", "postgresql"]
SEEDED = "1"  # another number seeds anew; new tables alone are migrated


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="./run bench assistance", description=__doc__)
    parser.add_argument("--database", nargs="*", choices=DATABASES, default=DATABASES)
    parser.add_argument("--plans", type=int, default=FULL, metavar="N")
    parser.add_argument("--small", dest="plans", action="store_const", const=SMALL)
    parser.add_argument("--minutes", type=float, default=10.0, metavar="N", help="for which five people write one plan")
    parser.add_argument("--dry", action="store_true", help="print the section; keep nothing")
    chosen, found = parser.parse_args(arguments), {}
    for database in chosen.database:
        try:
            found[f"{database} {chosen.plans:09}"] = whole(database, chosen.plans, 60 * chosen.minutes)
        except NoPostgres as error:
            print(error, file=sys.stderr)
    report.finish("assistance", found, dry=chosen.dry)


def whole(database: str, plans: int, seconds: float) -> dict[str, Any]:
    """All of one database, in a workspace that is kept."""
    from tools.bench.__main__ import KEPT, run, workspace

    with workspace(
        database, plans, kind="assistance-", seed="tools.bench.assistance.seeding", mark=SEEDED
    ) as environment:
        run("amanat", environment, "migrate", "--verbosity=0")
        run("amanat", environment, "collectstatic", "--no-input", "--verbosity=0")
        told = told_of(environment["AMANAT_WORKSPACE"])
        costs = json.loads(run("tools.bench.assistance.counting", environment, capture=True).splitlines()[-1])
        with served(environment, KEPT / f"assistance-{database}.log") as server:
            doors = Doors(server.port)
            figures = {name: vars(one) for name, one in asked(doors, told).items()}
            written = edited(doors, told, seconds)
            memory = server.memory()
        texts = json.loads(run("tools.bench.assistance.finding", environment, capture=True).splitlines()[-1])
    size = size_of(plans)
    return {
        "places": size.places,
        "days": size.days,
        "figures": figures,
        "costs": costs,
        "edited": _told(written, texts),
        "memory": memory,
    }


def _told(written: dict[str, Any], texts: list[str]) -> dict[str, Any]:
    """Counts, and what is missing by name."""
    return {
        "people": written["people"],
        "minutes": written["minutes"],
        "acknowledged": len(written["acknowledged"]),
        "met": written["met"],
        "refused": len(written["refused"]),
        "lost": lost(written["acknowledged"], texts) + written["gone"],
        "save": vars(figure(written["waits"])),
    }


if __name__ == "__main__":
    main(sys.argv[1:])
