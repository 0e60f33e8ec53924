"""Folding a name so that its common spellings in Turkmen, Russian, Romanian and English meet. No similarity here."""

import re
import unicodedata
from functools import lru_cache
from typing import Final

from amanat.names import tables

FOLD_VERSION: Final = 2
"""Stands beside every stored key made from a fold; a change of rules is a new version and a sweep over the index."""

_LETTERS: Final = str.maketrans(tables.CYRILLIC | tables.LATIN)
_LONG_S: Final = str.maketrans(tables.LONG_S)
_DROPPED: Final = str.maketrans("", "", tables.DROPPED)
_LOOK_ALIKES: Final = str.maketrans(tables.LOOK_ALIKES)
_SOUNDS: Final = tuple((re.compile(pattern), replacement) for pattern, replacement in tables.SOUNDS)
_ROMANIAN: Final = re.compile(tables.ROMANIAN_SIGNS)
_PLAIN_TURKMEN: Final = re.compile(tables.PLAIN_TURKMEN_SIGNS)
_HARD_CH: Final = re.compile(r"(?<!s)ch(?=[ei])")
_ISO_9_EDGES: Final = re.compile(tables.ISO_9_EDGES)
_BARE_C: Final = re.compile(r"(?<!c)c(?=[aeiouy]|$)")
CYRILLIC: Final = re.compile(r"[\u0400-\u052f]")
_LATIN: Final = re.compile(r"[a-z]")


def fold(name: str) -> str:
    """Give the form in which spellings of one name are equal: small Latin letters, words parted by one space.

    Чарыева, Çaryýewa, Charyeva, Charyyeva and Caryyewa all give the same text. The order of words is kept; folding
    word by word gives the same as folding the whole. Idempotent and deterministic. Letters of other scripts stay as
    they are; digits, emoji and punctuation part words or vanish; nothing raises. The result is for comparing and
    hashing, never for showing.

    Version 2 hears more of foreign names as Russian renders them (Уильям, Кристиан, Высоцкий) and of ISO 9. Where vowels or
    a whole letter are rendered by ear (Мяхри for Mähri, Дэнилэ for Dănilă, Ж for a Romanian J, Ц for a German Z), folds
    stay apart: there `skeleton` meets, and `closeness` weighs. Sources of the rules: see `tables`.
    """
    return " ".join(filter(None, map(fold_word, _words(_plain(name)))))


def tokens(name: str) -> tuple[str, ...]:
    """Give the folded words of a name in sorted order, so that swapped given and family names are equal."""
    return tuple(sorted(fold(name).split()))


def spelt(name: str) -> list[str]:
    """Give the words of a name as spelt, in small letters: those in Latin letters plain, those in Cyrillic as they are."""
    words = map(_in_one_script, _words(_plain(name)))
    return [word if CYRILLIC.search(word) else _latin_word(word) for word in words]


def _plain(name: str) -> str:
    text = unicodedata.normalize("NFKC", name.translate(_LONG_S)).casefold()
    return unicodedata.normalize("NFC", text).translate(_DROPPED)


@lru_cache(maxsize=1 << 14)
def fold_word(word: str) -> str:
    """Fold one word of small letters. Kept in memory, for the same few thousand names come again and again."""
    folded = _fold_once(word)
    while (again := _fold_once(folded)) != folded:
        folded = again
    return folded


def _fold_once(word: str) -> str:
    word = _latin_word(_plain(word))
    for pattern, replacement in _SOUNDS:
        word = pattern.sub(replacement, word)
    return word


def _words(text: str) -> list[str]:
    """Split at everything that is neither letter nor mark."""
    return "".join(sign if _belongs_to_a_word(sign) else " " for sign in text).split()


def _belongs_to_a_word(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LM" or sign in tables.CURRENCY_LETTERS


def _latin_word(word: str) -> str:
    word = _in_one_script(word)
    is_romanian, is_plain_turkmen = bool(_ROMANIAN.search(word)), bool(_PLAIN_TURKMEN.search(word))
    word = _without_marks(_ISO_9_EDGES.sub("ia", word).translate(_LETTERS))
    if is_romanian:
        word = _HARD_CH.sub("k", word)
    elif is_plain_turkmen:
        word = _BARE_C.sub("ch", word)
    return word


def _in_one_script(word: str) -> str:
    """Read Latin look-alikes in a Cyrillic word as the Cyrillic letters that were meant."""
    latin = _LATIN.findall(word)
    if latin and CYRILLIC.search(word) and all(letter in tables.LOOK_ALIKES for letter in latin):
        return word.translate(_LOOK_ALIKES)
    return word


def _without_marks(word: str) -> str:
    apart = unicodedata.normalize("NFKD", word)
    return "".join(sign for sign in apart if unicodedata.category(sign) != "Mn")
