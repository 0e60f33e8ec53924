"""Comparing totals: which may be compared at all, and what may be said of two of them. Pure: no database, no file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from amanat.psychology.scales import Scale


class Verdict(StrEnum):
    """What may be said of the difference of two totals."""

    BETTER = "better"
    WORSE = "worse"
    NONE = "none"  # smaller than what is called a change
    UNSAID = "unsaid"  # nobody knows from where on it is a change


@dataclass(frozen=True, slots=True, order=True)
class Key:
    """What has to be the same for two totals to be compared: the score, the form and its version, the language version that was
    used, and who answered.
    """

    score: str
    form: str
    version: str
    used: str
    reporter: str


@dataclass(frozen=True, slots=True)
class Total:
    """One total of a record. `number` is the record's."""

    key: Key
    on: date
    number: int
    value: float


@dataclass(frozen=True, slots=True)
class Change:
    """Two totals of one key, the earlier one first, and what may be said of them."""

    before: Total
    after: Total
    verdict: Verdict

    @property
    def difference(self) -> float:
        return self.after.value - self.before.value


def lines(totals: Iterable[Total]) -> dict[Key, list[Total]]:
    """Totals that may be compared stand together, the earliest first; no two of different keys do."""
    found: dict[Key, list[Total]] = {}
    for total in sorted(totals, key=lambda one: (one.on, one.number)):
        found.setdefault(total.key, []).append(total)
    return found


def compared(before: Total, after: Total, scale: Scale | None) -> Change:
    """Raises:
    ValueError: they are not of one tool and version, and may not be compared.
    """
    if before.key != after.key:
        raise ValueError(f"{before.key} is not compared with {after.key}")
    return Change(before, after, _verdict(after.value - before.value, scale))


def _verdict(difference: float, scale: Scale | None) -> Verdict:
    if scale is None or not scale.change:
        return Verdict.UNSAID
    if abs(difference) < scale.change:
        return Verdict.NONE
    return Verdict.BETTER if (difference < 0) == (scale.better == "lower") else Verdict.WORSE


def changes(totals: Sequence[Total], scale: Scale | None) -> list[Change | None]:
    """Of each total of a line how it differs from the first one; None of the first."""
    return [None if total is totals[0] else compared(totals[0], total, scale) for total in totals]
