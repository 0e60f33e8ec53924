"""Alphabetical order of Turkmen, Russian, Romanian and English lists. The database's collation is never asked."""

import unicodedata
from functools import cache
from typing import Final

SortKey = tuple[tuple[int, ...], str, str]

_CYRILLIC: Final = "а б в г ґ д е ё є ж җ з и і й к л м н ң о ө п р с т у ү ф х ц ч ш щ ъ ы ь э ә ю я"

_LATIN: Final[dict[str, str]] = {
    # Letters outside the Turkmen alphabet of 1999 (C, Q, V, X) stand where a reader would look for them.
    "tk": "a b c ç d e ä f g h i j ž k l m n ň o ö p q r s ş t u ü v w x y ý z",
    "ro": "a ă â b c d e f g h i î j k l m n o p q r s ș t ț u v w x y z",
    "en": "a b c d e f g h i j k l m n o p q r s t u v w x y z",
    "ru": "a b c d e f g h i j k l m n o p q r s t u v w x y z",
}

# The cedilla of older fonts is the comma below in Romanian; in Turkmen it is the letter itself.
_SPELLINGS: Final[dict[str, dict[int, str]]] = {
    "ro": str.maketrans({"ş": "ș", "ţ": "ț"}),
    "tk": str.maketrans({"ș": "ş", "ț": "t", "ţ": "t"}),
}

_BEFORE_LETTERS: Final = 100
_OTHER_SCRIPTS: Final = 1000


def sort_key(text: str, language: str) -> SortKey:
    """Give what `sorted` should compare so that a list stands in the alphabetical order of `language`.

    Languages: `tk` (the 30 letters of 1999), `ru` (ё after е), `ro` (ă and â after a, î after i, ș after s, ț after t),
    `en` (diacritics count only between equal words); another language sorts as `en`. A space comes before everything,
    digits before letters; the script of the language comes first (Cyrillic for `ru`, Latin else), then the other one.
    Capitals count only between words that are otherwise equal. Punctuation is passed over.
    """
    plain = unicodedata.normalize("NFC", text).casefold()
    plain = unicodedata.normalize("NFC", plain).translate(_SPELLINGS.get(language, {}))
    ranks = _ranks(language if language in _LATIN else "en")
    places = tuple(place for sign in plain if (place := _place(sign, ranks)) is not None)
    return places, plain, text


@cache
def _ranks(language: str) -> dict[str, int]:
    alphabets = [_LATIN[language], _CYRILLIC]
    if language == "ru":
        alphabets.reverse()
    letters = " ".join(alphabets).split()
    return {letter: _BEFORE_LETTERS + place for place, letter in enumerate(letters)}


def _place(sign: str, ranks: dict[str, int]) -> int | None:
    """Give the place of one sign: its own letter's, else its base letter's, else by script; None passes it over."""
    if sign in ranks:
        return ranks[sign]
    base = unicodedata.normalize("NFD", sign)[0]
    if base in ranks:
        return ranks[base]
    if sign.isspace():
        return 0
    if (digit := unicodedata.decimal(sign, None)) is not None:
        return 1 + digit
    return _OTHER_SCRIPTS + ord(sign) if sign.isalpha() else None
