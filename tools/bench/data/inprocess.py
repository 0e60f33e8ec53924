"""The product's own features, ranking and comparing without a database or keys: what the index costs is what the two differ by.

`python -m tools.bench.data.inprocess [--place] CHILDREN …` prints recall by kind; it needs no workspace. With `--place` a place
of birth is asked and held as well, which the product's forms do not know today.
"""

from __future__ import annotations

import heapq
import sys
import time
from array import array
from collections.abc import Sequence
from dataclasses import replace
from math import log
from typing import Any

from amanat import names
from amanat.cases.identity import person_of
from tools.bench.data.asking import Question, questions
from tools.bench.data.generator import Entry, Registered, registry
from tools.bench.data.ranking import Placed, false_alerts, milliseconds, placed, recall

LIMIT, STOP = 300, 2_000  # as vault.index and vault.postings


def person(entry: Entry, *, place: bool = False) -> names.Person:
    made = person_of(entry.identity(), entry.contacts())
    return replace(made, place=entry.place) if place else made


class Index:
    """Postings in a dictionary, by a 64-bit hash of the feature."""

    def __init__(self, held: Sequence[Registered], *, place: bool = False) -> None:
        self.held, self.place = held, place
        self.postings: dict[int, array[int]] = {}
        for told in held:
            for feature in names.keys(person(told.entry, place=place)):
                self.postings.setdefault(hash(feature), array("I")).append(told.number)

    def ask(self, entry: Entry) -> list[tuple[int, float]]:
        """(number, score) of the candidates."""
        asked = person(entry, place=self.place)
        among = heapq.nlargest(LIMIT, self._weights(asked).items(), key=lambda pair: pair[1])
        prepared = names.prepare(asked)
        return [
            (number, names.likeness(prepared, person(self.held[number].entry, place=self.place)).score)
            for number, _weight in among
        ]

    def _weights(self, asked: names.Person) -> dict[int, float]:
        weights: dict[int, float] = {}
        for feature in names.query_keys(asked):
            having = self.postings.get(hash(feature), ())
            if 0 < len(having) <= STOP:
                weight = log(len(self.held) / len(having) + 1)
                for number in having:
                    weights[number] = weights.get(number, 0.0) + weight
        return weights


def answers(index: Index, asked: Sequence[Question]) -> tuple[list[Placed], list[float]]:
    """Each question's answer, placed, and how long it took."""
    told, seconds = [], []
    for question in asked:
        start = time.perf_counter()
        scored = index.ask(question.entry)
        seconds.append(time.perf_counter() - start)
        told.append(placed(question.kind, question.truth, scored))
    return told, seconds


def measured(held: Sequence[Registered], asked: Sequence[Question], *, place: bool = False) -> dict[str, Any]:
    index = Index(held, place=place)
    told, seconds = answers(index, asked)
    return {
        "recall": recall(told),
        "alerts": false_alerts(told),
        "own_alerts": false_alerts(told, names.threshold(len(held))),
        "wait": milliseconds(seconds),
        "keys": sum(map(len, index.postings.values())) / len(held),
    }


def main(arguments: Sequence[str]) -> None:
    for count in (int(word) for word in arguments if word.isdecimal()):
        held = list(registry(count))
        found = measured(held, questions(held), place="--place" in arguments)
        print(
            f"{count:,} children, {found['keys']:.1f} keys each, {found['wait']['p50']:.1f} / {found['wait']['p95']:.1f} ms"
        )
        for kind, share in found["recall"].items():
            print(f"  {kind:9} @1 {share['at_1']:.3f}  @10 {share['at_10']:.3f}  n = {share['count']}")
        for what in ("alerts", "own_alerts"):
            told = found[what]
            print(f"  {what}: at {told['threshold']:.1f} false {told['false']:.3f}, true tops {told['kept']:.3f}")


if __name__ == "__main__":
    main(sys.argv[1:])
