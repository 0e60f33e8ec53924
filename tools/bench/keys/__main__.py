"""`./run bench keys [--children N …] [--among N …] [--database sqlcipher|postgresql …]`.

`--children`: backup, restore and start, at each of these sizes. `--among`: an erasure, and a new master key for all data keys.
Writes its section of docs/benchmarks.md and leaves the others.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.postgres import NoPostgres
from tests.served import own_database
from tools.bench import report
from tools.bench.keys.timing import timed

ROOT = Path(__file__).resolve().parents[3]
WORDS = "calm river seven stones under bridge"  # of what is restored and thrown away
ERASED = 20  # children


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="./run bench keys", description=__doc__)
    parser.add_argument("--children", type=int, nargs="*", default=[10_000, 100_000], metavar="N")
    parser.add_argument("--among", type=int, nargs="*", default=[1_000_000], metavar="N")
    parser.add_argument(
        "--database", nargs="*", choices=("sqlcipher", "postgresql"), default=["sqlcipher", "postgresql"]
    )
    chosen = parser.parse_args(arguments)
    for database in chosen.database:
        try:
            for children in chosen.children:
                report.keep(database, children, carried(database, children), kind="keys ")
            for children in chosen.among:
                report.keep(database, children, changed(database, children), kind="keys among ")
        except NoPostgres as error:
            print(error, file=sys.stderr)
    report.write(ROOT / "docs" / "benchmarks.md")


@contextmanager
def seeded(database: str, children: int) -> Iterator[dict[str, str]]:
    """The caseload of `./run bench data`, brought up to date; one that was seeded by an older version will do."""
    from tools.bench.__main__ import KEPT, workspace
    from tools.bench.data.__main__ import mark

    stamp = KEPT / f"data-{database}-{children}" / "seeded"
    held = stamp.read_text() if stamp.exists() else mark()
    with workspace(database, children, kind="data-", seed="tools.bench.data.seeding", mark=held) as environment:
        yield environment


def carried(database: str, children: int) -> dict[str, object]:
    """A backup, a restore of it into an empty place, and starts."""
    from tools.bench.__main__ import KEPT, run
    from tools.bench.keys.sharing import HOLDERS

    with (
        seeded(database, children) as environment,
        tempfile.TemporaryDirectory(dir=KEPT) as scratch,
        own_database(environment) as empty,
    ):
        shares = json.loads(run("tools.bench.keys.sharing", environment, capture=True).splitlines()[-1])
        disk, again = Path(scratch) / "disk", Path(scratch) / "again"
        disk.mkdir()
        backup, _told = timed(environment, "backup", str(disk))
        place = environment | empty | {"AMANAT_WORKSPACE": str(again)}
        said = "".join(f"{line}\n" for line in (*shares, *HOLDERS[:2], "", WORDS, WORDS))
        restore, _told = timed(place, "restore", "--from", str(disk), "--shares", said=said)
        size = sum(path.stat().st_size for path in disk.glob("amanat-*.age"))
        shutil.rmtree(again)
        return {
            "backup": backup.figures(),
            "restore": restore.figures(),
            "bytes": size,
            "start": starts(environment, KEPT / f"keys-{database}-{children}.log"),
        }


def starts(environment: dict[str, str], log: Path) -> dict[str, float]:
    """Seconds to the first page, open and locked; the second start counts."""
    from tools.bench.__main__ import run
    from tools.bench.serving import served

    run("amanat", environment, "collectstatic", "--no-input", "--verbosity=0")
    found = {}
    for locked in (False, True):
        for _time in range(2):
            with served(environment, log, locked=locked) as server:
                found["locked" if locked else "open"] = server.seconds_to_first_page
    return found


def changed(database: str, children: int) -> dict[str, object]:
    """Some erasures, and a new master key under which every data key is wrapped anew while nobody works."""
    from tools.bench.__main__ import run

    with seeded(database, children) as environment:
        erased = json.loads(run("tools.bench.keys.erasing", environment, str(ERASED), capture=True).splitlines()[-1])
        found: dict[str, object] = {"erase": erased}
        if database == "postgresql":
            found["sweep"] = timed(environment, "erase", "sweep")[0].figures()
        took, told = timed(environment, "keys", "rotate", "master")
        wrapped = [int(done) for done in re.findall(r"(\d+)/\d+", told)]
        return found | {"rotate": took.figures() | {"keys": max(wrapped)}}


if __name__ == "__main__":
    main(sys.argv[1:])
