"""The section of docs/benchmarks.md about forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def section(held: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """From the figures by `engine questions`."""
    rows = [_row(int(name.split()[1]), found) for name, found in held.items()]
    yield "\n".join([HEAD, *rows, ""])


def _row(questions: int, found: Mapping[str, Any]) -> str:
    screen = found["screen"]
    return (
        f"| {questions:,} | {found['xform'] / 1000:,.0f} | {found['read']:.3f} | {found['convert']:.2f} | {found['compile']:.2f} | "
        f"{screen['p50']:,.1f} / {screen['p95']:,.1f} | {screen['count']} | {found['machine']}, {found['date']} |"
    )


HEAD = """## Forms: the engine

Made by `./run bench forms`. A form in groups of ten questions, 40 of them relevant by an answer of the group before, every seventh
calculated. *Reading* a spreadsheet and *converting* it by pyxform happen once a version, *compiling* once a process. *Going on*: the
draft is read, an answer taken, everything computed, the screens and the faults of one told, the draft written: p50 / p95 in
milliseconds, without the page around it.

| questions | XForm, kB | reading, s | converting, s | compiling, s | going on, ms | n | |
|---:|---:|---:|---:|---:|---:|---:|---|"""
