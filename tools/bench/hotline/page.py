"""The section of docs/benchmarks.md about the hotline."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

Found = Mapping[str, Any]
POP, SAVE = 1000, 150  # milliseconds at p95
SHARE = 0.95  # of all, also of those that never came
SHOWN = {
    "firsts": "on the first screen",
    "screens": "on each screen that was told",
}
ASKED = {  # in this order
    "ring": "a telephone system announces a call",
    "answer": "Answer",
    "draft": "what is typed is kept as a draft",
    "save": "Save",
    "end": "the call ends, all is saved with it",
    "emergency": "Alert now: a case is opened, the duty list told",
    "take": "an alert is taken",
    "waiting": "a screen asks what waits",
    "region": "a screen fetches what rings",
    "rest": "a screen fetches the rest of the desk",
    "page": "a page is opened",
}
WHOSE = ("web", "stream", "tasks", "database", "client")


def section(held: Mapping[str, Found]) -> Iterator[str]:
    """From the figures of each `DATABASE OPERATORS`."""
    if not held:
        return
    named = {f"{name.split()[0]}, {one['operators']} operators": one for name, one in held.items()}
    yield "\n".join([HEAD, *(f"- {_summary(name, one)}" for name, one in named.items()), ""])
    yield "\n".join([POPS, *(row for name, one in named.items() for row in _pops(name, one)), ""])
    yield "\n".join([REQUESTS, *(row for name, one in named.items() for row in _asked(name, one)), ""])
    yield "\n".join([SHARES, *(_share(name, one) for name, one in named.items()), ""])
    if any("killed" in one for one in named.values()):
        yield "\n".join([KILLS, *(_killed(name, one) for name, one in named.items() if "killed" in one), ""])


def _summary(name: str, found: Found) -> str:
    left, refused = found["left"], found["refused"]
    said = [
        f"{name}: {found['calls']} calls a minute for {found['minutes']:g} min, {found['rung']} in all.",
        f"{found['machine']}, {found['date']}; memory while serving {found['memory']:.0f} MB.",
        f"{_told(left['acknowledged'])} acknowledged, {len(left['lost'])} of it missing, {len(left['twice'])} twice:",
        f"{_reached(not left['lost'] and not left['twice'])}.",
        *(f"{many} times {what}." for what, many in refused.items()),
        found.get("note", ""),
    ]
    return " ".join(filter(None, said))


def _pops(name: str, found: Found) -> Iterator[str]:
    for what, said in SHOWN.items():
        told = found[what]
        reached = _reached(told["p95"] < POP and told["soon"] >= SHARE)
        yield f"| {name}: {said} | {_ms(told)} | {told['count']:,} | {told['never']:,} | {told['soon'] * 100:.0f} % | {reached} |"
    alerts = found["alerts"]
    if alerts["count"]:
        what = f"{name}: an alert, until the worker on duty is told"
        yield f"| {what} | {_ms(alerts)} | {alerts['count']} | {alerts['never']} | {alerts['soon'] * 100:.0f} % | |"


def _asked(name: str, found: Found) -> Iterator[str]:
    for what, told in found["asked"].items():
        reached = _reached(told["p95"] < SAVE) if what == "save" else ""
        yield f"| {name}: {ASKED[what]} | {_ms(told)} | {told['count']:,} | {reached} |"


def _share(name: str, found: Found) -> str:
    whose = [f"{found['share'].get(who, 0) * 100:.0f} %" for who in WHOSE]
    late = found["late"]
    return f"| {name} | {found['requests']:.0f} | {found['looks']:,} | {' | '.join(whose)} | {late['p95']:.0f} |"


def _killed(name: str, found: Found) -> str:
    told = found["killed"]
    reached = _reached(not told["lost"] and not told["twice"])
    return (
        f"| {name.partition(',')[0]} | {told['kills']} | {told['seconds']:.0f} s | {_told(told['acknowledged'])} | "
        f"{len(told['lost'])} | {len(told['twice'])} | {reached} |"
    )


def _told(acknowledged: Mapping[str, int]) -> str:
    return ", ".join(f"{many} {what}" for what, many in acknowledged.items())


def _ms(told: Found) -> str:
    return f"{told['p50']:.0f} / {told['p95']:.0f} / {told['max']:.0f}"


def _reached(is_so: bool) -> str:
    return "reached" if is_so else "**not reached**"


HEAD = """## The hotline

Made by `./run bench hotline`. One agency; each operator has the desk open in a browser of their own, whose page listens to the
live stream and does what the script does: on *look* it asks `/waiting` and fetches what rings, and once a minute it does so
unasked and fetches the rest. Calls ring at random moments through `POST /api/v1/hotline/ring`. One to three seconds after a call
stands on the first screen, an operator on whose screen it stands answers, types for four to eight seconds, a draft is kept, they
save; three times; then the call ends. Every tenth opens a case in an emergency, and a worker on duty takes its alert. Before it
there are 300 matters of two months, each with a call, 20 of them to be called back. All browsers and the telephone system are one
process on the same cores as the server and its database; what it takes is told.
"""

POPS = f"""### Until it stands on a screen

Milliseconds p50 / p95 / most, from sending the ring until the desk that was fetched shows it. *Never*: not before somebody answered.
To reach: p95 under {POP // 1000} s.

| what | ms | n | never | within 1 s | |
|---|---:|---:|---:|---:|---|"""
REQUESTS = f"""### What is asked

Milliseconds p50 / p95 / most, until the whole answer has come. To reach: a save under {SAVE} ms at p95.

| what | ms | n | |
|---|---:|---:|---|"""
SHARES = """Whose time of the processor: the share of one core. *Late*: by how many milliseconds the client itself was late, p95, which is
in all figures.

| load | requests a second | looks heard | answering | live stream | tasks | PostgreSQL | client | late |
|---|---:|---:|---:|---:|---:|---:|---:|---:|"""
KILLS = """### Killed in a shift

The whole tree is ended by `kill -9` at random moments while 20 operators work as fast as they are answered, and begun anew on the same
ports. Who gets no answer looks and presses again, as people do. Then what was acknowledged (a ring by its 202, everything else by the
redirect after it) is compared with what the database holds: state, who answered, the number and the summary, opened with the keys.

| database | kills | in | acknowledged | missing | twice | |
|---|---:|---:|---|---:|---:|---|"""
