"""What the order of lists promises."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.names import sort_key

IN_ORDER = {
    "tk": ["Aman", "Bally", "Cem", "Çary", "Döwlet", "Eje", "Ene", "Äşe", "Ferman", "Jemal", "Žanna", "Nar", "Ňur",
           "Oraz", "Ödä", "Sona", "Şemşat", "Tahir", "Umyt", "Ümit", "Wepa", "Ylham", "Ýagmyr", "Zöhre", "Аман"],
    "ru": ["Андрей", "Елена", "Ермак", "Ёлкина", "Жанна", "Иван", "Йорданка", "Шура", "Щукин", "Эдуард", "Юлия", "Яна",
           "Anna"],
    "ro": ["Ana", "Aurel", "Ăna", "Âna", "Bogdan", "Ion", "Îngrid", "Sorin", "Ștefan", "Tudor", "Țurcan", "Иван"],
    "en": ["Adam", "Ádam", "Adams", "Bo", "Çary", "Cem", "de Bo", "Zoe", "Аман"],
}  # fmt: skip


@pytest.mark.parametrize("language", IN_ORDER)
def test_a_list_stands_in_the_order_of_its_alphabet(language: str) -> None:
    shuffled = random.Random(7).sample(IN_ORDER[language], len(IN_ORDER[language]))
    assert sorted(shuffled, key=lambda name: sort_key(name, language)) == IN_ORDER[language]


def test_the_turkmen_alphabet_has_its_thirty_letters_in_order() -> None:
    letters = list("ABÇDEÄFGHIJŽKLMNŇOÖPRSŞTUÜWYÝZ")
    assert len(letters) == 30
    assert sorted(letters, key=lambda letter: sort_key(letter, "tk")) == letters


def test_old_romanian_fonts_sort_like_new_ones() -> None:
    assert sort_key("Ştefan", "ro")[0] == sort_key("Ștefan", "ro")[0]


def test_a_shorter_name_and_a_space_come_first() -> None:
    names = ["Anamaria", "Ana Maria", "Ana"]
    assert sorted(names, key=lambda name: sort_key(name, "ro")) == names[::-1]


def test_numbers_sort_before_letters() -> None:
    assert sorted(["B", "7", "A"], key=lambda text: sort_key(text, "tk")) == ["7", "A", "B"]


@given(st.lists(st.text(), max_size=8), st.sampled_from(["tk", "ru", "ro", "en", "xx"]))
def test_any_text_sorts_the_same_way_from_any_start(texts: list[str], language: str) -> None:
    ordered = sorted(texts, key=lambda text: sort_key(text, language))
    backwards = texts[::-1]
    assert sorted(backwards, key=lambda text: sort_key(text, language)) == ordered
