"""How urgent a referral can be, as a pack says: by when it is to be seen, answered, begun, and told how it went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext as _

from amanat import packs
from amanat.packs import toml
from amanat.packs.labels import Label

MOST: Final = 527_040  # minutes of a long year
SPANS: Final = ("send", "see", "accept", "expire", "start", "outcome", "remind", "nobody")


@dataclass(frozen=True, slots=True)
class Urgency:
    """Spans from when it was sent: `see`, `accept`, `expire`; from when the child was to come: `start`; from the beginning of the
    service: `outcome`; of a draft: `send`. `remind`: how long before a deadline; `nobody`: for the case manager, once nobody took it.
    `order`: 0 is the most urgent, the one that is answered first.
    """

    name: str
    label: Label
    send: timedelta
    see: timedelta
    accept: timedelta
    expire: timedelta
    start: timedelta
    outcome: timedelta
    remind: timedelta
    nobody: timedelta
    source: Label
    verified: bool
    order: int


def _read_urgency(table: toml.Table) -> Urgency:
    name = table.need("name", str, "")
    table = table.named(name)
    table.allow("name", "label", "source", "verified", *(f"{span}_minutes" for span in SPANS))
    spans = {span: _span(table, f"{span}_minutes") for span in SPANS}
    if not spans["see"] <= spans["accept"] < spans["expire"]:
        table.fault(
            _("A referral is seen before it is answered, and answered before it expires."),
            _("Let see_minutes, accept_minutes and expire_minutes grow in this order."),
            "accept_minutes",
        )
    return Urgency(
        name=name,
        label=table.label("label") or Label({}),
        source=table.citation(),
        verified=table.need("verified", bool, False),
        order=0,  # see `urgencies`
        **spans,
    )


def _span(table: toml.Table, key: str) -> timedelta:
    minutes = table.need(key, int, 1)
    if not 1 <= minutes <= MOST:
        table.fault(_("This length makes no sense."), _("Write a number between 1 and %(most)s.") % {"most": MOST}, key)
        minutes = 1
    return timedelta(minutes=minutes)


def _read(source: packs.Source) -> dict[str, Urgency]:
    """Read `referrals.toml`."""
    table = toml.read_table(source, source.path)
    if table is None:
        return {}
    table.allow("urgency")
    return {one.name: one for one in map(_read_urgency, table.tables("urgency"))}


TERMS: Final = packs.register("referrals.toml", _read)


def urgencies() -> Mapping[str, Urgency]:
    """Those of this workspace's packs by name, the most urgent first."""
    return _in_order(packs.current())


@lru_cache(maxsize=8)
def _in_order(pack: packs.Pack) -> Mapping[str, Urgency]:
    found = sorted(pack.part(TERMS).values(), key=lambda one: (one.accept, one.name))
    return {one.name: replace(one, order=order) for order, one in enumerate(found)}


def urgency(name: str) -> Urgency:
    """One that the packs do not have any more counts as the most urgent: nobody waits longer because a list changed."""
    held = urgencies()
    return held.get(name) or next(iter(held.values()))


def choices() -> list[tuple[str, str]]:
    """For a form."""
    return [(name, one.label.text()) for name, one in urgencies().items()]
