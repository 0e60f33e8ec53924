"""The spelling rules behind `fold`, as data: which letters stand for which sound in each spelling tradition.

Changing a line here changes stored index keys: raise `FOLD_VERSION` in `folding.py` with it.

Sources (knowledge of these systems, not their wording):

- BGN/PCGN 1947 romanisation of Russian (zh, kh, ts, ch, sh, shch, ye, yu, ya; an apostrophe for the soft sign).
- ICAO Doc 9303 part 3, recommended transliteration of Cyrillic in travel documents (ie, iu, ia; no soft sign).
- BGN/PCGN 1979 for Turkmen in Cyrillic, and the Turkmen Latin alphabets of 1993 (with the signs that computers of
  the time had: dollar or cent for Ş, yen or ÿ for Ý, pound or long s for Ž) and of 1999 (Ş, Ý, Ž).
- Romanian orthography after 1993 (â inside a word, î at its edges) and before (î everywhere, still met in Moldova);
  Romanian written with the Moldovan Cyrillic alphabet.
- French-like spelling in Soviet travel documents (tch, ou).
- Plain keyboards: diacritics left out, so that Ş meets S, Ž meets Z and Ț meets T.
"""

from typing import Final

CYRILLIC: Final[dict[str, str]] = {
    "а": "a", "б": "b", "в": "v", "г": "g", "д": "d", "е": "e", "ё": "e", "ж": "zh", "з": "z", "и": "i", "й": "i",
    "к": "k", "л": "l", "м": "m", "н": "n", "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "у": "u", "ф": "f",
    "х": "h", "ц": "ts", "ч": "ch", "ш": "sh", "щ": "shch", "ъ": "", "ы": "i", "ь": "", "э": "e", "ю": "iu", "я": "ia",
    # Turkmen in Cyrillic, 1940 to 1993
    "ә": "a", "җ": "j", "ң": "n", "ө": "o", "ү": "u",
    # Moldovan and neighbouring alphabets, met in papers of people who moved
    "ӂ": "j", "є": "e", "і": "i", "ї": "i", "ґ": "g", "ғ": "g", "қ": "k", "ҳ": "h", "һ": "h", "ў": "u", "ұ": "u",
}  # fmt: skip

LATIN: Final[dict[str, str]] = {
    # Turkmen 1999
    "ä": "a", "ç": "ch", "ž": "zh", "ň": "n", "ö": "o", "ş": "sh", "ü": "u", "ý": "i",
    # Turkmen 1993
    "$": "sh", "¢": "sh", "¥": "i", "ÿ": "i", "£": "zh", "ñ": "n",
    # Romanian, with comma below and with the cedilla of older fonts
    "ă": "a", "â": "i", "î": "i", "ș": "sh", "ț": "ts", "ţ": "ts",
    # Neighbours: Turkish and Azerbaijani, and scholars' Latin
    "ı": "i", "ə": "a", "ğ": "g", "č": "ch", "š": "sh", "đ": "d", "ł": "l", "ø": "o", "æ": "ae",
}  # fmt: skip

LONG_S: Final = {"ſ": "ž"}
"""Small Ž of the 1993 alphabet; Unicode's own folding would make it an S, so it is read first."""

CURRENCY_LETTERS: Final = "$¢¥£"

LOOK_ALIKES: Final[dict[str, str]] = {
    "a": "а", "b": "в", "c": "с", "e": "е", "h": "н", "i": "і", "k": "к", "m": "м", "o": "о", "p": "р", "t": "т",
    "x": "х", "y": "у",
}  # fmt: skip
"""Latin letters that stand in a Cyrillic word because somebody forgot to change the keyboard."""

ROMANIAN_SIGNS: Final = r"[ăâîșțţ]|(?:escu|eanu)$"
"""What tells that a word is spelt as Romanian, where *ch* before e and i is K. (Ş with cedilla is Turkmen as well.)"""

PLAIN_TURKMEN_SIGNS: Final = r"[wy]"
"""Letters that Romanian lacks and plain-keyboard Turkmen has: then a bare C is Ç (Caryyewa), else K (Catana)."""

DROPPED: Final = "'’‘`´ʹʺʼʻ\u00ad\u200b\u200c\u200d\u2060\ufeff"
"""Signs inside a word that carry no letter: apostrophes for the soft sign, soft hyphens, invisible joiners."""

SOUNDS: Final[tuple[tuple[str, str], ...]] = (
    # Pattern and what replaces it, in this order, on small Latin letters; repeated until nothing changes.
    (r"t+s*ch", "ch"),  # Tchary, Tschary
    (r"sh?ch", "s"),  # BGN shch, German sch
    (r"dzh|dj", "j"),  # Джемал, Dzhemal, Djemal; Turkmen J
    (r"sh", "s"),  # Ş on a plain keyboard is S
    (r"zh", "z"),  # Ž on a plain keyboard is Z
    (r"kh", "h"),
    (r"gh", "g"),  # Romanian Serghei
    (r"ph", "f"),
    (r"th", "t"),
    (r"ck", "k"),
    (r"c(?=[eiy])", "ch"),  # Romanian Ceban; English soft C is rarer here
    (r"c(?!h)", "k"),
    (r"t[sz]", "t"),  # Ț on a plain keyboard is T
    (r"q", "k"),
    (r"w", "v"),
    (r"x", "ks"),
    (r"y", "i"),
    (r"ou", "u"),  # Gouliev
    (r"ea", "ia"),  # Romanian Veaceslav
    (r"i+o", "e"),  # Fyodor, Fiodor, Фёдор and Федор
    (r"i+(?=e)", ""),  # BGN Berdiyeva, ICAO Berdieva; Grigor'yev, Grigorev
    (r"(?<=.)i+(?=u)", ""),  # Lyudmila, Liudmila, Ludmila; Гюльнара, Gülnara
    (r"(ch)(?:ch)+", r"\1"),
    (r"(.)\1+", r"\1"),  # Анна, Ana
)
