"""Questions to a registry: a child of it written down once more, by another office, in another way or with slips; and unknown children."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from tools.bench.data.generator import SEED, WRITINGS, Entry, Habit, Registered, entry_of, registry

AMONG = 10_000  # the truths are among the first ones, which every registry has
EACH, UNKNOWN = 140, 300


@dataclass(frozen=True, slots=True)
class Question:
    """`truth` is the number of the child in the registry; nobody's for an unknown child."""

    kind: str
    entry: Entry
    truth: int | None = None


def questions(among: Sequence[Registered], each: int = EACH, unknown: int = UNKNOWN) -> list[Question]:
    """`each` of every kind about children of the registry's beginning, then those about unknown ones; shuffled."""
    draw = random.Random(f"{SEED} questions")
    asked = [
        Question(kind, bare(ask(told, draw), draw), told.number)
        for kind, ask in KINDS.items()
        for told in draw.sample(list(among[:AMONG]), min(each, len(among)))
    ]
    asked += [
        Question("unknown", bare(told.entry, draw)) for told in islice(registry(unknown, f"{SEED} unknown"), unknown)
    ]
    draw.shuffle(asked)
    return asked


def bare(entry: Entry, draw: random.Random) -> Entry:
    """Without phone and document, which would make it easy; one in four does not say where from."""
    return replace(entry, phone="", document="", place="" if draw.random() < 0.25 else entry.place)


def exact(told: Registered, draw: random.Random) -> Entry:
    return told.entry


def translit(told: Registered, draw: random.Random) -> Entry:
    """In another script or by another standard."""
    return entry_of(told.child, _another(told, draw))


def _another(told: Registered, draw: random.Random) -> Habit:
    ways = {way: share for way, share in WRITINGS[told.child.world].items() if way != told.habit.writing}
    writing = draw.choices(list(ways), list(ways.values()))[0]
    return replace(told.habit, writing=writing, style=draw.choices((0, 1, 2), (5, 2, 3))[0])


def typo(told: Registered, draw: random.Random) -> Entry:
    """One slip in the given name, in seven of ten also one in the family's."""
    return slipped(told.entry, draw)


def swap(told: Registered, draw: random.Random) -> Entry:
    """Name and family in each other's place."""
    return replace(told.entry, given=told.entry.family, family=told.entry.given)


def dob(told: Registered, draw: random.Random) -> Entry:
    """Off by a year, day and month in each other's place, or only the year said."""
    born = told.child.born
    kind = draw.choice(("year", "day", "unknown"))
    if kind == "day" and born.day <= 12 and born.day != born.month:
        told_date = born.replace(month=born.day, day=born.month)
    elif kind == "unknown" and not told.habit.year_only:
        return replace(told.entry, birth_date="", birth_year=str(born.year))
    else:
        told_date = born.replace(year=born.year + draw.choice((-1, 1)), day=min(born.day, 28))
    return replace(told.entry, birth_date=told_date.isoformat(), birth_year="")


def ageonly(told: Registered, draw: random.Random) -> Entry:
    """Only how old about: the year, or the one beside it."""
    return replace(told.entry, birth_date="", birth_year=str(told.child.born.year + draw.choice((-1, 0, 0, 1))))


def heavy(told: Registered, draw: random.Random) -> Entry:
    """Another writing, slips, only the age, no patronymic, and in four of ten the names in each other's place."""
    entry = slipped(entry_of(told.child, replace(_another(told, draw), patronymic=False)), draw)
    entry = ageonly(replace(told, entry=entry), draw)
    return swap(replace(told, entry=entry), draw) if draw.random() < 0.4 else entry


KINDS: dict[str, Callable[[Registered, random.Random], Entry]] = {
    "exact": exact,
    "translit": translit,
    "typo": typo,
    "swap": swap,
    "dob": dob,
    "ageonly": ageonly,
    "heavy": heavy,
}


def slipped(entry: Entry, draw: random.Random) -> Entry:
    both = draw.random() < 0.7
    return replace(entry, given=slip(entry.given, draw), family=slip(entry.family, draw) if both else entry.family)


def slip(word: str, draw: random.Random) -> str:
    """One letter changed, left out, put in, or two in each other's place; the first letter mostly stays."""
    if len(word) < 3:
        return word
    letters = sorted({letter if word.isupper() else letter.lower() for letter in word if letter.isalpha()})
    place = draw.randrange(0 if draw.random() < 0.15 else 1, len(word) - 1)
    kind = draw.choice(("change", "leave out", "put in", "turn"))
    if kind == "turn" and word[place] != word[place + 1]:
        return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if kind == "leave out":
        return word[:place] + word[place + 1 :]
    put = draw.choice([letter for letter in letters if letter != word[place]] or ["a"])
    return word[:place] + put + word[place + (kind != "put in") :]
