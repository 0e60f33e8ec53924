"""How one name is written in another script or by another standard: Turkmen 1999 and Soviet Cyrillic, Moldovan Cyrillic, Russian
and Romanian practice, BGN/PCGN, ICAO Doc 9303. Tables as data, first rule that fits wins. Nothing here is shared with the fold.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from enum import StrEnum
from functools import cache

Rules = tuple[tuple[str, str], ...]
CONSONANT_AHEAD = "(?=[bcçdfghjžklmnňprsştwzý]|$)"


class Writing(StrEnum):
    """The ways in which an office writes a name down."""

    TURKMEN = "tk-Latn"  # alphabet of 1999
    ROMANIAN = "ro-Latn"
    ASCII = "ascii"  # the same without its marks
    TURKMEN_CYRILLIC = "tk-Cyrl"  # alphabet of 1940
    MOLDOVAN_CYRILLIC = "mo-Cyrl"  # alphabet of 1967
    RUSSIAN = "ru-Cyrl"
    BGN = "bgn"  # BGN/PCGN, without marks
    ICAO = "icao"  # machine-readable travel documents
    KH = "kh"  # the English of newspapers and older passports: Khodzhaev, Cheban, Aleksei


def letters(source: str, target: str) -> Rules:
    """One rule a letter; letters of the target stand between spaces."""
    return tuple(zip(source.split(), target.split(), strict=True))


TK_CYRILLIC: Rules = (
    ("ýa", "я"), ("ýo", "ё"), ("ýu", "ю"), ("ýe", "е"), (r"\be", "э"),
    *letters("a b ç d e ä f g h i j ž k l m n ň o ö p r s ş t u ü w y ý z",
             "а б ч д е ә ф г х и җ ж к л м н ң о ө п р с ш т у ү в ы й з"),
)  # fmt: skip
# What Russian-speaking offices made of Turkmen letters that Russian lacks: the nearest vowel, or the softening one.
TK_RUSSIAN: Rules = (
    ("ýa", "я"), ("ýo", "ё"), ("ýu", "ю"), ("ýe", "е"), (r"\be", "э"), (f"gül{CONSONANT_AHEAD}", "гуль"), ("ä", "а"),
    ("ö", "о"), ("ü", "у"),
    *letters("a b ç d e f g h i j ž k l m n ň o p r s ş t u w y ý z",
             "а б ч д е ф г х и дж ж к л м н н о п р с ш т у в ы й з"),
)  # fmt: skip
TK_RUSSIAN_SOFT: Rules = (
    (r"(?<=[bcçdfghjklmnprstwz])ä", "я"), (r"(?<=[bcçdfghjklmnprstwz])ö", "ё"), (r"(?<=[bcçdfghjklmnprstwz])ü", "ю"),
    *TK_RUSSIAN,
)  # fmt: skip
# Spellings that became customary in Soviet papers.
TK_RUSSIAN_USUAL: Rules = (
    ("myrad", "мурад"), ("myrat", "мурад"), ("mämmed", "мамед"), ("mämmet", "мамед"), ("geldi", "гельды"),
    ("berdi", "берды"), ("nyýaz", "нияз"), ("muhammet", "мухаммед"), ("ogul", "огуль"), (r"\bhoja", "ходжа"),
    (r"(?<=\w)guly", "кули"), *TK_RUSSIAN,
)  # fmt: skip
TK_BGN: Rules = (
    ("ç", "ch"), ("ş", "sh"), ("ž", "zh"), ("ň", "ng"), ("h", "kh"), ("w", "v"), ("ý", "y"), ("ä", "a"), ("ö", "o"),
    ("ü", "u"),
)  # fmt: skip

VOWEL_BEFORE = "(?<=[аеёиоуыэюяъь])"
RU_BGN: Rules = (
    (rf"\bе|{VOWEL_BEFORE}е", "ye"), (rf"\bё|{VOWEL_BEFORE}ё", "yë"), ("ё", "ë"),
    *letters("а б в г д е ж з и й к л м н о п р с т у ф х ц ч ш щ ы э ю я",
             "a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch y e yu ya"), ("[ъь]", ""),
)  # fmt: skip
RU_ICAO: Rules = (
    *letters("а б в г д е ё ж з и й к л м н о п р с т у ф х ц ч ш щ ъ ы э ю я",
             "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh shch ie y e iu ia"), ("ь", ""),
)  # fmt: skip
RU_KH: Rules = (
    (r"(?:ий|ый)\b", "y"), ("кс", "x"), (r"ей\b", "ei"), (r"ай\b", "ai"), ("ья", "ia"), ("ьё", "io"), ("ё", "e"),
    ("е", "e"), *RU_BGN,
)  # fmt: skip
RU_TURKMEN: Rules = (
    (rf"\bе|{VOWEL_BEFORE}е", "ýe"), ("ё", "ýo"),
    *letters("а б в г д е ж з и й к л м н о п р с т у ф х ц ч ш щ ы э ю я",
             "a b w g d e ž z i ý k l m n o p r s t u f h s ç ş ş y e ýu ýa"), ("[ъь]", ""),
)  # fmt: skip
RU_ROMANIAN: Rules = (
    ("кс", "x"), ("к(?=[еиё])", "ch"), ("г(?=[еиё])", "gh"), ("ч(?=[аоуя])", "ci"), (r"ч\b", "ci"), ("щ(?=[аоу])", "șci"),
    (r"(?:ий|ый)\b", "ii"),
    *letters("а б в г д е ё ж з и й к л м н о п р с т у ф х ц ч ш щ ы э ю я",
             "a b v g d e io j z i i c l m n o p r s t u f h ț c ș șc î e iu ia"), ("[ъь]", ""),
)  # fmt: skip

RO_SOFT: Rules = (
    ("ch(?=[ei])", "к"), ("gh(?=[ei])", "г"), (r"ci(?=[aouăâî])|ci\b", "ч"), ("c(?=[ei])", "ч"), ("ea", "я"),
    (r"\bia", "я"), (r"ia\b", "ия"), (r"\biu", "ю"), (r"(?<=[bcdfgklmnprsștțvz])i\b", "ь"), ("x", "кс"),
)  # fmt: skip
RO_LETTERS = letters("a b c d e f g h i j k l m n o p q r s ș t ț u v w y z",
                     "а б к д е ф г х и ж к л м н о п к р с ш т ц у в в и з")  # fmt: skip
RO_CYRILLIC: Rules = (
    (r"gi(?=[aou])", "ӂ"), ("g(?=[ei])", "ӂ"), *RO_SOFT, ("ă", "э"), ("[âî]", "ы"), *RO_LETTERS,
)  # fmt: skip
RO_RUSSIAN: Rules = (
    (r"gi(?=[aou])", "дж"), (r"\bg(?=[ei])", "дж"), ("g(?=[ei])", "ж"), *RO_SOFT, ("ă", "а"), ("[âî]", "ы"), *RO_LETTERS,
)  # fmt: skip


@cache
def _compiled(rules: Rules) -> tuple[re.Pattern[str], tuple[str, ...]]:
    return re.compile("|".join(f"({found})" for found, _put in rules)), tuple(put for _found, put in rules)


@cache
def spelled(word: str, rules: Rules) -> str:
    """A word by the rules, with its capital letters at the same places of words."""
    pattern, put = _compiled(rules)
    return pattern.sub(lambda found: put[found.lastindex - 1], word.lower()).title() if word else ""  # type: ignore[operator]


def plain(word: str) -> str:
    """Without the marks of its letters, as on an English keyboard."""
    return "".join(each for each in unicodedata.normalize("NFD", word) if not unicodedata.combining(each))


Way = Callable[[str], str]
PIVOTS: dict[str, tuple[Rules, Rules, Rules]] = {
    "tk": (TK_RUSSIAN, TK_RUSSIAN_SOFT, TK_RUSSIAN_USUAL),
    "ru": ((), (), ()),
    "ro": (RO_RUSSIAN, RO_CYRILLIC, RO_RUSSIAN),
}


def russian(word: str, world: str, style: int) -> str:
    """How a Russian-speaking office writes a name of the tradition `world`; `style` is one of its three habits."""
    rules = PIVOTS[world][style]
    return spelled(word, rules).replace("ӂ", "ж").replace("Ӂ", "Дж") if rules else word


FROM_RUSSIAN: dict[Writing, Rules] = {Writing.BGN: RU_BGN, Writing.ICAO: RU_ICAO, Writing.KH: RU_KH}
NATIVE: dict[tuple[str, Writing], Rules] = {
    ("tk", Writing.TURKMEN_CYRILLIC): TK_CYRILLIC,
    ("tk", Writing.BGN): TK_BGN,
    ("ru", Writing.TURKMEN): RU_TURKMEN,
    ("ru", Writing.ASCII): RU_TURKMEN,
    ("ru", Writing.ROMANIAN): RU_ROMANIAN,
    ("ro", Writing.MOLDOVAN_CYRILLIC): RO_CYRILLIC,
}


@cache
def written(word: str, world: str, writing: Writing, style: int) -> str:
    """A native word of the tradition `world` (tk, ru, ro) in some writing."""
    if (world, writing) in NATIVE:
        found = spelled(word, NATIVE[world, writing])
    elif writing == Writing.RUSSIAN:
        found = russian(word, world, style)
    elif writing in FROM_RUSSIAN and (world, writing) != ("ro", Writing.ICAO):
        found = spelled(russian(word, world, style), FROM_RUSSIAN[writing])
    else:
        found = word
    return plain(found) if writing in (Writing.ASCII, Writing.BGN, Writing.ICAO, Writing.KH) else found
