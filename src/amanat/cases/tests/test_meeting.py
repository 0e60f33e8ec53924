"""What finding a child promises of what is typed, without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.cases.folded import Folded
from amanat.cases.meeting import NOTHING, Met, Question

JEMAL = ["Jemal Amanowna Çaryýewa"]

names = st.text(alphabet="abcdehijkmnoprstuwyzçşýžöüä", min_size=2, max_size=12)


def meets(typed: str, *held: str) -> Met | None:
    return Question(typed).meets("Quiet Harbour", Folded.of(held, []), NOTHING)


@pytest.mark.parametrize(
    "typed",
    ["Jemal", "чарыева", "Чары", "чар дж", "charyeva jemal", "cary", "arye", "Джемал Ч", "JEMAL Ç", "dzhem", "harb",
     "quiet джем", "Аманов", "чарыев джемал аман"],
)  # fmt: skip
def test_any_part_of_a_name_in_any_script_and_order_is_found(typed: str) -> None:
    assert meets(typed, *JEMAL)


@pytest.mark.parametrize("typed", ["Merdan", "Jemal Berdi", "ж", "emal x", "Çary Maral", "Z", "jjj"])
def test_every_typed_word_has_to_meet(typed: str) -> None:
    assert meets(typed, *JEMAL) is None


@pytest.mark.parametrize(
    ("typed", "held"), [("гёзел", "Gözel"), ("Хусейн", "Hüseýin"), ("мяхри", "Mähri"), ("Mengli", "Meňli")]
)
def test_a_name_is_found_by_its_sound_where_its_vowels_are_written_otherwise(typed: str, held: str) -> None:
    assert meets(typed, held)


def test_the_beginning_of_a_word_is_better_than_its_middle() -> None:
    begins, inside = meets("jem", *JEMAL), meets("ema", *JEMAL)
    assert begins
    assert inside
    assert begins.rank < inside.rank


def test_one_letter_begins_a_word() -> None:
    assert meets("J", *JEMAL)


@given(names, st.data())
def test_every_beginning_of_a_name_finds_it_as_it_is_typed(name: str, data: st.DataObject) -> None:
    typed = name[: data.draw(st.integers(1, len(name)))]
    assert meets(typed, name)


@given(names, names)
def test_order_does_not_matter(one: str, other: str) -> None:
    held = f"{one} {other}"
    found = meets(f"{other} {one}", held)
    assert found is not None
    assert found == meets(f"{one} {other}", held)
