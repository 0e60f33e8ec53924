"""The section of docs/benchmarks.md about forms."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Found = Mapping[str, Any]
Held = Mapping[str, Found]
# Of one screen, in milliseconds at p95 and bytes; a second, and seconds at p95.
SCREEN, BYTES, LAG = 50, 15_000, 30
RATES = {"postgresql": 120, "sqlcipher": 60}
ASKED = {
    "page": "a screen is shown",
    "draft": "what is typed is kept as a draft",
    "swap": "an answer changes, all is evaluated anew, the page is told what changed",
    "continue": "Continue: the screen is checked and kept",
    "save": "the last one: all is checked, sealed and filed",
}


def section(held: Held) -> Iterator[str]:
    """From the figures of `engine QUESTIONS` and of `DATABASE QUESTIONS`."""
    engines = [_engine(int(name.split()[1]), one) for name, one in held.items() if name.startswith("engine ")]
    if engines:
        yield "\n".join([ENGINE, *engines, ""])
    served = {name.split()[0]: one for name, one in held.items() if not name.startswith("engine ")}
    if served:
        yield from _served(served)


def _engine(questions: int, found: Found) -> str:
    screen = found["screen"]
    return (
        f"| {questions:,} | {found['xform'] / 1000:,.0f} | {found['read']:.3f} | {found['convert']:.2f} | {found['compile']:.2f} | "
        f"{screen['p50']:,.1f} / {screen['p95']:,.1f} | {screen['count']} | {found['machine']}, {found['date']} |"
    )


def _served(served: Held) -> Iterator[str]:
    yield "\n".join([SCREENS, *(row for name, one in served.items() for row in _screens(name, one)), ""])
    yield "\n".join([PHONES, *(row for name, one in served.items() for row in _loads(name, one)), ""])
    yield "\n".join([WHOSE, *(row for name, one in served.items() for row in _whose(name, one)), ""])
    yield "\n".join([KILLS, *(_killed(name, one["killed"]) for name, one in served.items()), ""])


def _screens(database: str, found: Found) -> Iterator[str]:
    for what, told in found["screens"].items():
        cost = found["costs"][what]
        reached = ""
        if what != "save":
            reached = _reached(told["p95"] < SCREEN and told["raw"] < BYTES)
        yield (
            f"| {database}: {ASKED[what]} | {told['p50']:.0f} / {told['p95']:.0f} | {told['count']} | {told['raw']:,} | "
            f"{told['bytes']:,} | {cost['queries']} | {cost['opened']} | {cost['ms']:.0f} | {reached} |"
        )


def _loads(database: str, found: Found) -> Iterator[str]:
    most, load = found["at_most"], found["at_rate"]
    enough = RATES[database]
    yield _load(f"{database}, as many as are taken", most, f"{enough}/s: {_reached(most['rate'] >= enough)}")
    # A load that is sent by the clock is as fast as it is asked for, but for the last answer.
    kept = load["rate"] > 0.97 * enough and load["lag"]["p95"] < LAG * 1000
    yield _load(f"{database}, {enough} a second", load, f"lag under {LAG} s: {_reached(kept)}")


def _load(name: str, told: Found, reached: str) -> str:
    lag, answered = told["lag"], told["answered"]
    full = f", {told['refused']:,} times no room" if told["refused"] else ""
    return (
        f"| {name} | {told['rate']:.0f} | {told['count']:,} in {told['seconds']:.0f} s{full} | "
        f"{answered['p50']:.0f} / {answered['p95']:.0f} | "
        f"{lag['p50'] / 1000:.1f} / {lag['p95'] / 1000:.1f} | {told['most']:,} | {told['filed_rate']:.0f} | {reached} |"
    )


def _whose(database: str, found: Found) -> Iterator[str]:
    for name, told in (
        (f"{database}, as many as are taken", found["at_most"]),
        (f"{database}, by the clock", found["at_rate"]),
    ):
        whose = [
            f"{told['each'][who]:.1f} ({told['share'][who] * 100:.0f} %)"
            for who in ("web", "tasks", "database", "client")
        ]
        yield f"| {name} | {' | '.join(whose)} |"


def _killed(database: str, told: Found) -> str:
    return (
        f"| {database} | {told['kills']} | {told['seconds']:.0f} s | {told['taken']:,} | {told['lost']} | {told['twice']} | "
        f"{told['never_said']} | {told['aside'] + told['waiting']} | {_reached(not (told['lost'] or told['twice']))} |"
    )


def _reached(is_so: bool) -> str:
    return "reached" if is_so else "**not reached**"


ENGINE = """## Forms: the engine

Made by `./run bench forms`. A form in groups of ten questions, 40 of them relevant by an answer of the group before, every seventh
calculated. *Reading* a spreadsheet and *converting* it by pyxform happen once a version, *compiling* once a process. *Going on*: the
draft is read, an answer taken, everything computed, the screens and the faults of one told, the draft written: p50 / p95 in
milliseconds, without the page around it.

| questions | XForm, kB | reading, s | converting, s | compiling, s | going on, ms | n | |
|---:|---:|---:|---:|---:|---:|---:|---|"""
SCREENS = """### At a browser

The form of 250 questions and 25 screens, filled in over HTTP by one worker who is signed in. Milliseconds p50 / p95 as she waits.
*Bytes*: the largest page, and as it goes over the wire (gzip, with headers). *Own ms*: time of the processor, at the median, without
the server around it. To reach: under 50 ms and 15 kB, not counting that it is compressed.

| what | ms | n | bytes | over the wire | queries | decryptions | own ms | |
|---|---:|---:|---:|---:|---:|---:|---:|---|"""
PHONES = """### From phones

Filled forms of 250 answers (14 kB), multipart, Basic, eight connections, each form another instance; answered with 201 once sealed and
on the disk. The client is a process of its own on the same two cores. *Lag*: from received to the record committed, p50 / p95 in
seconds, seen ten times a second. *Waiting*: the most packets that waited at once (2,000 may; then a phone is told that there is no
room, and keeps its form); *filed*: records a second from the first to the last, with what came after the load. Where more are taken
than are filed, the lag grows as long as the load lasts.

| load | taken, a second | n | answer, ms | lag, s | waiting | filed, a second | to reach |
|---|---:|---:|---:|---:|---:|---:|---|"""
WHOSE = """Whose time of the processor that is: milliseconds for each form, all in all, and the share of one core while the load lasted.

| load | answering | filing | PostgreSQL | client |
|---|---:|---:|---:|---:|"""
KILLS = """### Killed

The whole tree is ended by `kill -9` at random moments under that load, and begun anew; a phone without an answer sends the same again,
as apps do. Then all that was answered with 201 is compared with the records. *Not told*: records of which no phone had an answer.

| database | kills | in | acknowledged | lost | twice | not told | aside or waiting | |
|---|---:|---:|---:|---:|---:|---:|---:|---|"""
