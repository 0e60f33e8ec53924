"""Who is looked for or held: names, birth, place and numbers as written, and the same folded once for comparing."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, NamedTuple

from amanat.names.hearing import NOTHING, Heard, heard, heard_family, heard_father
from amanat.names.numbers import document_key, phone_digits
from amanat.names.places import place_word

_DATE: Final = re.compile(r"(\d{4})(?:-(\d\d)-(\d\d))?$")
_NONE: Final[frozenset[str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Name:
    """One name in one script, as written."""

    given: str = ""
    family: str = ""
    patronymic: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """What is known of one person, as written; an empty value is not known.

    `birth_date` is ISO ("2011-04-30"), a year alone ("2011") or empty; `birth_year` is about which year, where only an age
    is known. `called` is what the person is called in daily life. `sex` is a code, empty where nobody knows it.
    """

    names: tuple[Name, ...]
    birth_date: str = ""
    birth_year: int | None = None
    place: str = ""
    sex: str = ""
    phones: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    called: str = ""


class HeardName(NamedTuple):
    """One name as heard."""

    given: Heard
    family: Heard
    patronymic: Heard


class Prepared(NamedTuple):
    """A person folded once, so that comparing with many costs little. Holds clear text: keep it no longer than the answer."""

    names: tuple[HeardName, ...]
    date: str
    year: int
    place: Heard
    sex: str
    phones: frozenset[str]
    documents: frozenset[str]


def prepare(person: Person) -> Prepared:
    """Fold a person for `likeness`."""
    date, year = born(person)
    return Prepared(
        names=tuple([_heard(name) for name in apart(person)]),
        date=date,
        year=year,
        place=heard(place_word(person.place)) if person.place else NOTHING,
        sex=person.sex,
        phones=_keys_of(phone_digits, person.phones),
        documents=_keys_of(document_key, person.documents),
    )


def apart(person: Person) -> list[Name]:
    """Give the names, also what the person is called; a whole name in one field is taken apart."""
    names = [name if name.given and name.family else _taken_apart(name) for name in person.names]
    if person.called:
        names.append(_taken_apart(Name(given=person.called)))
    return names


def born(person: Person) -> tuple[str, int]:
    """Give the full date of birth, or "", and the year, or 0."""
    found = _DATE.match(person.birth_date) if person.birth_date else None
    if not found:
        return "", person.birth_year or 0
    return (person.birth_date if found[2] else ""), int(found[1])


def _heard(name: Name) -> HeardName:
    return HeardName(heard(name.given), heard_family(name.family), heard_father(name.patronymic))


def _taken_apart(name: Name) -> Name:
    """First word, last word, and what stands between; which of them is the family name is for comparing to find."""
    words = (name.given or name.family).split()
    if len(words) < 2:
        return name
    return Name(words[0], words[-1], name.patronymic or " ".join(words[1:-1]))


def _keys_of(key: Callable[[str], str], numbers: tuple[str, ...]) -> frozenset[str]:
    return frozenset(filter(None, map(key, numbers))) if numbers else _NONE
