"""The features of a person to post in the keyed index, and those to ask it by. No hash here: `vault` makes them unreadable.

No feature is one name alone: a word that is met often would tell, even unread, whom it stands for. It stands with a year, a
place or a second word; only who has nothing else is posted by a single one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Final

from amanat.names.hearing import Heard, heard, heard_family, heard_father
from amanat.names.numbers import document_key, phone_digits
from amanat.names.people import Name, Person, apart, born
from amanat.names.places import place_word
from amanat.names.skeletons import deletions, skeleton

Feature = tuple[str, str]
Sounds = tuple[str, ...]
MOST_WORDS: Final = 3  # of one field


@dataclass(frozen=True, slots=True)
class _Way:
    """How far features are spread: in how many readings a word stands in a pair, and in how many by itself."""

    in_pairs: int
    alone: int


_POSTED: Final = _Way(in_pairs=2, alone=1)
_ASKED: Final = _Way(in_pairs=4, alone=4)


def keys(person: Person) -> list[Feature]:
    """Give (family, feature) pairs to post; family is one of person, name, phone, document. About 17 for a whole record."""
    date, year = born(person)
    return _features(person, [year] if year else [], [date] if date else [], _POSTED)


def query_keys(person: Person) -> list[Feature]:
    """Give the (family, feature) pairs to ask by: all readings, the years beside, day and month in both orders."""
    date, year = born(person)
    dates = list(dict.fromkeys([date, f"{date[:4]}{date[7:]}{date[4:7]}"])) if date else []
    return _features(person, [year, year - 1, year + 1] if year else [], dates, _ASKED)


def _features(person: Person, years: list[int], dates: list[str], way: _Way) -> list[Feature]:
    place = skeleton(place_word(person.place)) if person.place else ""
    found: list[Feature] = []
    for name in apart(person):
        parts = _Parts.of(name, way)
        found += _of_name(parts, years, place, way)
        found += _of_date(parts, dates)
    found += [("phone", digits) for phone in person.phones if (digits := phone_digits(phone))]
    found += [("document", key) for number in person.documents if (key := document_key(number))]
    return list(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Parts:
    """The words of a name, each in the skeletons that it may have; two words also as one ("Bibi Jemal", "Bibijemal")."""

    given: list[Sounds]
    family: list[Sounds]
    fathers: list[Sounds]

    @classmethod
    def of(cls, name: Name, way: _Way) -> _Parts:
        given, family, fathers = (
            [sounds[: way.in_pairs] for sounds in (*field.ways[:MOST_WORDS], *_joined(field)) if sounds[0]]
            for field in (heard(name.given), heard_family(name.family), heard_father(name.patronymic))
        )
        return cls(given, family, [father[:1] for father in fathers])


def _joined(field: Heard) -> list[Sounds]:
    return [(field.sound,)] if len(field.ways) > 1 else []


def _of_name(name: _Parts, years: list[int], place: str, way: _Way) -> Iterator[Feature]:
    main = [*name.given, *name.family]
    yield from _pairs(name.given, name.family)
    yield from _pairs(main, name.fathers)
    for part in main:
        sounds = part[: way.alone]
        for sound in _near(sounds) if years else ():
            yield from (("person", f"{sound}|{year}") for year in years)
        if place:
            yield from (("person", f"{sound}@{place}") for sound in sounds)
        if len(main) + len(name.fathers) == 1 and not years and not place:
            yield from (("name", sound) for sound in sounds)
    for father in name.fathers:
        yield from (("person", f"{father[0]}|{year}") for year in years)


def _of_date(name: _Parts, dates: list[str]) -> Iterator[Feature]:
    """The day of birth with how the first given and family name begin: for names that a slip has changed past telling."""
    if name.given and name.family:
        beginnings = "".join(sorted((name.given[0][0][0], name.family[0][0][0])))
        yield from (("person", f"{beginnings}|{date}") for date in dates)


def _pairs(some: list[Sounds], others: list[Sounds]) -> Iterator[Feature]:
    """Pairs of words in no order, so that a given and a family name that changed places meet."""
    for one, other in product(some, others):
        for first, second in product(one, other):
            yield "name", " ".join(sorted((first, second)))


def _near(sounds: Sounds) -> list[str]:
    """The skeletons, and each with one sound left out: of two that differ by one slip, some are equal."""
    return list(dict.fromkeys([*sounds, *(slip for sound in sounds for slip in deletions(sound))]))
