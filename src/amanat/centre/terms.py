"""What a pack says of stays: how long the first one may last, how long at most, and by what numbers beds are proposed (`centre.toml`).

The core has no length of a stay: it is a matter of a country's rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from amanat import packs
from amanat.packs import lasting, toml
from amanat.packs.lasting import Lasting

UNITS: Final = ("days", "months", "years")
MOST: Final = 1_000
FIRST, LONGEST = "first_stay", "longest_stay"
AGE_GAP, MIXED_FROM = "age_gap", "mixed_from"
GROUNDS, NEEDS, URGENT_NEEDS, MISSING_STEPS = "stay_ground", "stay_need", "urgent_need", "missing_step"


@dataclass(frozen=True, slots=True)
class Limit(Lasting):
    """A number with its source. `beyond`: the grounds (codes of `stay_ground`) on which a stay may last longer than this."""

    beyond: tuple[str, ...] = ()

    @property
    def caution(self) -> str:
        return "" if self.verified else _("unverified")


def _read_limit(table: toml.Table) -> Limit:
    name = table.need("name", str, "")
    table = table.named(name)
    table.allow("name", "label", "source", "verified", "beyond", *UNITS)
    told = lasting.read(table, name, UNITS, MOST, _("A limit needs one number."))
    return Limit(**told, beyond=table.words("beyond"))


def _read(source: packs.Source) -> dict[str, Limit]:
    """Read `centre.toml`."""
    table = toml.read_table(source, source.path)
    if table is None:
        return {}
    table.allow("limit")
    return {limit.name: limit for limit in map(_read_limit, table.tables("limit"))}


LIMITS: Final = packs.register("centre.toml", _read)


def limit(name: str) -> Limit | None:
    """One of this workspace's packs; None where none of them says anything of it."""
    return packs.current().part(LIMITS).get(name)


def named(*names: str) -> Sequence[Limit]:
    """Those that there are, for a page that says by what rule it counts."""
    return [found for name in names if (found := limit(name))]


def years_of(name: str) -> int | None:
    found = limit(name)
    return found.amount if found else None


def first_until(since: date) -> date | None:
    """The last day of a first stay that begins on a day; None where the packs set none."""
    first = limit(FIRST)
    return first.last_day(since) if first else None


def longest_until(since: date) -> date | None:
    """The last day of a stay that began on a day, unless a ground lets it last longer; None where the packs set none."""
    longest = limit(LONGEST)
    return longest.last_day(since) if longest else None


def lasts_beyond(ground: str) -> bool:
    """Whether a stay may last longer than the longest on this ground."""
    longest = limit(LONGEST)
    return longest is None or ground in longest.beyond
