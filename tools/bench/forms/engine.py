"""What the engine costs by itself, in one process: reading, converting, compiling, and going on from a screen."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from tools.bench.forms.sheet import answer_to, sheet


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


def screens(form: Any, times: int) -> dict[str, float]:
    """What going on takes: the draft read, an answer taken, all computed, the screens and its faults, the draft written."""
    from amanat.forms.filling import Filling

    now = datetime.now(UTC)
    filling = Filling.begin(form, language="en", now=now, zone=UTC)
    paths = [question.path for screen in filling.screens() for question in screen.questions]
    for path in paths:
        filling.put(path, answer_to(form, path))
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
