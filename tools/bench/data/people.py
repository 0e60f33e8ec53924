"""Invented children: names put together by the rules of three traditions, with few frequent and many rare ones; siblings; birth."""

from __future__ import annotations

import random
import re
from abc import ABC, abstractmethod
from bisect import bisect
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import accumulate

from tools.bench.data import stems

TODAY = date(2026, 11, 1)  # fixed, so that the same seed makes the same children for ever
WORLDS = {"tk": 60, "ru": 25, "ro": 15}
SIBLING = 0.12
VOWELS = "aäeiouöüyăâîаеёиоуыэюя"


@dataclass(frozen=True, slots=True)
class Child:
    """A child in its own tradition's spelling. `father` is his given name, `patronymic` what papers make of it."""

    world: str
    girl: bool
    given: str
    family: str
    father: str
    patronymic: str
    born: date
    place: str


class Pool:
    """Words of which the first are the most frequent: weight 1 / (rank + shift)."""

    def __init__(self, words: Iterable[str], shift: float = 3.0) -> None:
        self.words = list(dict.fromkeys(words))
        self.sums = list(accumulate(1 / (rank + shift) for rank in range(len(self.words))))

    def pick(self, draw: random.Random) -> str:
        return self.words[bisect(self.sums, draw.random() * self.sums[-1])]


def _tail(head: list[str], made: Iterable[str]) -> list[str]:
    """The frequent ones first, then all the others in an order of their own."""
    rest = sorted(set(made) - set(head))
    random.Random(7).shuffle(rest)
    return head + rest


def _joined(before: list[str], after: list[str]) -> list[str]:
    return [first + second for first in before for second in after if first.lower() != second]


class World(ABC):
    """The pools of one tradition, and its rules for families and patronymics."""

    boys: Pool
    girls: Pool
    families: Pool
    places: Pool

    @abstractmethod
    def family(self, name: str, girl: bool) -> str:
        """The family name of a girl or a boy of the family `name`."""

    @abstractmethod
    def patronymic(self, father: str, girl: bool, formal: bool) -> str:
        """What stands after the given name of a child of `father`."""


class Turkmen(World):
    """`Annamyrat`, `Annamyradow(a)`, `Annamyradowiç` or `Annamyrat ogly`."""

    def __init__(self) -> None:
        whole = _joined(stems.TK_BEFORE, stems.TK_AFTER)
        self.boys = Pool(_tail(stems.TK_BOYS, whole))
        self.girls = Pool(_tail(stems.TK_GIRLS, _joined(stems.TK_GIRLS_BEFORE, stems.TK_GIRLS_AFTER)))
        self.families = Pool(_tail(stems.TK_BEFORE, [*stems.TK_BOYS, *whole]), shift=8.0)
        self.places = Pool(stems.TK_PLACES)

    def family(self, name: str, girl: bool) -> str:
        return self._soft(name) + ("a" if girl else "")

    def patronymic(self, father: str, girl: bool, formal: bool) -> str:
        if formal:
            return self._soft(father) + ("na" if girl else "iç")
        return f"{father} {'gyzy' if girl else 'ogly'}"

    @staticmethod
    def _soft(name: str) -> str:
        voiced = re.sub(r"(?<=[ae])t$", "d", re.sub(r"ç$", "j", name))
        return voiced + ("ýew" if voiced[-1] in VOWELS else "ow")


class Russian(World):
    """`Белоглазова`, `Сергеевна`."""

    def __init__(self) -> None:
        roots = [root + ending for root in stems.RU_ROOTS for ending in stems.RU_ENDINGS]
        made = [*roots, *(first + second for first in stems.RU_BEFORE for second in stems.RU_AFTER)]
        self.boys, self.girls = Pool(stems.RU_BOYS), Pool(stems.RU_GIRLS)
        self.families = Pool(_tail(stems.RU_FAMILIES, made), shift=8.0)
        self.places = Pool(stems.RU_PLACES)

    def family(self, name: str, girl: bool) -> str:
        if not girl or not re.search(r"(ов|ев|ёв|ин|ский)$", name):
            return name
        return re.sub("ий$", "ая", name) if name.endswith("ий") else name + "а"

    def patronymic(self, father: str, girl: bool, formal: bool) -> str:
        return russian_patronymic(father, girl)


