"""Keeps the figures of each run in docs/benchmarks.json and draws docs/benchmarks.md from all of them."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.bench.assistance import page as assistance_page
from tools.bench.data import page as data_page
from tools.bench.forms import page as forms_page
from tools.bench.hotline import page as hotline_page
from tools.bench.keys import page as keys_page
from tools.bench.network import page as network_page

KEPT = Path(__file__).resolve().parents[2] / "docs" / "benchmarks.json"
# What the issue asks for on two cores, one worker: name, p95 in milliseconds.
TO_REACH = {"caseload page, 1": 60, "open file, 1": 80}
SECTIONS = {
    "data ": data_page.section,
    "keys ": keys_page.section,
    "forms ": forms_page.section,
    "hotline ": hotline_page.section,
    "network ": network_page.section,
    "assistance ": assistance_page.section,
}
START_TO_REACH = 3.0  # seconds, from the second start on


def keep(database: str, children: int, found: dict[str, object], kind: str = "") -> None:
    """Put the figures of one workspace beside those of the others."""
    held = json.loads(KEPT.read_text()) if KEPT.exists() else {}
    held[f"{kind}{database} {children:09}"] = found | {
        "machine": machine(),
        "date": datetime.now(UTC).date().isoformat(),
    }
    KEPT.parent.mkdir(exist_ok=True)
    KEPT.write_text(json.dumps(held, indent=1) + "\n")


def finish(kind: str, found: Mapping[str, dict[str, Any]], *, dry: bool) -> None:
    """Of a section that names its figures `DATABASE SIZE`: print it, or keep them and draw the whole page."""
    if dry:
        told = {"machine": machine(), "date": datetime.now(UTC).date().isoformat()}
        return print("\n".join(SECTIONS[f"{kind} "]({name: one | told for name, one in found.items()})))
    for name, one in found.items():
        database, size = name.split()
        keep(database, int(size), one, kind=f"{kind} ")
    return write(KEPT.with_suffix(".md"))


def machine() -> str:
    lines = Path("/proc/meminfo").read_text().split()
    return f"{os.cpu_count()} cores, {int(lines[1]) / 2**20:.0f} GiB, Python {platform.python_version()}"


def write(path: Path) -> None:
    """Draw the page from everything that is kept."""
    held: dict[str, dict[str, Any]] = json.loads(KEPT.read_text())
    pages = [_table(name, found) for name, found in sorted(held.items()) if not name.startswith(tuple(SECTIONS))]
    parts = [HEAD, *pages]
    for kind, section in SECTIONS.items():
        if own := {name.removeprefix(kind): found for name, found in sorted(held.items()) if name.startswith(kind)}:
            parts += section(own)
    path.write_text("\n".join([*parts, TAIL]))


def _table(name: str, found: dict[str, Any]) -> str:
    """One workspace. `note` is what a person wrote beside the figures; a new run takes it away with them."""
    database, children = name.split()
    sealing = found["sealing"]
    summary = (
        f"{found['machine']}, {found['date']}. Start to first page {found['start']:.1f} s; memory while serving "
        f"{found['memory']:.0f} MB; an entry of the audit log is sealed after {sealing['p50']:.0f} ms at the median and "
        f"{sealing['p95']:.0f} ms at p95 (n = {sealing['count']})."
    )
    lines = [
        f"## {database}, {int(children):,} children",
        "",
        summary,
        *([found["note"]] if "note" in found else []),
        "",
        "| what, workers at once | p50 ms | p95 ms | n | bytes | to reach, p95 |",
        "|---|---:|---:|---:|---:|---|",
    ]
    for what, told in found["figures"].items():
        size = f"{told['bytes']:,}" if told["bytes"] else ""
        lines.append(
            f"| {what} | {told['p50']:.0f} | {told['p95']:.0f} | {told['count']} | {size} | {_reached(what, told)} |"
        )
    return "\n".join([*lines, ""])


def _reached(what: str, told: dict[str, Any]) -> str:
    if what not in TO_REACH:
        return ""
    return f"{TO_REACH[what]} ms: {'reached' if told['p95'] < TO_REACH[what] else 'not reached'}"


HEAD = """# Benchmarks

Made by `./run bench`; the figures stand in `benchmarks.json` beside this page. Every caseload is seeded through the verb that the
pages and importers call, sealed, indexed and audited; requests go over HTTP on loopback, and the client runs on the same cores.
An answer's bytes are those of its compressed body and its headers.
"""
TAIL = """## How to read it

A figure of one run on a shared machine can be a third off either way. Compare rows of the same date. To make them again:
`./run bench` (20,000 children), `./run bench --children 100000 1000000`, `./run bench data`, `./run bench keys`, `./run bench forms`,
`./run bench hotline`, `./run bench network`, `./run bench assistance`; a seeded workspace is kept in `build/bench`.
"""
