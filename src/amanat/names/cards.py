"""A prepared person as plain lists and texts, to be kept (sealed) and taken up again: folding costs most of what comparing costs.

A card is of the version of the fold that made it.
"""

from __future__ import annotations

from typing import Any

from amanat.names.hearing import NOTHING, Heard, heard_as
from amanat.names.people import HeardName, Prepared


def card(person: Prepared) -> list[Any]:
    """Give a person as JSON can hold them."""
    names = [[_plain(field) for field in name] for name in person.names]
    return [names, person.date, person.year, _plain(person.place), person.sex, [*person.phones], [*person.documents]]


def from_card(held: list[Any]) -> Prepared:
    """Give the person of a card."""
    names, date, year, place, sex, phones, documents = held
    return Prepared(
        tuple([HeardName(*map(_heard, name)) for name in names]),
        date,
        year,
        _heard(place),
        sex,
        frozenset(phones),
        frozenset(documents),
    )


def _plain(field: Heard) -> list[Any] | None:
    """Its folded words, and the skeletons that each may have; None for an empty field."""
    return [[part.word for part in field.parts] or [field.word], field.ways] if field.word else None


def _heard(plain: list[Any] | None) -> Heard:
    return heard_as(plain[0], tuple([tuple(way) for way in plain[1]])) if plain else NOTHING
