"""One field of a name as it is heard, whatever its spelling, and how close two of them are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz.distance.Levenshtein import distance, normalized_similarity

from amanat.names import tables
from amanat.names.folding import fold, fold_word, spelt
from amanat.names.skeletons import LONGEST, family_stem, father_stem, readings

_REMEMBERED: Final = 1 << 14
_BY_SOUND: Final = 0.5  # how much the skeletons weigh beside the letters
_ANOTHER_READING: Final = 0.9
_ONE_SLIP: Final = 0.6
_FAR: Final = 0.2  # so few letters in common that the sound is not asked
_NEAR: Final = 0.7
_OF_A_PART: Final = 0.9


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """A field folded: its words joined to one `word`, the skeleton `sound` of that and all that it may have, and its parts.

    `ways` are the skeletons that each word of the field may have, the likeliest first. `common`: many strangers share it.
    """

    word: str
    sound: str
    sounds: frozenset[str]
    ways: tuple[tuple[str, ...], ...]
    common: bool = False
    parts: tuple[Heard, ...] = ()


_COMMON: Final = frozenset(fold(tables.COMMON).split())
NOTHING: Final = Heard("", "", frozenset(), ())


@lru_cache(maxsize=_REMEMBERED)
def heard(field: str) -> Heard:
    """Hear a given name, or any other word."""
    return _hear(fold(field[:LONGEST]).split(), field)


@lru_cache(maxsize=_REMEMBERED)
def heard_family(field: str) -> Heard:
    """Hear a family name: a woman's and a man's are one."""
    return _hear([family_stem(word) for word in fold(field[:LONGEST]).split()], field)


@lru_cache(maxsize=_REMEMBERED)
def heard_father(field: str) -> Heard:
    """Hear a patronymic: it is the father's name in every form."""
    words = [stem for word in fold(field[:LONGEST]).split() if (stem := father_stem(word))]
    return _hear(words, " ".join(words))


def _hear(words: list[str], field: str) -> Heard:
    if not words:
        return NOTHING
    return heard_as(words, tuple(readings(word) for word in spelt(field[:LONGEST]) if fold_word(word)))


def heard_as(words: Sequence[str], ways: tuple[tuple[str, ...], ...]) -> Heard:
    """What folded words and the skeletons that each may have come to."""
    if not words:
        return NOTHING
    if len(words) == 1:
        return Heard(words[0], ways[0][0], frozenset(ways[0]), ways, _is_common(words[0]))
    sound = "".join(way[0] for way in ways)
    parts = tuple(Heard(word, way[0], frozenset(way), (way,)) for word, way in zip(words, ways, strict=False))
    return Heard("".join(words), sound, frozenset({sound}), ways, parts=parts)


@lru_cache(maxsize=_REMEMBERED)
def _is_common(word: str) -> bool:
    """Also a family name that is made of a common given name."""
    return word in _COMMON or father_stem(word) in _COMMON


def closeness(one: Heard, other: Heard) -> float:
    """Say how close two fields are: 1 the same, above about .6 one name in two spellings, below .4 two names.

    Of a field of several words the closest word counts nearly as much as the whole.
    """
    if one.word == other.word:
        return 1.0
    by_letters = normalized_similarity(one.word, other.word)
    close = by_letters / (1 + _BY_SOUND)
    if by_letters >= _FAR:
        if one.sound == other.sound:
            close = (by_letters + _BY_SOUND) / (1 + _BY_SOUND)
        elif not one.sounds.isdisjoint(other.sounds):
            close = (by_letters + _BY_SOUND * _ANOTHER_READING) / (1 + _BY_SOUND)
        elif distance(one.sound, other.sound, score_cutoff=1) <= 1:
            close = (by_letters + _BY_SOUND * _ONE_SLIP) / (1 + _BY_SOUND)
    if close < _NEAR and (one.parts or other.parts):
        pairs = (closeness(mine, theirs) for mine in one.parts or (one,) for theirs in other.parts or (other,))
        return max(close, _OF_A_PART * max(pairs))
    return close


def forget() -> None:
    """Drop the names that are remembered in clear so as to be quick: for when a workspace is locked."""
    for remembered in (heard, heard_family, heard_father, _is_common, readings, fold_word):
        remembered.cache_clear()
