"""`./run bench hotline [--database sqlcipher|postgresql …] [--minutes N] [--operators N] [--calls N] [--kills N]`.

Operators at their browsers, calls that ring, and what is left after kills, on the product as it is served. Writes its section of
docs/benchmarks.md and leaves the others; `--dry` prints it instead.
"""

from __future__ import annotations

import argparse
import shutil
import sys
from datetime import UTC, datetime
from typing import Any

from tests.postgres import NoPostgres
from tools.bench import report
from tools.bench.hotline.browser import Ports
from tools.bench.hotline.killing import killed
from tools.bench.hotline.load import signed_in, under_load
from tools.bench.serving import free_port, served

OPERATORS = {"postgresql": 200, "sqlcipher": 20}  # as the issue asks for


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="./run bench hotline", description=__doc__)
    parser.add_argument("--database", nargs="*", choices=list(OPERATORS), default=list(OPERATORS))
    parser.add_argument("--minutes", type=float, default=10.0, metavar="N")
    parser.add_argument("--operators", type=int, metavar="N", help="200 on PostgreSQL and 20 on SQLCipher, else")
    parser.add_argument("--calls", type=int, default=20, metavar="N", help="a minute")
    parser.add_argument("--kills", type=int, default=10, metavar="N", help="of each database")
    parser.add_argument("--dry", action="store_true", help="print the section; keep nothing")
    chosen, found = parser.parse_args(arguments), dict[str, dict[str, Any]]()
    for database in chosen.database:
        operators = chosen.operators or OPERATORS[database]
        try:
            found[f"{database} {operators:09}"] = whole(database, operators, chosen)
        except NoPostgres as error:
            print(error, file=sys.stderr)
    report.finish("hotline", found, dry=chosen.dry)


def whole(database: str, operators: int, chosen: argparse.Namespace) -> dict[str, Any]:
    """All of one database, in a workspace that is seeded for it and goes with it."""
    from tools.bench.__main__ import KEPT, run, workspace

    log, ports = KEPT / f"hotline-{database}.log", Ports(free_port(), free_port())
    mark = datetime.now(UTC).isoformat()
    with workspace(database, operators, kind="hotline-", seed="tools.bench.hotline.seeding", mark=mark) as environment:
        run("amanat", environment, "collectstatic", "--no-input", "--verbosity=0")
        with served(environment, log, ports=(ports.pages, ports.live)) as server:
            signed_in(environment, ports)
            found = under_load(environment, server, ports, operators, chosen.calls, 60 * chosen.minutes)
        if chosen.kills:
            found["killed"] = killed(environment, log, ports, min(operators, OPERATORS["sqlcipher"]), chosen.kills)
        shutil.rmtree(environment["AMANAT_WORKSPACE"])
        return found


if __name__ == "__main__":
    main(sys.argv[1:])
