"""The advice cards beside a call: which of the pack's fit what is known of a journey, and which were read out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.http import urlencode

from amanat import packs
from amanat.access.files import File
from amanat.hotline.models import Call
from amanat.packs.advice import SITUATIONS, Card

# What travel answers say of the situation, by codes of the pack's list.
BY_DOCUMENTS: Final = {"given_away": "documents", "made_by_recruiter": "documents"}
BY_CONTRACT: Final = {"none": "contract", "spoken": "contract", "written_foreign": "contract"}
BY_FLAG: Final = {
    "debt": "money",
    "pays_first": "money",
    "documents_wanted": "documents",
    "met_online": "online",
    "threats": "danger",
    "cut_off": "danger",
}


@dataclass(frozen=True)
class Asked:
    """Destination (a country's code) and situation (a code of `advice_situation`), each "" for any."""

    destination: str = ""
    situation: str = ""

    @classmethod
    def of(cls, words: Mapping[str, Any], travel: Mapping[str, Any]) -> Asked:
        """What is chosen here, else what the call says; what no list has counts as none. A purpose is a situation where both
        lists have it."""
        pack = packs.current()
        destination = words.get("destination", travel.get("destination", "")) or ""
        situation = words.get("situation") or words.get("purpose") or ""
        return cls(
            destination if destination in pack.countries else "",
            situation if situation in pack.codes(SITUATIONS) else "",
        )

    @property
    def query(self) -> str:
        return urlencode({"destination": self.destination, "situation": self.situation})


@dataclass(frozen=True, slots=True)
class Shown:
    """A card as the panel shows it. `countries`: the names of those that it is for, "" for any."""

    card: Card
    was_read: bool
    countries: str


@dataclass(frozen=True)
class Panel:
    """Context of `hotline/cards.html`."""

    call: Call
    asked: Asked
    cards: list[Shown]
    destinations: list[tuple[str, str]]
    situations: list[tuple[str, str]]
    unverified: bool


def panel(file: File, call: Call, words: Mapping[str, Any] | None = None) -> Panel:
    """The cards that fit, those that were read out first; `words`: what was chosen in the panel."""
    content = _content(file, call)
    travel = content.get("travel") or {}
    asked = Asked.of(words or {}, travel)
    wanted = [asked.situation] if asked.situation else situations_in(travel) if not words else []
    cards = fitting(wanted, asked.destination, content.get("cards") or [])
    if words is None and not wanted:  # nobody asked for any, and the page of a call is long enough
        cards = [one for one in cards if one.was_read or one.countries]
    pack = packs.current()
    listed = pack.codes(SITUATIONS).choices()
    return Panel(call, asked, cards, _destinations(asked), listed, any(not one.card.verified for one in cards))


def _destinations(asked: Asked) -> list[tuple[str, str]]:
    """The countries that some card is for, and the one asked about: for all others the cards for any country are all there is."""
    pack = packs.current()
    offered = {code for card in pack.advice for code in card.countries} | {asked.destination}
    return [(code, name) for code, name in pack.countries.choices() if code in offered]


def fitting(situations: Collection[str], destination: str, read: Iterable[str]) -> list[Shown]:
    """Those for the destination itself stand before those for any country."""
    pack, read = packs.current(), set(read)
    cards = [card for card in pack.advice if not card.retired and card.fits(situations, destination)]
    cards += [card for card in pack.advice if card.code in read and card not in cards]
    cards.sort(key=lambda card: (card.code not in read, not card.countries))
    return [
        Shown(card, card.code in read, ", ".join(pack.countries.name(code) for code in card.countries))
        for card in cards
    ]


def situations_in(travel: Mapping[str, Any]) -> list[str]:
    """What the travel answers of a call say of the situation; none where they say nothing."""
    found = [
        travel.get("purpose") or "",
        "minor" if travel.get("minor") else "",
        BY_DOCUMENTS.get(str(travel.get("documents")), ""),
        BY_CONTRACT.get(str(travel.get("contract")), ""),
        *(BY_FLAG.get(flag, "") for flag in travel.get("red_flags") or []),
    ]
    known = packs.current().codes(SITUATIONS)
    return [one for one in dict.fromkeys(found) if one in known]


def _content(file: File, call: Call) -> Mapping[str, Any]:
    return (file.open(call, "content") or {}) if file.opens(call, "content") else {}
