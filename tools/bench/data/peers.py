"""The peers that work on clear text: pg_trgm in a throw-away PostgreSQL, Splink 5 in an environment of its own under build/.

They get the same registry and the same questions. A peer that can't be had here is a row that says so and why.
"""

from __future__ import annotations

import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import psycopg

from amanat import names
from tests.postgres import DATABASE, NoPostgres, throw_away_cluster
from tools.bench.data.asking import Question
from tools.bench.data.generator import Entry, Registered
from tools.bench.data.ranking import Placed, false_alerts, milliseconds, placed, recall
from tools.bench.data.spelling import plain

ROOT = Path(__file__).resolve().parents[3]
VENV, LOCK = ROOT / "build" / "peers", ROOT / "requirements" / "peers.lock"
COLUMNS = ("unique_id", "given", "family", "patronymic", "born", "year")


class NotMeasured(Exception):
    """Why a peer could not be measured here."""


def measured(held: Sequence[Registered], asked: Sequence[Question], tried: int, single: int) -> dict[str, Any]:
    """Rows by name, each with its figures or with `why` it has none.

    Args:
        tried: how many of the questions pg_trgm is asked.
        single: how many Splink is asked one by one.
    """
    found: dict[str, Any] = {}
    peers: dict[str, Callable[[], dict[str, Any]]] = {
        "pg_trgm": lambda: trigrams(held, asked[:tried]),
        "Splink 5": lambda: splink(held, asked, single),
    }
    for name, measure in peers.items():
        try:
            found |= measure()
        except (NotMeasured, NoPostgres, RuntimeError) as error:
            found[name] = {"why": str(error).splitlines()[0]}
    return found


def figures(told: Sequence[Placed], seconds: Sequence[float], **also: Any) -> dict[str, Any]:
    return {"recall": recall(told), "alerts": false_alerts(told), "wait": milliseconds(seconds), **also}


# --- pg_trgm ---------------------------------------------------------------------------------------------------------


def as_entered(text: str) -> str:
    return text


def unaccented(text: str) -> str:
    """What a team would do that knows of other spellings: lower case, no marks."""
    return plain(text.lower())


def folded(text: str) -> str:
    """Our fold, lent to the peer: shows what of the difference is the fold and what the index."""
    return names.fold(text)


TRIED: dict[str, Callable[[str], str]] = {
    "as entered": as_entered,
    "lower case, no marks": unaccented,
    "with our fold": folded,
}
ASK = """
SELECT id, similarity(name, %(name)s) + CASE WHEN born = %(born)s THEN 0.3 WHEN year = %(year)s THEN 0.2
       WHEN abs(year - %(year)s) = 1 THEN 0.1 ELSE 0 END AS score
FROM person WHERE name %% %(name)s ORDER BY score DESC LIMIT 300"""


def trigrams(held: Sequence[Registered], asked: Sequence[Question]) -> dict[str, Any]:
    """One row for each of the ways in which the names are put in; birth counts beside the names' similarity.

    Raises:
        NoPostgres: no server programs here.
    """
    found: dict[str, Any] = {}
    with (
        throw_away_cluster() as cluster,
        psycopg.connect(cluster.url("postgres", DATABASE), autocommit=True) as connection,
    ):
        try:
            connection.execute("CREATE EXTENSION pg_trgm")
        except psycopg.Error as error:
            raise NotMeasured(f"this PostgreSQL has no pg_trgm: {str(error).splitlines()[0]}") from error
        for name, put in TRIED.items():
            found[f"pg_trgm, {name}"] = _trigrams(connection, held, asked, put)
    return found


def _trigrams(
    connection: psycopg.Connection[Any],
    held: Sequence[Registered],
    asked: Sequence[Question],
    put: Callable[[str], str],
) -> Any:
    connection.execute("DROP TABLE IF EXISTS person")
    connection.execute("CREATE TABLE person (id integer, name text, born date, year integer)")
    with connection.cursor().copy("COPY person FROM STDIN") as copy:
        for one in held:
            copy.write_row((one.number, *_row(one.entry, put)))
    connection.execute("CREATE INDEX ON person USING gin (name gin_trgm_ops)")
    connection.execute("VACUUM ANALYZE person")
    told, seconds = list[Placed](), list[float]()
    for question in asked:
        name, born, year = _row(question.entry, put)
        start = time.perf_counter()
        rows = connection.execute(ASK, {"name": name, "born": born, "year": year}).fetchall()
        seconds.append(time.perf_counter() - start)
        told.append(placed(question.kind, question.truth, rows))
    return figures(told, seconds)


def _row(entry: Entry, put: Callable[[str], str]) -> tuple[str, str | None, int | None]:
    year = entry.birth_date[:4] or entry.birth_year
    name = " ".join(filter(None, (entry.given, entry.patronymic, entry.family)))
    return put(name), entry.birth_date or None, int(year) if year else None


# --- Splink ----------------------------------------------------------------------------------------------------------


def splink(held: Sequence[Registered], asked: Sequence[Question], single: int) -> dict[str, Any]:
    """One row: recall over all questions asked at once, the wait over `single` ones asked alone.

    Raises:
        NotMeasured: it can't be installed here, or did not run.
    """
    python = install()
    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder)
        tables(held, asked, there)
        script = str(Path(__file__).with_name("splinking.py"))
        arguments = [str(there / name) for name in ("registry.csv", "questions.csv", "answers.json")]
        done = subprocess.run([python, script, *arguments, str(single)], capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotMeasured(f"it stopped: {(done.stderr.strip().splitlines() or ['without a word'])[-1]}")
        answers = json.loads((there / "answers.json").read_text())
    told = [
        placed(
            question.kind,
            None if question.truth is None else str(question.truth),
            answers["scored"].get(f"q{number}", []),
        )
        for number, question in enumerate(asked)
    ]
    also = {"batch": answers["batch"], "trained": answers["trained"]}
    return {"Splink 5, predict_between": figures(told, answers["waits"], **also)}


def install() -> str:
    """The Python of build/peers, with exactly the locked packages; made on demand.

    Raises:
        NotMeasured: the package index can't be reached, or a package does not fit.
    """
    python, stamp = VENV / "bin" / "python", VENV / "installed"
    if stamp.exists() and stamp.read_text() == LOCK.read_text():
        return str(python)
    uv = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:"]
    for command in (
        [sys.executable, "-m", "venv", "--clear", str(VENV)],
        [*uv, "--python", str(python), "--requirement", str(LOCK)],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            raise NotMeasured(f"it could not be installed: {(done.stderr.strip().splitlines() or [''])[-1]}")
    stamp.write_text(LOCK.read_text())
    return str(python)


def tables(held: Iterable[Registered], asked: Sequence[Question], folder: Path) -> None:
    """registry.csv and questions.csv, in lower case and without marks."""
    _table(folder / "registry.csv", ((str(told.number), told.entry) for told in held))
    _table(folder / "questions.csv", ((f"q{number}", question.entry) for number, question in enumerate(asked)))


def _table(path: Path, rows: Iterable[tuple[str, Entry]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for unique_id, entry in rows:
            words = [unaccented(word) for word in (entry.given, entry.family, entry.patronymic)]
            year = entry.birth_date[:4] or entry.birth_year
            writer.writerow([unique_id, *words, entry.birth_date, year])
