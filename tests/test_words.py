"""The words that a workspace is opened by: nobody mistypes one into another, and any of them may be read aloud in a crisis centre."""

from __future__ import annotations

import hashlib
import unicodedata
from pathlib import Path

import pytest

WORDS = Path(__file__).resolve().parents[1] / "src" / "amanat" / "vault" / "words"
ALPHABETS = {
    "en": "abcdefghijklmnopqrstuvwxyz",
    "ro": "aăâbcdefghiîjklmnopqrsștțuvwxyz",
    "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "tk": "abçdeäfghijžklmnňoöprsştuüwyýz",
}
# Somebody's paper has words of these lists on it: what was released never changes; a better list gets another name.
RELEASED = {
    "en": "21be9514efd654992e800473b558304b5a4faeb544dd9eb14143a80b1ba60546",
    "ro": "d94ea608afadbb0c976ba05c2691147a379a48a07831613d018c57e03b90eb76",
    "ru": "78b108b2c4adf38c4d7e957bf268772e89271e62b04bc85bd608fdf0da629265",
    "tk": "80c5be44f0edbdb5f940ca9d1cafaf67bc764a41a5f7db7071d15001e8eb6ff8",
}
NEVER = {
    "en": "abuse arrest belt bitch blood bomb border child church cocaine corpse death drug fat gun heroin jail kid kill knife mosque"
    " murder pig police prison rape rope sex slave stupid thief turkey ugly victim weapon whore",
    "ro": "abuz alcool armă biserică bombă captiv cioară copil cuțit drog fată femeie frânghie gras hoț labă lanț mort moschee nud"
    " pat pește pistol poliție prost rob sânge sclav sex temniță târfă urât victimă viol",
    "ru": "бомба веревка вор гашиш дурак жертва икона кровь мак мечеть насилие нож оружие петух пистолет побег порно пуля раб"
    " ребенок решетка секс смерть труп тюрьма урод цепь церковь член шлюха яд",
    "tk": "ajal arak bomba eşek gan gul gurban gyz jenaýat jynsy metjit neşe ogry oglan ok öli ölüm pyçak pul sapança tabyt tüpeň"
    " türme ýalaňaç ýarag zäher zorluk zynjyr çaga it doňuz haram",
}


def _folded(word: str) -> str:
    """As it is compared when a person types without the marks: ё as е, ș as s, ý as y."""
    return "".join(sign for sign in unicodedata.normalize("NFD", word.casefold()) if not unicodedata.combining(sign))


def _one_slip_apart(words: list[str]) -> list[tuple[str, str]]:
    """Pairs that one letter more, less or other makes equal: without one letter a word is the other, or both are alike without the
    letter at the same place. Comparing every two is too slow.
    """
    seen: dict[tuple[int, str], str] = {}
    pairs: list[tuple[str, str]] = []
    whole = set(words)
    for word in words:
        for place in range(len(word)):
            rest = word[:place] + word[place + 1 :]
            if rest in whole:
                pairs.append((rest, word))
            if (place, rest) in seen and seen[place, rest] != word:
                pairs.append((seen[place, rest], word))
            seen[place, rest] = word
    return pairs


def _words(language: str) -> list[str]:
    return (WORDS / f"{language}.txt").read_bytes().decode().split("\n")[:-1]


def test_every_list_is_held_to_these_rules() -> None:
    assert {path.name for path in WORDS.iterdir()} == {f"{language}.txt" for language in ALPHABETS}


@pytest.mark.parametrize("language", ALPHABETS)
def test_a_list_is_1296_words_a_line_each_in_order(language: str) -> None:
    words = _words(language)
    assert len(words) == 6**4
    assert words == sorted(words, key=str.casefold)
    assert (WORDS / f"{language}.txt").read_bytes().decode() == "".join(f"{word}\n" for word in words)


@pytest.mark.parametrize("language", ALPHABETS)
def test_a_word_is_three_to_nine_letters_of_its_language(language: str) -> None:
    letters = set(ALPHABETS[language])
    assert [word for word in _words(language) if not 3 <= len(word) <= 9 or not set(word) <= letters] == []


@pytest.mark.parametrize("language", ALPHABETS)
def test_one_slip_never_makes_one_word_into_another_even_without_marks(language: str) -> None:
    folded = [_folded(word) for word in _words(language)]
    assert len(set(folded)) == len(folded)
    assert _one_slip_apart(folded) == []


@pytest.mark.parametrize("pair", [("ladder", "ladders"), ("wind", "mind"), ("boat", "oat")])
def test_a_slip_is_found_where_there_is_one(pair: tuple[str, str]) -> None:
    assert len(_one_slip_apart(list(pair))) > 0
    assert _one_slip_apart(["form", "from", "table"]) == []


@pytest.mark.parametrize("language", ALPHABETS)
def test_no_word_hurts_the_one_who_hears_it(language: str) -> None:
    assert set(_words(language)) & set(NEVER[language].split()) == set()


@pytest.mark.parametrize("language", RELEASED)
def test_a_list_stays_as_it_was_released(language: str) -> None:
    assert hashlib.sha256((WORDS / f"{language}.txt").read_bytes()).hexdigest() == RELEASED[language]
