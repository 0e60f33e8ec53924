"""The section of docs/benchmarks.md about the network."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Held = Mapping[str, Mapping[str, Any]]
ALONE, TOGETHER = 80, 250  # milliseconds at p95, for one worker and for sixteen


def section(held: Held) -> Iterator[str]:
    """From the figures of `DATABASE REFERRALS`."""
    yield "\n".join([HEAD, *(_summary(name, one) for name, one in held.items()), ""])
    yield "\n".join([TABLE, *(row for name, one in held.items() for row in _rows(name.split()[0], one)), ""])


def _summary(name: str, found: Mapping[str, Any]) -> str:
    database, referrals = name.split()
    return (
        f"- {database}: {int(referrals):,} referrals, {found['services']:,} services. {found['machine']}, {found['date']}; "
        f"memory while serving {found['memory']:.0f} MB."
    )


def _rows(database: str, found: Mapping[str, Any]) -> Iterator[str]:
    for what, told in found["figures"].items():
        name, many = what.rsplit(", ", 1)
        limit = ALONE if many == "1" else TOGETHER
        reached = "reached" if told["p95"] < limit else "**not reached**"
        yield (
            f"| {database}: {name}, {many} | {told['p50']:.0f} / {told['p95']:.0f} | {told['count']} | {told['bytes']:,} | "
            f"{limit} ms: {reached} |"
        )


HEAD = """## The network

Made by `./run bench network`. Referrals of two years between ten agencies of a thousand children each, ten of a child, one in
twenty-five open now; services of five hundred organisations. Pages over HTTP on loopback, the client on the same cores.

At sixteen at once the figures are those of one, times sixteen, shared among the processes that serve: a page takes 30 to 45 ms of a
core, of which a third builds SQL and a third draws the page, and two cores would have to serve it in 25. Tried on 2026-11-27: labels of
codes looked up once a page, an index for what was taken back, counts of what is open by their own index (SQLCipher: the network
251 to 46 ms, what came 148 to 51 ms).
"""
TABLE = """| what, workers at once | p50 / p95 ms | n | bytes | to reach, p95 |
|---|---:|---:|---:|---|"""
