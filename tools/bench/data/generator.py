"""Registries of invented children as offices would have written them down: the first 10,000 are those of every larger one.

Each is written in one way, some without patronymic, some with a year only. Of real people there is nothing here.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from tools.bench.data.people import Child, People, russian_patronymic
from tools.bench.data.spelling import FROM_RUSSIAN, Writing, russian, spelled, written

SEED = "amanat-2026"
NO_PATRONYMIC, YEAR_ONLY, NO_PLACE, CAPITALS = 0.15, 0.20, 0.25, 0.08
HAS_PHONE, HAS_DOCUMENT = 0.4, 0.2
# How often an office writes a name of each tradition in which way.
WRITINGS: dict[str, dict[Writing, int]] = {
    "tk": {
        Writing.TURKMEN: 35,
        Writing.RUSSIAN: 20,
        Writing.ASCII: 15,
        Writing.TURKMEN_CYRILLIC: 10,
        Writing.BGN: 8,
        Writing.ICAO: 6,
        Writing.KH: 6,
    },
    "ru": {
        Writing.RUSSIAN: 48,
        Writing.TURKMEN: 14,
        Writing.BGN: 12,
        Writing.ICAO: 10,
        Writing.ROMANIAN: 8,
        Writing.KH: 6,
        Writing.ASCII: 2,
    },
    "ro": {
        Writing.ROMANIAN: 45,
        Writing.MOLDOVAN_CYRILLIC: 15,
        Writing.RUSSIAN: 15,
        Writing.ASCII: 13,
        Writing.BGN: 4,
        Writing.ICAO: 4,
        Writing.KH: 4,
    },
}


@dataclass(frozen=True, slots=True)
class Habit:
    """How one office writes one child down. `style` is the habit of its Russian spelling (see `spelling.PIVOTS`)."""

    writing: Writing
    style: int = 0
    patronymic: bool = True
    year_only: bool = False
    place: bool = True
    capitals: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A child as it stands on paper."""

    given: str
    family: str
    patronymic: str = ""
    birth_date: str = ""  # ISO, or "" where only about the year is known
    birth_year: str = ""
    sex: str = ""
    place: str = ""
    phone: str = ""
    document: str = ""

    def identity(self) -> dict[str, Any]:
        """As `cases.identity` describes it."""
        name = {"given": self.given, "family": self.family, "patronymic": self.patronymic}
        return {
            "names": [{key: text for key, text in name.items() if text}],
            "birth_date": self.birth_date,
            "birth_year": self.birth_year,
            "certainty": "claimed",
            "sex": self.sex,
            "languages": [],
            "documents": [{"kind": "birth_certificate", "number": self.document}] if self.document else [],
        }

    def contacts(self) -> dict[str, Any]:
        """As `cases.identity` describes them."""
        return {"called": "", "phones": [self.phone] if self.phone else [], "address": self.place}


@dataclass(frozen=True, slots=True)
class Registered:
    """A child of a registry, with the habit that it was written down by."""

    number: int
    child: Child
    habit: Habit
    entry: Entry


def registry(count: int, seed: str = SEED) -> Iterator[Registered]:
    """The first `count` children; a smaller registry is the beginning of a larger one."""
    return islice(_endless(seed), count)


def _endless(seed: str) -> Iterator[Registered]:
    people, draw = People(f"{seed} people"), random.Random(f"{seed} offices")
    number = 0
    while True:
        child = people.next()
        habit = habit_of(child, draw)
        yield Registered(number, child, habit, entry_of(child, habit, _phone(child, draw), _document(draw)))
        number += 1


def habit_of(child: Child, draw: random.Random) -> Habit:
    ways = WRITINGS[child.world]
    return Habit(
        writing=draw.choices(list(ways), list(ways.values()))[0],
        style=draw.choices((0, 1, 2), (5, 2, 3))[0],
        patronymic=draw.random() >= NO_PATRONYMIC,
        year_only=draw.random() < YEAR_ONLY,
        place=draw.random() >= NO_PLACE,
        capitals=draw.random() < CAPITALS,
    )


def entry_of(child: Child, habit: Habit, phone: str = "", document: str = "") -> Entry:
    """The child on paper."""

    def put(word: str) -> str:
        told = written(word, child.world, habit.writing, habit.style)
        return told.upper() if habit.capitals else told

    return Entry(
        given=put(child.given),
        family=put(child.family),
        patronymic=_patronymic(child, habit) if habit.patronymic else "",
        birth_date="" if habit.year_only else child.born.isoformat(),
        birth_year=str(child.born.year) if habit.year_only else "",
        sex="Feminine" if child.girl else "Masculine",
        place=put(child.place) if habit.place else "",
        phone=phone,
        document=document,
    )


def _patronymic(child: Child, habit: Habit) -> str:
    """A Romanian child's father becomes a Russian patronymic where the paper is Russian or made from a Russian one."""
    way = habit.writing
    russified = child.world == "ro" and (way == Writing.RUSSIAN or way in (Writing.BGN, Writing.KH))
    if russified:
        told = russian_patronymic(russian(child.father, "ro", habit.style), child.girl)
        told = spelled(told, FROM_RUSSIAN[way]) if way in FROM_RUSSIAN else told
    else:
        told = " ".join(written(word, child.world, way, habit.style) for word in child.patronymic.split())
        for kin in ("ogly", "gyzy", "oglı", "оглы", "гызы"):
            told = told.replace(kin.title(), kin)
    return told.upper() if habit.capitals else told


def _phone(child: Child, draw: random.Random) -> str:
    if draw.random() >= HAS_PHONE:
        return ""
    beginning = {"tk": "+993 6", "ru": "+7 9", "ro": "+373 6"}[child.world]
    digits = 9 if child.world == "ru" else 7
    return f"{beginning}{draw.randrange(10**digits):0{digits}d}"


def _document(draw: random.Random) -> str:
    if draw.random() >= HAS_DOCUMENT:
        return ""
    return f"I-{draw.choice('ABDEGHKLMNRST')}{draw.choice('ABDEGHKLMNRST')} {draw.randrange(10**6):06d}"
