"""Whether what somebody typed meets a child, by what and how well. Pure: what of a child may be looked at was decided before.

Every word has to meet something: part of a name in any script and order, of the name the child goes by, of the code name, of a
phone or of a document's number. A number is met however its digits are grouped, and a phone with or without its country.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final, NamedTuple

from amanat import names
from amanat.cases.folded import Folded, fold_code_name
from amanat.names.searching import query_tokens

SHORTEST_NUMBER: Final = 3  # digits; fewer are met by nearly every phone
NOTHING: Final = Folded()
_GROUPED: Final = re.compile(r"(?<=\d)[\s().-]+(?=\d)")
_TRUNK: Final = re.compile(r"^(?:00|8|0)(?=\d{3})")
WHOLE, BEGINS, INSIDE = 0, 1, 2


class By(IntEnum):
    """By what a child was met; an earlier one is told first."""

    NAME = 1
    CALLED = 2
    CODE_NAME = 3
    PHONE = 4
    DOCUMENT = 5
    FORMER_NAME = 6


class Met(NamedTuple):
    """`rank`: the smaller, the better; 0 where every word is met whole."""

    rank: int
    by: tuple[By, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """A word as typed: the ways in which it may stand in a name, the phones and the document number that it may be part of."""

    ways: tuple[str, ...]
    phones: tuple[str, ...] = ()
    document: str = ""

    @classmethod
    def of(cls, ways: tuple[str, ...]) -> Word:
        plain = ways[0]
        if plain.isascii() and len(plain) > 1:  # "Ay", "zzz": folded to one letter they would meet every A and Z
            ways = tuple(way for way in ways if len(way) > 1)
        if sum(map(str.isdecimal, plain)) < SHORTEST_NUMBER:
            return cls(ways)
        phones = dict.fromkeys([plain, _TRUNK.sub("", plain)]) if plain.isdecimal() else ()
        return cls(ways, tuple(phones), names.document_key(plain))

    def needles(self) -> Iterable[str]:
        """All that can stand somewhere where the word is met."""
        return filter(None, (*self.ways, *self.phones, self.document))


class Question:
    """What was typed, ready to be compared with many children."""

    def __init__(self, text: str) -> None:
        words = [Word.of(ways) for ways in query_tokens(_GROUPED.sub("", text))]
        number = names.document_key(text)  # all of it as one: "I-AŞ 123456"
        self._readings = [words] if words else []
        if len(words) > 1 and sum(map(str.isdecimal, number)) >= SHORTEST_NUMBER:
            self._readings.append([Word((), (), number)])

        firsts = [words[0] for words in self._readings]
        self._needles = tuple(dict.fromkeys(needle for word in firsts for needle in word.needles()))

    def __bool__(self) -> bool:
        return bool(self._readings)

    def meets(self, code_name: str, identity: Folded, contacts: Folded) -> Met | None:
        """How the best reading meets a child, of whom the asker sees this much; None if none does.

        It runs for thousands of children: those whom no first word can meet cost a few looks.
        """
        code_name = fold_code_name(code_name)
        for needle in self._needles:
            if needle in identity.whole or needle in contacts.whole or needle in code_name:
                return self._best(code_name, identity, contacts)
        return None

    def _best(self, code_name: str, identity: Folded, contacts: Folded) -> Met | None:
        best: Met | None = None
        for words in self._readings:
            met = _all_met(words, code_name, identity, contacts)
            if met and (best is None or met < best):
                best = met
        return best


def _all_met(words: Sequence[Word], code_name: str, identity: Folded, contacts: Folded) -> Met | None:
    rank, by = 0, set()
    for word in words:
        found = _met(word, code_name, identity, contacts)
        if found is None:
            return None
        rank += found[0]
        by.add(found[1])
    return Met(rank, tuple(sorted(by)))


def _met(word: Word, code_name: str, identity: Folded, contacts: Folded) -> tuple[int, By] | None:
    """The best place in which a word stands."""
    best: tuple[int, By] | None = None
    spoken = [(identity.words, By.NAME), (contacts.words, By.CALLED), (code_name, By.CODE_NAME)]
    if identity.former:
        spoken.append((identity.former, By.FORMER_NAME))
    for text, by in spoken:
        for folds, way in enumerate(word.ways):
            if way in text and (place := _place(way, text)) is not None:
                found = 2 * place + folds, by  # as it was typed comes before as it sounds
                best = found if best is None else min(best, found)
    for numbers, of, by in (
        (contacts.numbers, word.phones, By.PHONE),
        (identity.numbers, (word.document,), By.DOCUMENT),
    ):
        if of and numbers and (place := _number_place(of, numbers)) is not None:
            best = (2 * place, by) if best is None else min(best, (2 * place, by))
    return best


def _place(way: str, text: str) -> int | None:
    if f" {way} " in f"{text} ":
        return WHOLE
    if f" {way}" in text:
        return BEGINS
    return INSIDE if len(way) > 1 else None


def _number_place(ways: Iterable[str], numbers: Iterable[str]) -> int | None:
    found = [
        WHOLE if held == way or (len(way) >= names.PHONE_TAIL and held.endswith(way)) else INSIDE
        for way in ways
        if way
        for held in numbers
        if way in held
    ]
    return min(found, default=None)
