"""`./run bench data [--children N …] [--database sqlcipher|postgresql …] [--no-peers] [--rows N] [--cold N]`.

Seeds a registry for each size and database (kept in build/bench), measures in it, then the peers on the same; writes its section
of docs/benchmarks.md and leaves the others.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

from amanat.names import FOLD_VERSION
from tests.postgres import NoPostgres
from tools.bench import report
from tools.bench.data import inprocess, peers
from tools.bench.data.asking import AMONG, questions
from tools.bench.data.generator import registry

ROOT = Path(__file__).resolve().parents[3]
SIZES = (20_000, 100_000, 1_000_000)
IN_MEMORY_UP_TO = 100_000  # beyond it the index in a dictionary takes gigabytes and shows nothing new


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="./run bench data", description=__doc__)
    parser.add_argument("--children", type=int, nargs="+", default=list(SIZES), metavar="N")
    parser.add_argument(
        "--database", nargs="*", choices=("sqlcipher", "postgresql"), default=["sqlcipher", "postgresql"]
    )
    parser.add_argument("--rows", type=int, help="rows of the imported file; 20,000 up to as many children, else 5,000")
    parser.add_argument("--cold", type=int, default=30, help="questions that are asked cold")
    parser.add_argument("--no-peers", action="store_true")
    chosen = parser.parse_args(arguments)
    for children in chosen.children:
        for database in chosen.database:
            rows = chosen.rows or (20_000 if children <= 20_000 else 5_000)
            try:
                report.keep(database, children, ours(database, children, rows, chosen.cold), kind="data ")
            except NoPostgres as error:
                print(error, file=sys.stderr)
        if not chosen.no_peers:
            report.keep("peers", children, beside(children), kind="data ")
    report.write(ROOT / "docs" / "benchmarks.md")


def ours(database: str, children: int, rows: int, cold: int) -> dict[str, object]:
    """What the product does in a seeded workspace."""
    from tools.bench.__main__ import run, workspace

    with workspace(database, children, kind="data-", seed="tools.bench.data.seeding", mark=mark()) as environment:
        sizes = [str(children), "--rows", str(rows), "--cold", str(cold)]
        told = run("tools.bench.data.measuring", environment, *sizes, capture=True)
    found: dict[str, object] = json.loads(told.splitlines()[-1])
    return found


def mark() -> str:
    """Changes when a workspace that was seeded before would not be one of today's: names, fold, tables."""
    own = [
        path
        for path in Path(__file__).parent.glob("*.py")
        if path.stem in ("generator", "people", "seeding", "spelling", "stems")
    ]
    house = ROOT / "src" / "amanat"
    digest = hashlib.sha256(str(FOLD_VERSION).encode())
    for path in sorted(
        [*own, *house.glob("*/migrations/0*.py"), *house.glob("names/*.py"), house / "vault" / "index.py"]
    ):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def beside(children: int) -> dict[str, object]:
    """The peers on clear text, and our own ranking on clear text in memory."""
    held = list(registry(children))
    asked = questions(held[:AMONG])
    tried = 300 if children <= 100_000 else 150
    found: dict[str, object] = {"tried": tried, "peers": peers.measured(held, asked, tried, single=20)}
    if children <= IN_MEMORY_UP_TO:
        found["in process"] = inprocess.measured(held, asked)
        found["in process, place known"] = inprocess.measured(held, asked, place=True)
    return found


if __name__ == "__main__":
    main(sys.argv[1:])
