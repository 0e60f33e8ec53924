"""What a typed word and a searchable text have in common. How well they meet is for `cases.meeting`."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.names.searching import query_tokens, searchable, written

names = st.text(alphabet="abcdehijkmnoprstuwyzçşýžöüä", min_size=2, max_size=12)


def test_nothing_typed_is_no_word() -> None:
    assert query_tokens("  -- ") == ()


@pytest.mark.parametrize(
    ("typed", "held"), [("гёзел", "Gözel"), ("Хусейн", "Hüseýin"), ("мяхри", "Mähri"), ("Mengli", "Meňli")]
)
def test_a_word_has_its_sound_in_common_with_a_name_whose_vowels_are_written_otherwise(typed: str, held: str) -> None:
    (ways,) = query_tokens(typed)
    assert any(f" {way}" in searchable([held]) for way in ways)


@pytest.mark.parametrize(
    ("typed", "held"),
    [("сириус", "Sirius"), ("кварц", "Kvarts"), ("sferă", "Sfera"), ("bazält", "Bazalt"), ("аллегро", "Alegro")],
)
def test_a_word_of_a_code_name_is_met_in_the_letters_of_every_language(typed: str, held: str) -> None:
    (ways,) = query_tokens(typed)
    assert any(f" {way} " in f"{written(held)} " for way in ways)


def test_a_code_name_is_not_met_by_its_sound() -> None:
    (ways,) = query_tokens("Мердан")
    assert any(f" {way}" in searchable(["Maradona"]) for way in ways)
    assert not any(f" {way}" in written("Maradona") for way in ways)


@given(names, st.data())
def test_every_beginning_of_a_name_stands_in_it_as_it_is_typed(name: str, data: st.DataObject) -> None:
    typed = name[: data.draw(st.integers(1, len(name)))]
    for ways in query_tokens(typed):
        assert f" {ways[0]}" in searchable([name])


@given(st.text(max_size=30), st.text(max_size=30))
def test_whatever_is_typed_or_held_is_taken(typed: str, held: str) -> None:
    assert all(all(ways) for ways in query_tokens(typed))
    assert searchable([held]).startswith(" ")
