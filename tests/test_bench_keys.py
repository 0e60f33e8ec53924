"""The bench of keys: what it says of its figures, and that a command that failed gives none."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.served import environment
from tools.bench.keys.page import section
from tools.bench.keys.timing import timed

WHERE = {"machine": "2 cores", "date": "2026-11-26"}


def carried(seconds: float, megabytes: float) -> dict[str, object]:
    took = {"seconds": seconds, "megabytes": megabytes}
    return WHERE | {"backup": took, "restore": took, "bytes": 4_000_000, "start": {"open": 0.9, "locked": 0.6}}


def test_the_page_tells_what_each_cost_and_how_much_more_memory_the_larger_took() -> None:
    erased = {"erase": {"p50": 21.0, "p95": 34.0, "count": 20}, "sweep": {"seconds": 9.0, "megabytes": 80}}
    rotated = {"rotate": {"seconds": 50.0, "megabytes": 90.0, "keys": 1_000_000}}
    held = {
        "sqlcipher 000010000": carried(5, 100),
        "sqlcipher 000100000": carried(50, 110),
        "among postgresql 001000000": WHERE | erased | rotated,
    }
    page = "\n".join(section(held))
    assert "| sqlcipher, 100,000 | 50.0 | 110 | 4 | 50.0 | 110 | 0.9 | 0.6 | 2 cores, 2026-11-26 |" in page
    assert "Memory on sqlcipher, 100,000 against 10,000: backup × 1.10, restore × 1.10." in page
    assert "| postgresql, 1,000,000 | 21 / 34 | 9.0 | 1,000,000 | 50.0 | 20,000 | 90 | 2 cores, 2026-11-26 |" in page


def test_a_command_that_failed_gives_no_figure(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="holds no workspace"):
        timed(environment(tmp_path / "nothing", tmp_path / "temporary"), "backup", str(tmp_path))
