"""The section of docs/benchmarks.md about the centre and plans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Held = Mapping[str, Mapping[str, Any]]
ALONE, TOGETHER = 100, 300  # milliseconds at p95, for one person and for sixteen


def section(held: Held) -> Iterator[str]:
    """From the figures of `DATABASE PLANS`."""
    yield "\n".join([HEAD, *(_summary(name, one) for name, one in held.items()), ""])
    yield "\n".join([TABLE, *(row for name, one in held.items() for row in _rows(name, one)), ""])
    yield "\n".join([COSTS, *(row for name, one in held.items() for row in _costs(name, one)), ""])
    yield "\n".join([EDITED, *(_edited(name, one) for name, one in held.items()), ""])


def _called(name: str) -> str:
    database, plans = name.split()
    return f"{database}, {int(plans):,} plans"


def _summary(name: str, found: Mapping[str, Any]) -> str:
    said = (
        f"- {_called(name)}: a house with {found['places']} places, {found['days']:,} days. {found['machine']}, {found['date']}; "
        f"memory while serving {found['memory']:.0f} MB."
    )
    return f"{said} {found['note']}" if "note" in found else said


def _rows(name: str, found: Mapping[str, Any]) -> Iterator[str]:
    for what, told in found["figures"].items():
        page, many = what.rsplit(", ", 1)
        limit = ALONE if many == "1" else TOGETHER
        reached = _reached(told["p95"] < limit)
        yield (
            f"| {_called(name)}: {page}, {many} | {told['p50']:.0f} / {told['p95']:.0f} | {told['count']} | {told['bytes']:,} | "
            f"{limit} ms: {reached} |"
        )


def _costs(name: str, found: Mapping[str, Any]) -> Iterator[str]:
    for what, told in found["costs"].items():
        yield f"| {_called(name)}: {what} | {told['queries']} | {told['opened']} | {told['ms']:.0f} |"


def _edited(name: str, found: Mapping[str, Any]) -> str:
    told = found["edited"]
    save = told["save"]
    return (
        f"| {_called(name)} | {told['minutes']:g} | {told['acknowledged']:,} | {told['met']:,} | {told['refused']} | "
        f"{save['p50']:.0f} / {save['p95']:.0f} | {len(told['lost'])}: {_reached(not told['lost'])} |"
    )


def _reached(is_so: bool) -> str:
    return "reached" if is_so else "**not reached**"


HEAD = """## The centre and plans

Made by `./run bench assistance`. One house of a centre with all its places: a child in every bed, two hand-over notes a day of each,
medicine for three of ten, incidents, shifts. Every child of the registry has a plan of 19 rows with the versions that were agreed.
Pages over HTTP on loopback, the client on the same cores; each of sixteen is somebody else and opens many files in turn.
"""
TABLE = """| what, people at once | p50 / p95 ms | n | bytes | to reach, p95 |
|---|---:|---:|---:|---|"""
COSTS = """What a page costs: queries, sealed values that are opened, and milliseconds of the process that answers.

| what | queries | opened | ms |
|---|---:|---:|---:|"""
EDITED = """### Five people write one plan

Each in a session of their own: own rows, each other's, and words beside them; half a second to three between page and press. Every text
holds a word that was sent once. Afterwards each acknowledged one is looked for, with the keys, in the rows, in what stood there before
and in what was said beside them; one that was not taken has to stand in the form that came back.

| what | minutes | acknowledged | met another's text | not taken in the end | save, p50 / p95 ms | lost |
|---|---:|---:|---:|---:|---:|---|"""
