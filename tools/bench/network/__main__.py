"""`./run bench network [--database sqlcipher|postgresql …] [--children N]`: inbox, finder and network page.

Writes its section of docs/benchmarks.md and leaves the others; `--dry` prints it instead.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from tests.postgres import NoPostgres
from tools.bench import report
from tools.bench.network.asking import asked
from tools.bench.network.seeding import A_CHILD, SERVICES
from tools.bench.serving import served

ROOT = Path(__file__).resolve().parents[3]
DATABASES = ["sqlcipher", "postgresql"]


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="./run bench network", description=__doc__)
    parser.add_argument("--database", nargs="*", choices=DATABASES, default=DATABASES)
    parser.add_argument("--children", type=int, default=10_000, metavar="N", help=f"each with {A_CHILD} referrals")
    parser.add_argument("--dry", action="store_true", help="print the section; keep nothing")
    chosen, found = parser.parse_args(arguments), {}
    for database in chosen.database:
        try:
            found[f"{database} {chosen.children * A_CHILD:09}"] = whole(database, chosen.children)
        except NoPostgres as error:
            print(error, file=sys.stderr)
    report.finish("network", found, dry=chosen.dry)


def whole(database: str, children: int) -> dict[str, Any]:
    """All of one database, in a workspace that is seeded anew when its tables changed."""
    from tools.bench.__main__ import KEPT, run, workspace

    newest = sorted(path.name for path in (ROOT / "src/amanat").glob("*/migrations/0*.py"))
    with workspace(
        database, children, kind="network-", seed="tools.bench.network.seeding", mark=" ".join(newest)
    ) as environment:
        run("amanat", environment, "collectstatic", "--no-input", "--verbosity=0")
        with served(environment, KEPT / f"network-{database}.log") as server:
            figures = {name: vars(one) for name, one in asked(server.port).items()}
            return {"figures": figures, "services": SERVICES, "memory": server.memory()}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amanat.config.settings")
    main(sys.argv[1:])
