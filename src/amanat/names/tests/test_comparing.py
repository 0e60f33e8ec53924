"""What comparing two people promises: what agrees weighs more than what does not, and the reasons are told."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.names import Name, Person, likeness, prepare, threshold

JEMAL = Person(
    (Name("Jemal", "Çaryýewa", "Amanowna"),),
    "2011-04-30",
    place="Mary",
    sex="Feminine",
    phones=("+993 65 123456",),
    documents=("I-MR 7",),
)
SAME = Person((Name("Джемал", "Чарыева", "Аман гызы"),), "2011-04-30", place="г. Мары", sex="Feminine")
SISTER = replace(SAME, names=(Name("Maral", "Çaryýewa", "Amanowna"),), birth_date="2013-08-02")
STRANGER = Person((Name("Merdan", "Gurbanow", "Orazowiç"),), "2015-09-01", place="Tejen", sex="Masculine")

fields = st.text(alphabet="abdegijklmnorsuyzçşžäöüý аебгджклмнорстуы", max_size=10)
people = st.builds(
    Person,
    names=st.lists(st.builds(Name, fields, fields, fields), max_size=2).map(tuple),
    birth_date=st.sampled_from(["", "2011", "2011-04-30", "2009-12-01"]),
    birth_year=st.none() | st.integers(2000, 2020),
    place=fields,
    phones=st.lists(st.text(max_size=12), max_size=2).map(tuple),
    called=fields,
)


def score(asked: Person, held: Person = JEMAL) -> float:
    return likeness(asked, held).score


def test_the_same_child_in_another_script_is_above_a_million_files() -> None:
    assert score(SAME) > threshold(1_000_000)
    assert likeness(SAME, JEMAL).agrees == ("name", "patronymic", "birth_date", "place")


def test_a_stranger_is_below_the_least_threshold() -> None:
    assert score(STRANGER) < 0 < threshold(0)
    assert likeness(STRANGER, JEMAL).agrees == ()


def test_a_sister_is_less_alike_than_the_child_and_no_match_among_many() -> None:
    assert score(SISTER) < threshold(1000) < score(SAME)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (SAME, replace(SAME, birth_date="2011-03-04")),
        (SAME, replace(SAME, birth_date="2012-04-30")),
        (replace(SAME, birth_date="2012-04-30"), replace(SAME, birth_date="2012-01-09")),
        (replace(SAME, birth_date="", birth_year=2011), replace(SAME, birth_date="", birth_year=2013)),
        (replace(SAME, birth_date="", birth_year=2012), replace(SAME, birth_date="", birth_year=2015)),
        (SAME, replace(SAME, names=(Name("Джемиле", "Чарыева", "Аман гызы"),))),
        (SAME, replace(SAME, names=(Name("Джемал", "Чарыева", "Мердановна"),))),
        (SAME, replace(SAME, place="Aşgabat")),
        (SAME, replace(SAME, sex="Masculine")),
        (replace(SAME, phones=("865123456",)), SAME),
        (replace(SAME, documents=("I MR 7",)), replace(SAME, phones=("865123456",))),
        (replace(SAME, names=(Name("Чарыева", "Джемал", "Амановна"),)), replace(SAME, names=(Name("Чарыева"),))),
    ],
)
def test_what_agrees_more_weighs_more(better: Person, worse: Person) -> None:
    assert score(JEMAL, better) > score(JEMAL, worse)


@pytest.mark.parametrize(
    ("asked", "told", "differs"),
    [
        ({}, "birth_date", False),
        ({"birth_date": "2011-04-03"}, "birth_year", True),
        ({"birth_date": "2011-11-02"}, "birth_year", True),
        ({"birth_date": "2012-04-30"}, "", True),
        ({"birth_date": "2006-04-30"}, "", True),
        ({"birth_date": ""}, "", False),
        ({"birth_date": "2011"}, "birth_year", False),
        ({"birth_date": "", "birth_year": 2011}, "birth_year", False),
        ({"birth_date": "", "birth_year": 2012}, "", True),
        ({"birth_date": "", "birth_year": 2015}, "", True),
    ],
    ids="same digit same-year next-year years-off unknown year about-it about-next-year another-year".split(),
)
def test_of_the_birth_only_what_is_equal_agrees_and_that_it_differs_is_said_apart(
    asked: dict[str, Any], told: str, differs: bool
) -> None:
    found = likeness(replace(SAME, **asked), JEMAL)
    assert "name" in found.agrees
    assert found.birth_differs is differs
    assert "".join(code for code in found.agrees if code.startswith("birth_")) == told


def test_a_year_is_the_same_where_neither_knows_more() -> None:
    year = replace(SAME, birth_date="2011")
    assert "birth_year" in likeness(year, year).agrees
    assert not likeness(year, year).birth_differs


def test_crossed_names_agree_and_of_a_crossed_date_the_year() -> None:
    held = Person((Name("Aman", "Berdiýew"),), "2012-03-07")
    found = likeness(Person((Name("Бердиев", "Аман"),), "2012-07-03"), held)
    assert found.agrees == ("name", "birth_year")
    assert found.birth_differs


def test_a_name_that_is_only_heard_alike_says_so() -> None:
    assert likeness(Person((Name("Гёзель"),)), Person((Name("Gözel"),))).agrees == ("given", "sound")


@pytest.mark.parametrize(
    "typed",
    [
        Name("Bibijemal", "Çaryýewa"),
        Name("Bibi Jemal", "Çaryýewa"),
        Name("Bibi-Jemal", "Çaryyewa"),
        Name("Jemal", "Çaryýewa"),
    ],
)
def test_a_name_of_two_words_is_met_together_apart_and_by_one_of_them(typed: Name) -> None:
    held = Person((Name("Биби Джемал", "Чарыева"),))
    assert likeness(Person((typed,)), held).agrees[0] == "name"


def test_a_whole_name_in_one_field_is_met() -> None:
    assert likeness(Person((Name("Çaryýewa Jemal"),)), JEMAL).agrees[0] == "name"


def test_a_common_name_weighs_less_than_a_rare_one() -> None:
    common, rare = (Person((Name(given, family),)) for given, family in (("Иван", "Иванов"), ("Игнат", "Ежов")))
    assert score(common, common) < score(rare, rare)


def test_the_best_of_several_names_counts() -> None:
    two = replace(JEMAL, names=(Name("Maria", "Popa"), *JEMAL.names))
    assert likeness(SAME, two).agrees == likeness(SAME, JEMAL).agrees


def test_the_threshold_rises_by_one_bit_as_the_files_double() -> None:
    assert threshold(2**17 - 1) - threshold(2**16 - 1) == pytest.approx(1)
    assert threshold(0) == threshold(100)


@given(people, people)
def test_preparing_first_changes_nothing(one: Person, other: Person) -> None:
    assert likeness(prepare(one), prepare(other)) == likeness(one, other)


@given(people, people)
def test_nobody_is_more_like_a_person_than_that_person(one: Person, other: Person) -> None:
    assert score(one, one) >= score(one, other) - 1e-6


@given(people, people)
def test_reasons_are_known_codes_and_each_stands_once(one: Person, other: Person) -> None:
    codes = "document phone name given family patronymic sound birth_date birth_year place".split()
    agrees = likeness(one, other).agrees
    assert set(agrees) <= set(codes)
    assert len(set(agrees)) == len(agrees)
