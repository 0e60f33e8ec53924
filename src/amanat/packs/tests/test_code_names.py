"""Code names: sayable in four languages, told apart on a bad line, enough for a million children."""

import random
from collections.abc import Collection
from itertools import combinations

import pytest

from amanat import packs
from amanat.packs.code_names import SPARE, CodeNames
from amanat.packs.tests import SHIPPED

WORDS = packs.load(SHIPPED / "core").code_names

MEANT_OTHERWISE = {
    "am", "aman", "ana", "anal", "anus", "arap", "baba", "bela", "blin", "bok", "bomba", "buci", "cur", "debil",
    "dik", "fata", "fuk", "gaz", "gej", "gol", "got", "gun", "hui", "iblis", "idiot", "it", "kaka", "kal", "koka",
    "koz", "kur", "lager", "lox", "mak", "mat", "mina", "mort", "muie", "nazi", "negr", "ofis", "os", "panel",
    "pedik", "pidor", "pizd", "pop", "porn", "prost", "pula", "rob", "sik", "sis", "slav", "sluga", "suk", "sul",
    "sula", "tit", "tupik", "urod", "zek", "zona",
}  # fmt: skip


def distance(one: str, other: str) -> int:
    """Levenshtein's distance."""
    row = list(range(len(other) + 1))
    for place, sign in enumerate(one, start=1):
        before, row[0] = row[0], place
        for column, letter in enumerate(other, start=1):
            before, row[column] = row[column], min(row[column] + 1, row[column - 1] + 1, before + (sign != letter))
    return row[-1]


def test_there_are_enough_words() -> None:
    assert min(len(WORDS.first), len(WORDS.second)) >= 120
    assert WORDS.space >= 120 * 120


def test_words_use_only_letters_that_four_languages_read_alike() -> None:
    assert set("".join(WORDS.first + WORDS.second)) <= set("abdefgiklmnoprstuvz")


def test_any_two_words_differ_in_two_letters() -> None:
    close = [pair for pair in combinations(WORDS.first + WORDS.second, 2) if distance(*pair) < 2]
    assert close == []


def test_no_word_is_an_insult_a_weapon_or_a_drug_in_one_of_the_languages() -> None:
    assert not set(WORDS.first + WORDS.second) & MEANT_OTHERWISE


def test_a_code_name_is_two_words() -> None:
    [name] = packs.draw_code_names(1, random.Random(3).choice)
    assert len(name.split()) == 2
    assert name.isascii()
    assert name == name.title()


def test_names_stay_unique_when_plain_ones_run_out() -> None:
    chance, given = random.Random(11), set[str]()
    while len(given) < 3 * WORDS.space:
        names = WORDS.draw(500, chance.choice, given.intersection)
        assert len(set(names) - given) == 500
        given |= set(names)
    assert {len(name.split()) for name in given} == {2, 3}
    assert sum(len(name.split()) == 2 for name in given) > WORDS.space / 2


def test_a_million_children_need_two_digits_and_few_questions() -> None:
    """The million is not drawn: a name counts as taken with the share that a million would fill."""
    chance, questions = random.Random(5), 0
    share = {2: 1.0, 3: (1_000_000 - WORDS.space) / (90 * WORDS.space)}

    def taken(names: Collection[str]) -> set[str]:
        nonlocal questions
        questions += 1
        return {name for name in sorted(names) if chance.random() < share.get(len(name.split()), 0)}

    names = [WORDS.draw(1, chance.choice, taken)[0] for _ in range(500)] + WORDS.draw(500, chance.choice, taken)
    assert questions / 501 < 4
    assert max(len(name.split()[-1]) for name in names) <= 3


def test_a_name_drawn_twice_and_one_taken_cost_no_second_question() -> None:
    chance, asked = random.Random(5), list[Collection[str]]()

    def one_taken(names: Collection[str]) -> Collection[str]:
        asked.append(names)
        return list(names)[:1]

    names = CodeNames(WORDS.first[:5], WORDS.second).draw(40, chance.choice, one_taken)
    assert len(set(names)) == 40
    assert [len(names) < 40 + SPARE for names in asked] == [True]  # one question, and something was drawn twice


def test_when_nothing_is_free_it_says_so() -> None:
    with pytest.raises(packs.NoCodeNameLeft):
        WORDS.draw(1, random.Random(1).choice, lambda names: names)
