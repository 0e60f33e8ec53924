"""What finding a name as it is typed promises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.names.searching import matches_part, query_tokens, searchable

JEMAL = searchable(["Jemal Amanowna Çaryýewa", "Quiet Harbour"])

names = st.text(alphabet="abcdehijkmnoprstuwyzçşýžöüä", min_size=2, max_size=12)


@pytest.mark.parametrize(
    "typed",
    ["Jemal", "чарыева", "Чары", "чар дж", "charyeva jemal", "cary", "arye", "Джемал Ч", "JEMAL Ç", "dzhem", "harb",
     "quiet джем", "Аманов", "чарыев джемал аман"],
)  # fmt: skip
def test_any_part_of_a_name_in_any_script_and_order_is_found(typed: str) -> None:
    assert matches_part(query_tokens(typed), JEMAL) > 0


@pytest.mark.parametrize("typed", ["Merdan", "Jemal Berdi", "ж", "emal x", "Çary Maral"])
def test_every_typed_word_has_to_meet(typed: str) -> None:
    assert matches_part(query_tokens(typed), JEMAL) == 0


@pytest.mark.parametrize(
    ("typed", "held"), [("гёзел", "Gözel"), ("Хусейн", "Hüseýin"), ("мяхри", "Mähri"), ("Mengli", "Meňli")]
)
def test_a_name_is_found_by_its_sound_where_its_vowels_are_written_otherwise(typed: str, held: str) -> None:
    assert matches_part(query_tokens(typed), searchable([held])) > 0


def test_the_beginning_of_a_word_is_better_than_its_middle() -> None:
    assert matches_part(query_tokens("jem"), JEMAL) > matches_part(query_tokens("ema"), JEMAL)


def test_one_letter_begins_a_word() -> None:
    assert matches_part(query_tokens("J"), JEMAL) == 1
    assert matches_part(query_tokens("Z"), JEMAL) == 0
    assert matches_part(query_tokens("jjj"), JEMAL) == 0


def test_nothing_typed_meets_everyone() -> None:
    assert query_tokens("  -- ") == ()
    assert matches_part((), JEMAL) == 1


@given(names, st.data())
def test_every_beginning_of_a_name_finds_it_as_it_is_typed(name: str, data: st.DataObject) -> None:
    typed = name[: data.draw(st.integers(1, len(name)))]
    assert matches_part(query_tokens(typed), searchable([name])) > 0


@given(names, names)
def test_order_does_not_matter(one: str, other: str) -> None:
    held = searchable([f"{one} {other}"])
    assert matches_part(query_tokens(f"{other} {one}"), held) == matches_part(query_tokens(f"{one} {other}"), held) > 0


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_is_typed_gives_an_answer(typed: str, held: str) -> None:
    assert 0 <= matches_part(query_tokens(typed), searchable([held])) <= 1
