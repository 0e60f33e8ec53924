"""Advice cards for people who plan to travel or whose journey went wrong: what is read out, and a text to send without any name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

import pycountry
from django.utils.translation import gettext as _

from amanat.packs import toml
from amanat.packs.codes import CODES
from amanat.packs.labels import Label
from amanat.packs.loaders import Source, register

SITUATIONS: Final = "advice_situation"
LONGEST: Final = 900
"""Letters of what is read out: about a minute at a calm pace. Ours, unverified."""
_NUMBER: Final = re.compile(r"\d(?:[\s()-]*\d){4,}")


@dataclass(frozen=True, slots=True)
class Card:
    """One card. `situations`: codes of the list `advice_situation`; `countries`: of the destination, none means any."""

    code: str
    title: Label
    situations: tuple[str, ...]
    countries: tuple[str, ...]
    read: Label
    send: Label
    source: Label
    verified: bool
    retired: bool

    def fits(self, situations: Iterable[str], country: str) -> bool:
        """Whether it is for one of these situations (any, where none is named) in that country ("": not known)."""
        wanted = set(situations)
        return (not self.countries or country in self.countries) and (
            not wanted or not wanted.isdisjoint(self.situations)
        )


@dataclass(frozen=True)
class Advice:
    """The cards of one file, in their order."""

    title: Label
    cards: tuple[Card, ...]

    @cached_property
    def by_code(self) -> Mapping[str, Card]:
        return {card.code: card for card in self.cards}

    def overridden_by(self, own: Advice) -> Advice:
        """Lay a country's cards over these: the same codes change in place, new ones follow, none is lost."""
        kept = [own.by_code.get(card.code, card) for card in self.cards]
        return replace(own, cards=tuple(kept + [card for card in own.cards if card.code not in self.by_code]))


def read_advice(source: Source) -> dict[str, Advice]:
    """Read an `advice/` folder: cards about one theme a file."""
    tables = {file.stem: toml.read_table(source, file) for file in toml.toml_files(source)}
    return {name: _read_file(table) for name, table in tables.items() if table}


def _read_file(table: toml.Table) -> Advice:
    table.allow("title", "source", "verified", "card")
    of_all: dict[str, Any] = {"source": table.citation(), "verified": table.need("verified", bool, False)}
    cards = [_read_card(one, of_all) for one in table.tables("card")]
    for code in sorted({card.code for card in cards if [one.code for one in cards].count(card.code) > 1}):
        table.fault(_("The code %(code)s stands here twice.") % {"code": code}, _("Take one of them out."), "card")
    return Advice(table.label("title") or Label({}), tuple(cards))


def _read_card(table: toml.Table, of_all: Mapping[str, Any]) -> Card:
    code = table.need("code", str, "")
    if code and not toml.NAME.fullmatch(code):
        table.fault(_("A code has only plain letters, digits and underscores."), _("Write it like follow_up."), "code")
    table = table.named(code)
    table.allow("code", "title", "situations", "countries", "read", "send", "source", "verified", "retired")
    table.need("situations", list, [])
    return Card(
        code=code,
        title=table.label("title") or Label({}),
        situations=table.words("situations"),
        countries=_countries(table),
        read=_said(table, "read", LONGEST),
        send=_said(table, "send", LONGEST),
        source=table.citation() if "source" in table.content else of_all["source"],
        verified=table.get("verified", bool, of_all["verified"]),
        retired=table.get("retired", bool, False),
    )


def _countries(table: toml.Table) -> tuple[str, ...]:
    codes = table.words("countries")
    for code in codes:
        if pycountry.countries.get(alpha_2=code) is None or code != code.upper():
            table.fault(
                _("%(word)s is unknown here.") % {"word": code}, _("Write ISO 3166-1 codes, like TR."), "countries"
            )
    return codes


def _said(table: toml.Table, key: str, longest: int) -> Label:
    """A text that is short enough to be read out, and that brings no number with it which nobody keeps right."""
    label = table.label(key) or Label({})
    for language, text in label.texts.items():
        if len(text) > longest:
            table.fault(
                _("The text in %(language)s has %(count)d letters, more than %(most)d.")
                % {"language": language, "count": len(text), "most": longest},
                _("Shorten it, or make two cards of it: it is read out on the phone."),
                key,
            )
        if _NUMBER.search(text):
            table.fault(
                _("The text in %(language)s has a long number in it.") % {"language": language},
                _("Write phone numbers into the directory, where they are kept right."),
                key,
            )
    return label


def check_cards(source: Source, own: Mapping[str, Advice], parts: Mapping[str, Mapping[str, Any]]) -> None:
    """Whether the situations are in the list, and no other file has a card of the same code; both may be the base's."""
    listed = parts.get(CODES.name, {}).get(SITUATIONS)
    known = [code.code for code in listed.codes] if listed else []
    elsewhere = [(name, card.code) for name, told in parts[ADVICE.name].items() for card in told.cards]
    for name, told in own.items():
        file = source.path / f"{name}.toml"
        for card in told.cards:
            for word in card.situations:
                if word not in known:
                    source.fault(
                        f"card ({card.code}).situations",
                        _("%(word)s is unknown here.") % {"word": word},
                        _("Name codes of the list %(list)s.") % {"list": SITUATIONS},
                        file,
                    )
            if any(code == card.code and other != name for other, code in elsewhere):
                source.fault(
                    f"card ({card.code})",
                    _("Another file has a card of this code."),
                    _("Give one of them another code."),
                    file,
                )


def _offered(told: Advice) -> Mapping[str, Card]:
    return {card.code: card for card in told.cards if not card.retired}


ADVICE = register("advice", read_advice, Advice.overridden_by, check_cards, _offered)
