"""How large the seeded centre is, by the number of plans."""

from __future__ import annotations

from dataclasses import dataclass

FULL, SMALL = 100_000, 1_000  # plans: what the issue asks for; what one tries with


@dataclass(frozen=True)
class Size:
    """So many plans; a centre with so many places, and days that are written down."""

    plans: int
    places: int
    days: int


def size_of(plans: int) -> Size:
    return Size(plans, 200, 5 * 365 + 1) if plans >= FULL else Size(plans, 20, 60)
