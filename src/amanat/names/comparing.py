"""How alike two people are: a sum of weights of what agrees and what does not, with the reasons in words.

Weights are bits of evidence (Fellegi and Sunter 1969): a feature that agrees for one pair of strangers in 2^n weighs n.
"""

from __future__ import annotations

import math
from typing import Final, NamedTuple

from rapidfuzz.distance import Hamming

from amanat.names.hearing import Heard, closeness
from amanat.names.people import HeardName, Person, Prepared, prepare

Found = tuple[float, tuple[str, ...]]

_LEAST: Final = 10.0  # a given and a family name that many have, and nothing else
_ABOVE_CHANCE: Final = 1.0
_UNKNOWN: Final = -1.0
_DOUBT: Final = 0.55  # closeness that speaks neither for nor against
_AGREES: Final = 0.6
_SURE: Final = 0.7
_AT_SURE: Final = 6.0
_MORE: Final = 0.5  # for the same letters
_PER_SOUND: Final = 0.2  # a longer name is a rarer one
_COMMON = 2.0  # what is taken off where many strangers have the name
_GIVEN, _FAMILY, _FATHER = -6.0, -5.0, -4.0  # the most that one that differs weighs
_CROSSED: Final = -0.2
_YEARS_APART: Final = (3.5, 2.5, -2.0, -6.0)  # only the years are known
_OTHER_DATE: Final = (-3.0, -5.0, -8.0)
_PLACE, _OTHER_PLACE = 3.5, -1.5


class Likeness(NamedTuple):
    """`score` is a weight of evidence in bits; `agrees` are codes of what agrees.

    Codes: document, phone, name (given and family name), given, family, patronymic, sound (a name agrees by its sound, not
    by its letters), birth_date (both known, and the same day), birth_year (the same year, which is all that both know or all
    that agrees), place. `birth_differs`: both births are known and are not one date or year.
    """

    score: float
    agrees: tuple[str, ...]
    birth_differs: bool = False


def likeness(asked: Person | Prepared, held: Person | Prepared) -> Likeness:
    """Weigh the evidence that two entries are one person. Who is compared with many is prepared once."""
    one = asked if isinstance(asked, Prepared) else prepare(asked)
    other = held if isinstance(held, Prepared) else prepare(held)
    score, agrees = _names(one, other)
    birth_differs = False
    if one.year and other.year:
        reasons = _birth_told(one, other)
        score, agrees = score + _birth(one, other), agrees + reasons
        birth_differs = not reasons or bool(one.date and other.date and one.date != other.date)
    if one.place.word and other.place.word:
        bits, reasons = (_PLACE, ("place",)) if one.place.sound == other.place.sound else (_OTHER_PLACE, ())
        score, agrees = score + bits, agrees + reasons
    if one.sex and other.sex and one.sex != other.sex:
        score -= 2
    if (one.phones and other.phones) or (one.documents and other.documents):
        bits, reasons = _numbers(one, other)
        score, agrees = score + bits, reasons + agrees
    return Likeness(score, agrees, birth_differs)


def threshold(files: int) -> float:
    """The least score that is worth a person's look among so many files: one bit more as they double, and never under 10.

    Set on invented people (Turkmen, Russian, Moldovan; thirteen ways of spelling them; slips, crossed names, dates off, an age
    only), apart from those of the benchmark: among 20,000 to 100,000 of them it shows nine in ten of the children who are
    there, and somebody else for about one in a hundred of those who are not.
    """
    return max(_LEAST, _ABOVE_CHANCE + math.log2(files + 1))


def _names(one: Prepared, other: Prepared) -> Found:
    if len(one.names) == len(other.names) == 1:
        return _name(one.names[0], other.names[0])
    return max((_name(mine, theirs) for mine in one.names for theirs in other.names), default=(0.0, ()))


def _name(one: HeardName, other: HeardName) -> Found:
    given, family = _close(one.given, other.given), _close(one.family, other.family)
    bits = 0.0
    if given < _DOUBT and family < _DOUBT and _may_be_crossed(one, other):
        crossed, back = _close(one.given, other.family), _close(one.family, other.given)
        if crossed > _DOUBT or back > _DOUBT:
            given, family, bits = crossed, back, _CROSSED
            other = HeardName(other.family, other.given, other.patronymic)
    if given != _UNKNOWN:
        bits += _bits(given, one.given, other.given, _GIVEN)
    if family != _UNKNOWN:
        bits += _bits(family, one.family, other.family, _FAMILY)
    father = _close(one.patronymic, other.patronymic)
    if father != _UNKNOWN:
        bits += _bits(father, one.patronymic, other.patronymic, _FATHER)
    return bits, _reasons(given, family, father) if max(given, family, father) >= _AGREES else ()


def _may_be_crossed(one: HeardName, other: HeardName) -> bool:
    """A cheap look before the dear one: crossed names begin alike, at least one of the two."""
    return one.given.sound[:1] == other.family.sound[:1] or one.family.sound[:1] == other.given.sound[:1]


def _reasons(given: float, family: float, father: float) -> tuple[str, ...]:
    agrees: tuple[str, ...] = ()
    if given >= _AGREES:
        agrees = ("name",) if family >= _AGREES else ("given",)
    elif family >= _AGREES:
        agrees = ("family",)
    if father >= _AGREES:
        agrees += ("patronymic",)
    if _AGREES <= given < 1 or _AGREES <= family < 1:
        agrees += ("sound",)
    return agrees


def _close(one: Heard, other: Heard) -> float:
    if one is other and one.word:
        return 1.0
    return closeness(one, other) if one.word and other.word else _UNKNOWN


def _bits(close: float, one: Heard, other: Heard, against: float) -> float:
    """The bits of one field by its closeness: a line up to what is surely one name, and a flatter one from there."""
    if close < _DOUBT:
        return max(against, (close - _DOUBT) * 20)
    sure = _AT_SURE - _COMMON if one.common else _AT_SURE
    if close < _SURE:
        return sure * (close - _DOUBT) / (_SURE - _DOUBT)
    return sure + (_MORE + _PER_SOUND * min(len(one.sound), len(other.sound))) * (close - _SURE) / (1 - _SURE)


def _birth_told(one: Prepared, other: Prepared) -> tuple[str, ...]:
    """What agrees to the last digit that both know; a date that is only near weighs, and is not told as the same."""
    if one.date and one.date == other.date:
        return ("birth_date",)
    return ("birth_year",) if one.year == other.year else ()


def _birth(one: Prepared, other: Prepared) -> float:
    apart = abs(one.year - other.year)
    return _dates(one.date, other.date, apart) if one.date and other.date else _YEARS_APART[min(apart, 3)]


def _dates(one: str, other: str, apart: int) -> float:
    """Two full dates: equal, or with a slip that is often met (day and month crossed, the year off by one, one digit)."""
    if one == other:
        return 12.0
    crossed = apart == 0 and one[5:7] == other[8:] and one[8:] == other[5:7]
    if crossed or (apart == 1 and one[5:] == other[5:]):
        return 8.0
    return 5.0 if Hamming.distance(one, other) == 1 else _OTHER_DATE[min(apart, 2)]


def _numbers(one: Prepared, other: Prepared) -> Found:
    bits: float = 0
    agrees: tuple[str, ...] = ()
    if not one.documents.isdisjoint(other.documents):
        bits, agrees = 20.0, ("document",)
    if not one.phones.isdisjoint(other.phones):
        bits, agrees = bits + 9.0, (*agrees, "phone")
    return bits, agrees
