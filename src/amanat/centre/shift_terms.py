"""How many are on in a house at least, and when night is, as a pack says it (`shifts.toml`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import time
from typing import Final

from django.utils.translation import gettext as _

from amanat import packs
from amanat.packs import toml
from amanat.packs.labels import Label

MOST: Final = 50


@dataclass(frozen=True, slots=True)
class ShiftTerms:
    """`night_from` and `night_until` are times of the house's clock; night may pass midnight."""

    by_day: int
    by_night: int
    night_from: time
    night_until: time
    source: Label
    verified: bool


def _read(source: packs.Source) -> dict[str, ShiftTerms]:
    """Read `shifts.toml`."""
    table = toml.read_table(source, source.path)
    if table is None:
        return {}
    table.allow("by_day", "by_night", "night_from", "night_until", "source", "verified")
    terms = ShiftTerms(
        by_day=_count(table, "by_day", 1),
        by_night=_count(table, "by_night", 2),
        night_from=_time(table, "night_from", time(22)),
        night_until=_time(table, "night_until", time(7)),
        source=table.citation(),
        verified=table.need("verified", bool, False),
    )
    if terms.night_from == terms.night_until:
        table.fault(_("Night has no length."), _("Let it end at another time than it begins."), "night_until")
    return {"shifts": terms}


def _count(table: toml.Table, key: str, otherwise: int) -> int:
    count = table.need(key, int, otherwise)
    if 0 <= count <= MOST:
        return count
    table.fault(_("This number makes no sense."), _("Write a number between 0 and %(most)s.") % {"most": MOST}, key)
    return otherwise


def _time(table: toml.Table, key: str, otherwise: time) -> time:
    text = table.need(key, str, "")
    try:
        return time.fromisoformat(text) if len(text) == 5 else _no_time(table, key, otherwise)
    except ValueError:
        return _no_time(table, key, otherwise)


def _no_time(table: toml.Table, key: str, otherwise: time) -> time:
    table.fault(_("This is no time of the day."), _('Write it like "22:00".'), key)
    return otherwise


SHIFTS: Final = packs.register("shifts.toml", _read)


def shift_terms() -> ShiftTerms:
    return packs.current().part(SHIFTS)["shifts"]
