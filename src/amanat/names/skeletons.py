"""The consonant skeleton of a name: coarser than the fold, for finding where spelling standards disagree.

A word becomes its consonants in ten classes of sounds; vowels are dropped, but a vowel at the beginning stays as A.
Tables are in `tables`; that standards differ is data there.
"""

import re
from functools import lru_cache
from typing import Final

from amanat.names import tables
from amanat.names.folding import CYRILLIC, spelt

_Table = tuple[re.Pattern[str], tuple[tuple[str, ...], ...]]


def _table(rows: tuple[tuple[str, tuple[str, ...]], ...]) -> _Table:
    return re.compile("|".join(f"({pattern})" for pattern, _readings in rows)), tuple(readings for _, readings in rows)


_LATIN: Final = _table(tables.LATIN_READINGS)
_CYRILLIC: Final = _table(tables.CYRILLIC_READINGS)
_REPEATED: Final = re.compile(r"(.)\1+")
_FAMILY_ENDINGS: Final = tuple((re.compile(pattern), text) for pattern, text in tables.FAMILY_ENDINGS)
_FATHER_ENDINGS: Final = re.compile(tables.FATHER_ENDINGS)
MOST_READINGS: Final = 4
LONGEST: Final = 200
"""Letters of a name that are listened to: no name is longer, and its readings take time by the square of its length."""
_REMEMBERED: Final = 1 << 14


def skeleton(name: str) -> str:
    """Give the consonant skeleton of a name, its words joined: Çaryýewa, Чарыев and Charyeva give one text."""
    return "".join(readings(word)[0] for word in spelt(name[:LONGEST]))


@lru_cache(maxsize=_REMEMBERED)
def readings(word: str) -> tuple[str, ...]:
    """Give the skeletons of one `spelt` word: the likeliest first, then those of other spelling traditions.

    Another reading differs in one place: words in which two letters are doubtful are met by `deletions`.
    """
    pattern, table = _CYRILLIC if CYRILLIC.search(word) else _LATIN
    sounds = [table[found.lastindex - 1] for found in pattern.finditer(word) if found.lastindex]
    first = [choice[0] for choice in sounds]
    ways = [first]
    for place, choice in enumerate(sounds):
        ways += [[*first[:place], other, *first[place + 1 :]] for other in choice[1:]]
    return tuple(dict.fromkeys(_joined(way) for way in ways))[:MOST_READINGS]


def _joined(sounds: list[str]) -> str:
    return _REPEATED.sub(r"\1", "".join(sounds)).replace(".", "")


def deletions(bones: str) -> list[str]:
    """Give the skeleton with each one sound left out, where at least two stay."""
    if len(bones) < tables.SHORTEST + 1:
        return []
    return list(dict.fromkeys(bones[:place] + bones[place + 1 :] for place in range(len(bones))))


def family_stem(word: str) -> str:
    """Give a folded family name without what tells a woman's from a man's."""
    for pattern, text in _FAMILY_ENDINGS:
        word = pattern.sub(text, word)
    return word


def father_stem(word: str) -> str:
    """Give the father's name in a folded patronymic: of Amanowna, Амановна and Amanovici aman; of ogly nothing."""
    return "" if word in tables.CHILD_OF else _FATHER_ENDINGS.sub("", word) or word
