"""A whole name in one column, as agencies' own lists have it: how its heading says that it stands, and how it is taken apart.

No field of the standard takes one. Each heading says which name comes first; a patronymic shows it by its ending.
"""

from __future__ import annotations

import re
from typing import Any, Final

from amanat.packs import Pack
from amanat.packs.spelling import plain

FULL_NAME: Final = "full_name"
"""What such a column is, beside the fields of the pack: it fills given name, family name and patronymic."""

_FAMILY_FIRST: Final = """
ФИО|ФИО ребёнка|Фамилия имя отчество|Фамилия, имя и отчество|Фамилия имя|Фамилия и имя
F.A.Aa.|F.A.A.|Çaganyň F.A.Aa.|Familiýasy, ady|Familiýasy we ady|Familiýasy, ady, atasynyň ady|Familiýasy, ady we atasynyň ady
Nume și prenume|Nume prenume|Numele și prenumele|Numele, prenumele|Numele și prenumele copilului|Nume, prenume, patronimic
Surname and name|Surname and given name|Family name and given name|Last name, first name
"""
_GIVEN_FIRST: Final = """
Full name|Name|Child's name|Child name|Name of the child|Full name of the child|Name and surname|First name and surname
First and last name|Given name and family name|Имя и фамилия|Имя фамилия|Имя отчество фамилия|Полное имя
Ady we familiýasy|Ady familiýasy|Ady, familiýasy|Ady, atasynyň ady, familiýasy|Doly ady
Numele complet|Nume complet|Prenume și nume|Prenumele și numele|Prenume, nume
"""


def _spelt(headings: str) -> frozenset[str]:
    return frozenset(plain(heading) for line in headings.split("\n") for heading in line.split("|")) - {""}


_SAYS_FAMILY_FIRST: Final = _spelt(_FAMILY_FIRST)
_HEADINGS: Final = _SAYS_FAMILY_FIRST | _spelt(_GIVEN_FIRST)
_PATRONYMIC: Final = re.compile(
    r".{2,}(?:[ое]вич|[ое]вна|ична|[oe][vw](?:ich|ici|i[cç])|[oe][vw]na|i[cç]na|ichna)", re.IGNORECASE
)
_CHILD_OF: Final = frozenset("оглы оглу уулу углы кызы гызы ogly oglu oglı gyzy kyzy qizi".split())
_PLACES: Final = ("given", "family", "patronymic")


def is_whole_name(heading: str) -> bool:
    """Whether a heading says that whole names stand under it."""
    return plain(heading) in _HEADINGS


def says_family_first(*headings: str) -> bool:
    return any(plain(heading) in _SAYS_FAMILY_FIRST for heading in headings)


def apart(text: str, family_first: bool) -> dict[str, str]:
    """Give `given`, `family` and `patronymic` of a whole name, as far as they are there.

    A comma stands behind the family name. Else a patronymic shows the order: last, the family name stands first; between,
    last. Without one it is as `family_first` says. A single word is taken for the given name.
    """
    before, comma, behind = text.partition(",")
    if comma and before.strip() and behind.strip():
        given, patronymic = _split(behind.split())
        return _filled(given, before.split(), patronymic)
    words = text.replace(",", " ").split()
    at, until = _patronymic(words)
    if at and until < len(words):
        return _filled(words[:at], words[until:], words[at:until])
    if at > 1:
        return _filled(words[1:at], words[:1], words[at:])
    if at:
        return _filled(words[:1], [], words[at:])
    if len(words) < 2:
        return _filled(words, [], [])
    if family_first:
        return _filled(words[1:2], words[:1], words[2:])
    return _filled(words[:-1], words[-1:], [])


def _split(words: list[str]) -> tuple[list[str], list[str]]:
    at, _until = _patronymic(words)
    return (words[:at], words[at:]) if at else (words, [])


def _patronymic(words: list[str]) -> tuple[int, int]:
    """From which word to which it stands; (0, 0) where none shows by its ending. It is never the first one."""
    for at, word in enumerate(words[1:], 1):
        if word.casefold() in _CHILD_OF and at > 1:
            return at - 1, at + 1
        if _PATRONYMIC.fullmatch(word):
            return at, at + 1
    return 0, 0


def _filled(*names: list[str]) -> dict[str, str]:
    return {place: " ".join(words) for place, words in zip(_PLACES, names, strict=True) if words}


def name_fields(pack: Pack) -> dict[str, str]:
    """The names of the fields that keep a name, by its place in it."""
    kept = {field.stored: field.name for section in pack.sections() for field in section.fields if field.stored}
    return {place: kept[f"identity.{place}"] for place in _PLACES if f"identity.{place}" in kept}


def told_of(text: str, family_first: bool) -> dict[str, Any]:
    """How one name is read, for the notice about its column."""
    read = apart(text, family_first)
    return {"example": text, **{place: read.get(place, "–") for place in _PLACES}}
