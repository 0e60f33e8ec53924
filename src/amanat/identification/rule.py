"""What a screening finds: the rule of the ILO and the European Commission, and why it comes out as it does. Pure.

Source: ILO and European Commission, Operational indicators of trafficking in human beings (Delphi survey, revised September 2009):
a dimension is positive with two strong indicators, or one strong and one medium or weak, or three medium, or two medium and one
weak. Whose list is about children: act and exploitation decide, the means only weigh (Palermo Protocol, article 3(c)).
It is a finding of a screening, never a status of a person. What is not known never counts, and is not taken for absent.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Final

STRENGTHS: Final = ("strong", "medium", "weak")
# How many strong, medium and weak indicators are enough; any one of these.
ENOUGH: Final = ((2, 0, 0), (1, 1, 0), (1, 0, 1), (0, 3, 0), (0, 2, 1))
EXPLOITATION: Final = "exploitation"  # the group of a list that decides; the others are means
Amounts = tuple[int, int, int]


class Answer(StrEnum):
    """Of one indicator, or of the act."""

    PRESENT = "present"
    ABSENT = "absent"
    UNKNOWN = "unknown"


class Result(StrEnum):
    """What a screening comes to. `COUNTED`: the list weighs nothing, so that nothing follows from it."""

    POINTS = "points"
    OPEN = "open"  # not by what is known, but it would if what is not known were there
    DOES_NOT = "does_not"
    COUNTED = "counted"


@dataclass(frozen=True, slots=True)
class Sign:
    """An indicator as its list weighs it, and how it was answered. `strength` is "" where the list weighs nothing."""

    code: str
    group: str
    strength: str
    answer: Answer


@dataclass(frozen=True)
class Dimension:
    """One dimension of a list, and what the rule says of it."""

    group: str
    signs: tuple[Sign, ...]

    def with_answer(self, *answers: Answer) -> list[Sign]:
        return [sign for sign in self.signs if sign.answer in answers]

    @cached_property
    def present(self) -> list[Sign]:
        return self.with_answer(Answer.PRESENT)

    @cached_property
    def met(self) -> Amounts | None:
        """The first way of being enough that is met; None: the dimension is not positive."""
        return enough(amounts(self.present))

    @property
    def positive(self) -> bool:
        return self.met is not None

    @cached_property
    def could_be(self) -> bool:
        """Whether it would be positive if all that is not known were present."""
        return enough(amounts(self.with_answer(Answer.PRESENT, Answer.UNKNOWN))) is not None

    @cached_property
    def missing(self) -> list[Amounts]:
        """The fewest more indicators that would make it positive: each way of its own. Empty where it is, or can't become so."""
        if self.positive:
            return []
        have, left = amounts(self.present), amounts(self.with_answer(Answer.ABSENT, Answer.UNKNOWN))
        ways = {_lacking(have, way) for way in ENOUGH}
        within = [way for way in ways if _holds(left, way)]
        fewest = min(map(sum, within), default=0)
        return sorted((way for way in within if sum(way) == fewest), reverse=True)


@dataclass(frozen=True)
class Finding:
    """What a screening finds, with what it rests on."""

    dimensions: tuple[Dimension, ...]
    act: Answer

    @property
    def weighs(self) -> bool:
        return any(sign.strength for dimension in self.dimensions for sign in dimension.signs)

    @property
    def exploitation(self) -> Dimension:
        """The dimension that decides, empty where the list has none."""
        return next((one for one in self.dimensions if one.group == EXPLOITATION), Dimension(EXPLOITATION, ()))

    @property
    def means(self) -> list[Dimension]:
        return [one for one in self.dimensions if one.group != EXPLOITATION]

    @property
    def result(self) -> Result:
        if not self.weighs:
            return Result.COUNTED
        if self.act is Answer.PRESENT and self.exploitation.positive:
            return Result.POINTS
        return Result.OPEN if self.act is not Answer.ABSENT and self.exploitation.could_be else Result.DOES_NOT

    def how_many(self, answer: Answer) -> int:
        return sum(len(dimension.with_answer(answer)) for dimension in self.dimensions)

    @property
    def asked(self) -> int:
        return sum(len(dimension.signs) for dimension in self.dimensions)


def find(weights: Mapping[str, tuple[str, str]], answers: Mapping[str, Answer], act: Answer) -> Finding:
    """The finding by a list: `weights` says of each code its group and strength. What is not answered is not known."""
    groups: dict[str, list[Sign]] = {}
    for code, (group, strength) in weights.items():
        groups.setdefault(group, []).append(Sign(code, group, strength, answers.get(code, Answer.UNKNOWN)))
    return Finding(tuple(Dimension(group, tuple(signs)) for group, signs in groups.items()), act)


def amounts(signs: Iterable[Sign]) -> Amounts:
    counted = Counter(sign.strength for sign in signs)
    return counted["strong"], counted["medium"], counted["weak"]


def enough(have: Amounts) -> Amounts | None:
    return next((way for way in ENOUGH if _holds(have, way)), None)


def _holds(have: Amounts, way: Amounts) -> bool:
    return all(there >= needed for there, needed in zip(have, way, strict=True))


def _lacking(have: Amounts, way: Amounts) -> Amounts:
    strong, medium, weak = (max(0, needed - there) for there, needed in zip(have, way, strict=True))
    return strong, medium, weak