class Romanian(World):
    """`Munteanu`; between name and family stands the father's name, which Russian papers turn into a patronymic."""

    def __init__(self) -> None:
        made = [re.sub(r"[aăeiu]$", "", root) + ending for root in stems.RO_ROOTS for ending in stems.RO_ENDINGS]
        self.boys = Pool(_tail(stems.RO_BOYS, _doubled(stems.RO_BOYS)))
        self.girls = Pool(_tail(stems.RO_GIRLS, _doubled(stems.RO_GIRLS)))
        self.families = Pool(_tail(stems.RO_FAMILIES, made), shift=8.0)
        self.places = Pool(stems.RO_PLACES)

    def family(self, name: str, girl: bool) -> str:
        return name

    def patronymic(self, father: str, girl: bool, formal: bool) -> str:
        return father


def _doubled(names: list[str]) -> list[str]:
    return [f"{first}-{second}" for first in names[:15] for second in names[:15] if first != second]


IRREGULAR = {
    "Илья": ("Ильич", "Ильинична"),
    "Лев": ("Львович", "Львовна"),
    "Лука": ("Лукич", "Лукинична"),
    "Никита": ("Никитич", "Никитична"),
    "Павел": ("Павлович", "Павловна"),
    "Пётр": ("Петрович", "Петровна"),
}
FATHERS: tuple[tuple[str, str], ...] = (
    ("трий$", "триев"), ("ий$", "ьев"), ("й$", "ев"), ("ь$", "ев"), ("и[ея]$", "иев"), ("[еи]$", "ев"), ("[аоуэюя]$", "ов"),
    ("$", "ов"),
)  # fmt: skip


def russian_patronymic(father: str, girl: bool) -> str:
    """From a given name in Russian spelling, by the usual rules of Russian (Юрий: Юрьевич, Игорь: Игоревич, Илья: Ильич)."""
    if father in IRREGULAR:
        return IRREGULAR[father][girl]
    ending, put = next(rule for rule in FATHERS if re.search(rule[0], father))
    return re.sub(ending, put, father, count=1) + ("на" if girl else "ич")


MAKERS: dict[str, Callable[[], World]] = {"tk": Turkmen, "ru": Russian, "ro": Romanian}


class People:
    """An endless row of children, the same for the same seed; some are sisters or brothers of the one before."""

    def __init__(self, seed: str) -> None:
        self.draw = random.Random(seed)
        self.worlds = {name: maker() for name, maker in MAKERS.items()}
        self.before: Child | None = None

    def next(self) -> Child:
        draw = self.draw
        if self.before and draw.random() < SIBLING:
            self.before = self._sibling(self.before)
        else:
            self.before = self._stranger(draw.choices(list(WORLDS), list(WORLDS.values()))[0])
        return self.before

    def _stranger(self, name: str) -> Child:
        world, draw = self.worlds[name], self.draw
        girl, father = draw.random() < 0.5, world.boys.pick(draw).split("-")[0]
        return Child(
            world=name,
            girl=girl,
            given=(world.girls if girl else world.boys).pick(draw),
            family=world.family(world.families.pick(draw), girl),
            father=father,
            patronymic=world.patronymic(father, girl, draw.random() < 0.7),
            born=self._born(),
            place=world.places.pick(draw),
        )

    def _sibling(self, other: Child) -> Child:
        """Of the same sex, so that the family's ending stays; its own name and day of birth."""
        world = self.worlds[other.world]
        given = other.given
        while given == other.given:
            given = (world.girls if other.girl else world.boys).pick(self.draw)
        return replace(other, given=given, born=self._born())

    def _born(self) -> date:
        return TODAY - timedelta(days=int(self.draw.triangular(0, 18, 14) * 365.25))
