"""The section of docs/benchmarks.md about backups, restores, erasures, rotations and starts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Figures = Mapping[str, Any]
AMONG = "among "


def section(held: Mapping[str, Figures]) -> Iterator[str]:
    """From the figures by `database children` and `among database children`."""
    carried = {name: found for name, found in held.items() if not name.startswith(AMONG)}
    changed = {name.removeprefix(AMONG): found for name, found in held.items() if name.startswith(AMONG)}
    yield HEAD
    if carried:
        yield "\n".join([*CARRIED, *(_carried(*_apart(name), found) for name, found in carried.items()), ""])
        yield from _memory(carried)
    if changed:
        yield "\n".join([*CHANGED, *(_changed(*_apart(name), found) for name, found in changed.items()), ""])


def _apart(name: str) -> tuple[str, int]:
    database, children = name.split()
    return database, int(children)


def _carried(database: str, children: int, found: Figures) -> str:
    backup, restore, start = found["backup"], found["restore"], found["start"]
    return (
        f"| {database}, {children:,} | {backup['seconds']:,.1f} | {backup['megabytes']:,.0f} | {found['bytes'] / 1e6:,.0f} | "
        f"{restore['seconds']:,.1f} | {restore['megabytes']:,.0f} | {start['open']:.1f} | {start['locked']:.1f} | {_where(found)} |"
    )


def _memory(carried: Mapping[str, Figures]) -> Iterator[str]:
    """How much more memory the largest took than the smallest, by database."""
    for database in sorted({name.split()[0] for name in carried}):
        sizes = sorted((_apart(name)[1], found) for name, found in carried.items() if name.split()[0] == database)
        (few, small), (many, large) = sizes[0], sizes[-1]
        if few < many:
            more = {what: large[what]["megabytes"] / small[what]["megabytes"] for what in ("backup", "restore")}
            yield (
                f"Memory on {database}, {many:,} against {few:,}: backup × {more['backup']:.2f}, restore × {more['restore']:.2f}.\n"
            )


def _changed(database: str, children: int, found: Figures) -> str:
    erase, rotate = found["erase"], found["rotate"]
    sweep = f"{found['sweep']['seconds']:,.1f}" if "sweep" in found else ""
    return (
        f"| {database}, {children:,} | {erase['p50']:,.0f} / {erase['p95']:,.0f} | {sweep} | {rotate['keys']:,} | "
        f"{rotate['seconds']:,.1f} | {rotate['keys'] / rotate['seconds']:,.0f} | {rotate['megabytes']:,.0f} | {_where(found)} |"
    )


def _where(found: Figures) -> str:
    return f"{found['machine']}, {found['date']}"


HEAD = """## Keys in the real world

Made by `./run bench keys`, in the caseloads of `./run bench data`. Each command is a process of its own: its seconds are those from
typing it to its end, start of Python included, its MB what it held at most. A restore goes into an empty folder and an empty
database. *Erasure*: what the second person waits for, p50 / p95 over 20 children; on PostgreSQL the owner sweeps afterwards.
*Rotation*: a new master key, under which all data keys are wrapped anew while nobody works. *Start*: from the command to the first
page, with keys, and locked.
"""
CARRIED = [
    "| children | backup, s | MB | size, MB | restore, s | MB | start, s | locked | |",
    "|---|---:|---:|---:|---:|---:|---:|---:|---|",
]
CHANGED = [
    "| children | erasure, ms | sweep, s | data keys | rotation, s | keys a second | MB | |",
    "|---|---:|---:|---:|---:|---:|---:|---|",
]
