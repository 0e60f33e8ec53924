"""The section of docs/benchmarks.md about the data that people have: figures beside what was to be reached, then the peers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, NamedTuple

from tools.bench.data.ranking import Placed, false_alerts, recall

Figures = Mapping[str, Any]
KINDS = ("exact", "translit", "typo", "swap", "dob", "ageonly", "heavy", "all")


class Goal(NamedTuple):
    """What the issue asks for. `size`: at how many children; 0 for every one."""

    what: str
    size: int
    least: bool
    goal: float
    read: Callable[[Figures], float]
    shown: str = "{:,.0f}"


def _at(*path: str) -> Callable[[Figures], float]:
    def read(found: Figures) -> float:
        value: Any = found
        for name in path:
            value = value[name]
        return float(value)

    return read


def _false_alerts(found: Figures) -> float:
    return _at("known", "alerts", "false")(found) * 100


GOALS = (
    Goal("import, rows a second, sealed, indexed, audited", 20_000, True, 1_000, _at("import", "take_sealed")),
    Goal("import, rows a second, sealed, indexed, audited", 1_000_000, True, 500, _at("import", "take_sealed")),
    Goal("dry run with *known?*, rows a second", 100_000, True, 150, _at("import", "look")),
    Goal("find among 5,000 files, p95 ms", 0, False, 120, _at("find", "later", "p95")),
    Goal("*known?*, query part, p95 ms, warm", 100_000, False, 10, _at("known", "warm", "p95"), "{:,.1f}"),
    Goal("*known?*, query part, p95 ms, warm", 1_000_000, False, 40, _at("known", "warm", "p95"), "{:,.1f}"),
    Goal("recall@10, all kinds", 100_000, True, 0.995, _at("known", "recall", "all", "at_10"), "{:.3f}"),
    Goal("recall@10, all kinds", 1_000_000, True, 0.985, _at("known", "recall", "all", "at_10"), "{:.3f}"),
    Goal("false alerts on unknown children where 90 % of true tops stay, %", 100_000, False, 2, _false_alerts, "{:.1f}"),
)  # fmt: skip


def section(held: Mapping[str, Figures]) -> Iterator[str]:
    """From the figures by `database children` and `peers children`."""
    ours = {_apart(name): found for name, found in held.items() if not name.startswith("peers")}
    beside = {_apart(name)[1]: found for name, found in held.items() if name.startswith("peers")}
    yield HEAD
    if ours:
        yield _goals(ours)
        yield _recall(ours)
        yield _waits(ours)
    yield from (_peers(size, found, ours) for size, found in sorted(beside.items()))


Ours = Mapping[tuple[str, int], Figures]


def _apart(name: str) -> tuple[str, int]:
    database, children = name.split()
    return database, int(children)


def _table(head: str, rows: Iterator[str] | list[str]) -> str:
    columns = head.count("|") - 1
    return "\n".join([head, f"|---|{'---:|' * (columns - 1)}", *rows, ""])


def _goals(ours: Ours) -> str:
    rows, short = [], []
    for (database, size), found in sorted(ours.items(), key=lambda pair: (pair[0][1], pair[0][0])):
        for goal in GOALS:
            if goal.size not in (0, size):
                continue
            value = goal.read(found)
            reached = value >= goal.goal if goal.least else value < goal.goal
            told = f"{goal.what}, {size:,} children, {database}"
            wanted = f"{'at least' if goal.least else 'under'} {goal.shown.format(goal.goal)}"
            rows.append(
                f"| {told} | {goal.shown.format(value)} | {wanted} | {'reached' if reached else '**not reached**'} |"
            )
            if not reached:
                short.append(f"- {told}: {goal.shown.format(value)}, to reach {wanted}")
    end = (
        ["What falls short:", "", *short, ""]
        if short
        else ["Everything that was measured here reaches what was asked.", ""]
    )
    notes = [
        f"{size:,} children, {database}: {found['note']}" for (database, size), found in ours.items() if "note" in found
    ]
    return "\n".join(
        [_table("| what | measured | to reach | |", rows), *end, *(line for note in notes for line in (note, ""))]
    )


def _recall(ours: Ours) -> str:
    def rows() -> Iterator[str]:
        for (database, size), found in sorted(ours.items(), key=lambda pair: (pair[0][1], pair[0][0])):
            told = found["known"]["recall"]
            shares = (f"{told[kind]['at_1']:.3f} / {told[kind]['at_10']:.3f}" for kind in KINDS)
            alerts, own = (
                f"{100 * found['known'][name]['false']:.1f} % / {100 * found['known'][name]['kept']:.0f} %"
                for name in ("alerts", "own_alerts")
            )
            yield f"| {database}, {size:,} | {' | '.join(shares)} | {alerts} | {own} |"

    return (
        "### Is the child found\n\n"
        + RECALL
        + _table(f"| | {' | '.join(KINDS)} | false alerts / kept | at our threshold |", rows())
    )


def _waits(ours: Ours) -> str:
    def rows() -> Iterator[str]:
        for (database, size), found in sorted(ours.items(), key=lambda pair: (pair[0][1], pair[0][0])):
            known, find, taken = found["known"], found["find"], found["import"]
            waits = " | ".join(
                _wait(each) for each in (known["warm"], known["busy"], known["cold"], find["later"], find["first"])
            )
            speeds = f"{taken['look']:,.0f} | {taken['take']:,.0f} | {taken['take_sealed']:,.0f} | {taken['rows']:,}"
            each = found["size"]["database"] / known["files"]
            yield f"| {database}, {size:,} | {waits} | {speeds} | {each:,.0f} | {found['machine']}, {found['date']} |"

    head = "| | known? warm | computing | cold | find | first find | dry run, rows/s | import | sealed | rows | bytes a child | |"
    return "### How long it takes\n\n" + WAITS + _table(head, rows())


def _wait(told: Figures) -> str:
    return f"{told['p50']:,.1f} / {told['p95']:,.1f}"


def _peers(size: int, found: Figures, ours: Ours) -> str:
    rows = []
    own = {database: held["known"] for (database, own_size), held in sorted(ours.items()) if own_size == size}
    for database, known in own.items():
        rows.append(_peer(f"Amanat on {database}, sealed", known | {"wait": known["warm"]}))
        rows.append(_peer(f"Amanat on {database}, as many questions as pg_trgm", _first(known, found["tried"])))
    base = own["sqlcipher"]["warm"]["p50"] if "sqlcipher" in own else None
    rows += [_peer(name, each, base) for name, each in found["peers"].items()]
    in_memory = ("in process", "in process, place known")
    rows += [_peer(f"Amanat, {name}", found[name], base) for name in in_memory if name in found]
    head = "| | p50 / p95 ms | times ours | n | recall@1 | recall@10 | translit @10 | heavy @10 | false alerts |"
    intro = f"### Beside peers on clear text, {size:,} children\n\n{found['machine']}, {found['date']}. "
    return intro + PEERS + _table(head, rows)


def _first(known: Figures, count: int) -> Figures:
    """Our answers to the questions that a slower peer was asked as well."""
    apart = [each.split() for each in known["first"].split(";")[:count]]
    told = [Placed(kind, int(place), float(top)) for kind, place, top in apart]
    return {"recall": recall(told), "alerts": false_alerts(told), "wait": known["warm"]}


def _peer(name: str, found: Figures, base: float | None = None) -> str:
    if "why" in found:
        return f"| {name} | not measured: {found['why']} | | | | | | | |"
    told = found["recall"]
    ratio = f"{found['wait']['p50'] / base:,.1f}" if base else ""
    shares = " | ".join(
        f"{told[kind][at]:.3f}" if kind in told else ""
        for kind, at in (("all", "at_1"), ("all", "at_10"), ("translit", "at_10"), ("heavy", "at_10"))
    )
    return f"| {name} | {_wait(found['wait'])} | {ratio} | {told['all']['count']} | {shares} | {100 * found['alerts']['false']:.1f} % |"


HEAD = """## The data that people have

