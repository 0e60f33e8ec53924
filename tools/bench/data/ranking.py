"""How well answers to questions with a known truth are: recall by kind, false alerts. Equal scores count against the truth."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import asdict, dataclass
from statistics import quantiles
from typing import Any

KEPT_TOPS = 0.90  # of the true tops stay above the threshold at which false alerts are counted


@dataclass(frozen=True, slots=True)
class Placed:
    """One answered question. `place`: 1 for the truth alone on top, 0 where it was not found or there is none."""

    kind: str
    place: int
    top: float

    @property
    def is_true_top(self) -> bool:
        return self.place == 1


def placed(kind: str, truth: Hashable | None, scored: Sequence[tuple[Any, float]]) -> Placed:
    """From (who, score) pairs in any order: whoever scores as high as the truth stands before it."""
    top = max((score for _who, score in scored), default=float("-inf"))
    own = next((score for who, score in scored if who == truth), None) if truth is not None else None
    place = 0 if own is None else sum(score >= own for _who, score in scored)
    return Placed(kind, place, top)


@dataclass(frozen=True)
class Recall:
    """Shares, of the questions of a kind, whose truth is on top or among the first ten."""

    at_1: float
    at_10: float
    count: int


def recall(told: Sequence[Placed]) -> dict[str, dict[str, Any]]:
    """By kind and for `all`; unknown children have none."""
    kinds: dict[str, list[Placed]] = {}
    for each in told:
        if each.kind != "unknown":
            kinds.setdefault(each.kind, []).append(each)
    kinds["all"] = [each for group in list(kinds.values()) for each in group]
    return {kind: asdict(_recall(group)) for kind, group in kinds.items() if group}


def _recall(group: Sequence[Placed]) -> Recall:
    def within(place: int) -> float:
        return sum(0 < each.place <= place for each in group) / len(group)

    return Recall(within(1), within(10), len(group))


def false_alerts(told: Sequence[Placed], threshold: float | None = None) -> dict[str, float]:
    """The share of unknown children with a score of at least the threshold; without one, that which keeps 90 % of true tops."""
    tops = [each.top for each in told if each.is_true_top]
    unknown = [each.top for each in told if each.kind == "unknown"]
    known = [each for each in told if each.kind != "unknown"]
    if threshold is None:
        threshold = (
            quantiles(tops, n=100, method="inclusive")[round(100 - KEPT_TOPS * 100) - 1] if len(tops) > 1 else 0.0
        )
    return {
        "threshold": threshold,
        "false": sum(top >= threshold for top in unknown) / max(1, len(unknown)),
        "kept": sum(each.is_true_top and each.top >= threshold for each in known) / max(1, len(known)),
    }


def milliseconds(seconds: Sequence[float]) -> Mapping[str, float]:
    """The median and the 95th percentile, and of how many."""
    cuts = quantiles(seconds, n=20, method="inclusive") if len(seconds) > 1 else [*seconds] * 19
    return {"p50": cuts[9] * 1000, "p95": cuts[18] * 1000, "count": len(seconds)}
