"""`./run bench forms [--questions N …]`: converts, compiles and fills a form of each size with 40 relevances, in one process.

Writes its section of docs/benchmarks.md and leaves the others.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import django

from tools.bench import report

ROOT = Path(__file__).resolve().parents[3]
RELEVANT = 40
A_SCREEN = 10  # questions


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(prog="./run bench forms", description=__doc__)
    parser.add_argument("--questions", type=int, nargs="*", default=[250, 5000], metavar="N")
    parser.add_argument("--times", type=int, default=300, metavar="N", help="how often a screen is asked for")
    chosen = parser.parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "amanat.config.settings")
    django.setup()
    for questions in chosen.questions:
        report.keep("engine", questions, measured(questions, chosen.times), kind="forms ")
    report.write(ROOT / "docs" / "benchmarks.md")


def measured(questions: int, times: int) -> dict[str, object]:
    """Seconds of conversion and compilation, milliseconds of a screen."""
    from amanat.forms.compiling import compiled
    from amanat.forms.converting import convert
    from amanat.forms.workbooks import read_workbook

    read, workbook = timed(lambda: read_workbook("bench.md", sheet(questions).encode()))
    converted, xform = timed(lambda: convert(workbook))
    compile_, form = timed(lambda: compiled(xform, workbook.extras(frozenset({"facts"}))))
    assert not form.check()
    return {
        "read": read,
        "convert": converted,
        "compile": compile_,
        "screen": screens(form, min(times, 20_000 // max(questions // 50, 1))),
        "xform": len(xform),
    }


def timed(do: Callable[[], Any]) -> tuple[float, Any]:
    """Seconds, and what came of it."""
    began = time.perf_counter()
    found = do()
    return time.perf_counter() - began, found


def sheet(questions: int) -> str:
    """A form of groups of ten; 40 questions are relevant by an answer of the group before."""
    lines = ["| survey |", "| | type | name | label | relevant | required | constraint | calculation |"]
    every = max(questions // RELEVANT, 1)
    for number in range(questions):
        if number % A_SCREEN == 0:
            lines.append(f"| | begin_group | g{number} | Group {number} | | | | |")
        relevant = f"${{q{number - every + 1}}} != 'no'" if number % every == every - 1 and number >= every else ""
        kind, label = ("select_one answers", "Is it so?") if number % 3 == 0 else ("text", "What was seen?")
        if number % 7 == 6:
            lines.append(
                f"| | calculate | q{number} | | {relevant} | | | concat(${{q{number - 1}}}, ' ', ${{q{number - 2}}}) |"
            )
        else:
            constraint = "string-length(.) < 200" if kind == "text" else ""
            lines.append(f"| | {kind} | q{number} | {label} {number} | {relevant} | yes | {constraint} | |")
        if number % A_SCREEN == A_SCREEN - 1 or number == questions - 1:
            lines.append("| | end_group | | | | | | |")
    choices = ["| choices |", "| | list_name | name | label |"]
    choices += [f"| | answers | {name} | {name.title()} |" for name in ("yes", "no", "unknown")]
    return "\n".join([*lines, *choices, "| settings |", "| | form_id |", f"| | bench_{questions} |"])


def screens(form: Any, times: int) -> dict[str, float]:
    """What going on takes: the draft read, an answer taken, all computed, the screens and its faults, the draft written."""
    from amanat.forms.filling import Filling

    now = datetime.now(UTC)
    filling = Filling.begin(form, language="en", now=now, zone=UTC)
    paths = [question.path for screen in filling.screens() for question in screen.questions]
    for path in paths:
        filling.put(path, "yes" if form.questions[path].kind == "select_one" else "some words")
    draft, took = filling.instance(whole=True), []
    for turn in range(times):
        began = time.perf_counter()
        again = Filling.of(form, draft, language="en", now=now, zone=UTC)
        again.put(paths[turn % len(paths)], "no")
        key = again.screens()[0].key
        again.faults(key)
        draft = again.instance(whole=True)
        took.append((time.perf_counter() - began) * 1000)
    return {"p50": statistics.median(took), "p95": statistics.quantiles(took, n=20)[-1], "count": times}


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])
