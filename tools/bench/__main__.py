"""`./run bench [--children N …] [--database sqlcipher|postgresql …]`: seed (cached), serve, measure, write docs/benchmarks.md.

`./run bench data …` measures the data that people have (tools/bench/data), `./run bench keys …` backups, erasures and rotations
(tools/bench/keys), `./run bench forms …` what forms cost (tools/bench/forms), `./run bench hotline …` calls that ring and are
written down (tools/bench/hotline), `./run bench network …` referrals and services (tools/bench/network), `./run bench assistance …` a
centre and plans (tools/bench/assistance).
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.postgres import NoPostgres, kept_cluster
from tools.bench import report
from tools.bench.measure import measure
from tools.bench.serving import served

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / "build" / "bench"
OTHERS = ("assistance", "data", "forms", "hotline", "keys", "network")


def main(arguments: list[str]) -> None:
    if arguments and arguments[0] in OTHERS:
        of_it = importlib.import_module(f"tools.bench.{arguments[0]}.__main__")
        return of_it.main(arguments[1:])  # type: ignore[no-any-return]
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--children", type=int, nargs="+", default=[20_000], metavar="N")
    parser.add_argument(
        "--database", nargs="+", choices=("sqlcipher", "postgresql"), default=["sqlcipher", "postgresql"]
    )
    chosen = parser.parse_args(arguments)
    for database in chosen.database:
        for children in chosen.children:
            try:
                with workspace(database, children) as environment:
                    report.keep(database, children, bench(environment, KEPT / f"{database}-{children}.log"))
            except NoPostgres as error:
                print(error, file=sys.stderr)
    return report.write(ROOT / "docs" / "benchmarks.md")


def bench(environment: dict[str, str], log: Path) -> dict[str, object]:
    """All figures of one workspace. The second start is the one that counts: the first compiles."""
    run("amanat", environment, "collectstatic", "--no-input", "--verbosity=0")
    with served(environment, log):
        pass
    with served(environment, log) as server:
        since = datetime.now(UTC).isoformat()
        figures = {name: vars(found) for name, found in measure(server.port).items()}
        sealing = json.loads(run("tools.bench.sealing", environment, since, capture=True))
        return {
            "figures": figures,
            "start": server.seconds_to_first_page,
            "memory": server.memory(),
            "sealing": sealing,
        }


@contextmanager
def workspace(
    database: str, children: int, *, kind: str = "", seed: str = "tools.bench.seed", mark: str = ""
) -> Iterator[dict[str, str]]:
    """The environment of a seeded workspace; seeding is done once, and again where `mark` has changed, and kept in build/bench."""
    folder = KEPT / f"{kind}{database}-{children}"
    environment = os.environ | {"AMANAT_WORKSPACE": str(folder), "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}"}
    environment.pop("AMANAT_DATABASE", None)
    if database == "postgresql":
        with kept_cluster(f"amanat-bench-{kind}{children}") as cluster:
            roles = {"AMANAT_DATABASE": cluster.application, "AMANAT_DATABASE_OWNER": cluster.owner}
            if not _is_seeded(folder, mark):
                cluster.empty()
            yield _seeded(folder, children, environment | roles, seed, mark)
    else:
        yield _seeded(folder, children, environment, seed, mark)


def _is_seeded(folder: Path, mark: str) -> bool:
    return (folder / "seeded").exists() and (folder / "seeded").read_text() == mark


def _seeded(folder: Path, children: int, environment: dict[str, str], seed: str, mark: str) -> dict[str, str]:
    if not _is_seeded(folder, mark):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        run(seed, environment, str(children))
        (folder / "seeded").write_text(mark)
    return environment


def run(module: str, environment: dict[str, str], *arguments: str, capture: bool = False) -> str:
    command = [sys.executable, "-m", module, *arguments]
    told = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE if capture else None)
    return told.stdout.decode() if capture else ""


if __name__ == "__main__":
    main(sys.argv[1:])
