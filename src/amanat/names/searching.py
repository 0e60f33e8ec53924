"""Finding a name as it is typed: any part of it, in any script and order. In memory, over names that the asker may see."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from amanat.names.folding import fold, spelt
from amanat.names.skeletons import readings

Ways = tuple[str, ...]
"""The ways in which one typed word may stand in a searchable text: as typed, as folded, as it sounds."""

_REMEMBERED: Final = 1 << 12
_ENOUGH: Final = 3  # sounds; fewer begin too many names
_SOUND: Final = "="  # stands before a skeleton, so that one is only met from its beginning


def query_tokens(text: str) -> tuple[Ways, ...]:
    """Give the typed words, each in the ways in which it may stand in a `searchable` text; the first is as typed."""
    return tuple(ways for word in _plain(text).split() if (ways := _ways(word)))


def searchable(texts: Iterable[str]) -> str:
    """Give what is searched of some texts (names, a code name): every word plainly, folded, and by its sound, after a space."""
    held = [text for text in texts if text]
    return " " + " ".join(form for text in held for form in (_plain(text), *_forms(text)) if form)


def written(text: str) -> str:
    """Give what is searched of words that are spelt in one way (a code name): each plainly and folded, and not by its sound."""
    return f" {_plain(text)} {_loose(text)}"


def _ways(word: str) -> Ways:
    sounds = (sound for sound in _sounds(word) if len(sound) > _ENOUGH)
    # "Ay" and "zzz" fold to one letter, which begins too many names; "дж" does as well, and means it.
    shortest = 2 if word.isascii() and len(word) > 1 else 1
    return tuple(dict.fromkeys(way for way in (word, _loose(word), *sounds) if len(way) >= shortest))


@lru_cache(maxsize=_REMEMBERED)
def _forms(text: str) -> tuple[str, str]:
    return _loose(text), " ".join(_sounds(text))


def _plain(text: str) -> str:
    """Small letters and digits without marks; whatever else parts words."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(sign if sign.isalnum() else " " for sign in apart if not unicodedata.combining(sign))


def _loose(text: str) -> str:
    """The fold without I: that letter comes and goes with the next ones typed ("Чары", "Чарыева"), the others stay."""
    return fold(text).replace("i", "")


def _sounds(text: str) -> list[str]:
    return [_SOUND + ways[0] for ways in map(readings, spelt(text))]