Made by `./run bench data`. The children are invented by rules (`tools/bench/data`, seed in `generator.py`, written apart from the
product's fold): 60 % Turkmen, 25 % Russian, 15 % Romanian and Moldovan names, each written down in one of nine ways, 15 % without
patronymic, 20 % with a year only, 12 % sisters or brothers of another one. Who is asked about is among the first 10,000. No question
has a phone or document number. Invented names are kinder than life: read the order and the growth, not the third decimal.
"""
RECALL = """Share of questions whose child stands on top / among the first ten; equal scores count against it. *exact*: as registered;
*translit*: in another script or by another standard; *typo*: a slip in the given name, in 70 % also in the family's; *swap*: the two
in each other's place; *dob*: off by a year, day and month turned, or the day unknown; *ageonly*: about which year; *heavy*: another
writing, slips, only the age, no patronymic, in 40 % swapped. False alerts: unknown children who score as high as 90 % of the true
tops (and the share of all known children told there), then the same at the product's own threshold.

"""
WAITS = """p50 / p95 in milliseconds. *known?* is the query part: from what was typed to ranked children with reasons, over all files;
*computing*: of it this process's own time, which a busy machine does not stretch. What
stood in memory before the first question is frozen (`gc.freeze`), as in the web process. Cold: connecting included, after the connection
was closed and the database's pages were dropped from the page cache (`posix_fadvise`; PostgreSQL's server restarted as well).
*find*: a worker with 5,000 files types; *first find* opens all of them. Import: a CSV of 13 columns, one row of ten about a child of
the worker's own circle; *sealed*: until the log of it is sealed, too.

"""
PEERS = """They hold names in clear and are asked the same questions, the first n of them; pg_trgm counts the birth
beside the names' similarity; Splink has learnt without labels from 10,000 children and the questions, its recall is that of all
questions at once, its time that of one question alone.

"""
