"""What is posted about a person and asked by: enough to be found again in every spelling, and no name alone."""

import re
from collections.abc import Iterator
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.names import Name, Person, keys, query_keys, skeleton

JEMAL = Person(
    (Name("Jemal", "Çaryýewa", "Amanowna"),),
    "2011-04-30",
    place="Mary",
    phones=("+993 65 123456",),
    documents=("I-MR 7",),
)


def test_a_text_that_is_no_name_is_listened_to_as_far_as_a_name_may_go():
    for text in ("x" * 100_000, "ab " * 33_000, "нг" * 50_000):
        long = Person((Name(text, text, text),), "2011-04-30", place=text, called=text)
        for asked in (keys(long), query_keys(long)):
            assert len(asked) < 10_000
            assert max(len(feature) for _family, feature in asked) < 1_000


fields = st.text(alphabet="abdegijklmnorsuyzçşžäöüý аебгджклмнорстуы", max_size=10)
people = st.builds(
    Person,
    names=st.lists(st.builds(Name, fields, fields, fields), max_size=2).map(tuple),
    birth_date=st.sampled_from(["", "2011", "2011-04-30", "2009-12-01", "not a date"]),
    birth_year=st.none() | st.integers(2000, 2020),
    place=fields,
    phones=st.lists(st.text(max_size=12), max_size=2).map(tuple),
    called=fields,
)


def meet(asked: Person, held: Person) -> set[tuple[str, str]]:
    return set(query_keys(asked)) & set(keys(held))


def spelt_otherwise() -> Iterator[Person]:
    yield Person((Name("Джемал", "Чарыева"),), "2011-04-30")
    yield Person((Name("Charyyeva", "Dzhemal"),), birth_year=2012)
    yield Person((Name("Jemal Caryyewa"),), "2011")
    yield Person((Name("", "Чарыева Җемал Амановна"),))
    yield Person((Name("Jamal", "Charieva"),), "2010-04-30")
    yield Person((Name("Jemile", "Çaryýewa"),), "2011-04-30")
    yield Person((Name("Джемал"),), place="г. Мары")


@pytest.mark.parametrize("asked", list(spelt_otherwise()), ids=str)
def test_a_child_is_met_in_another_spelling_order_or_year(asked: Person) -> None:
    assert meet(asked, JEMAL)


def test_day_and_month_in_the_wrong_order_meet() -> None:
    held = Person((Name("Aman", "Berdiýew"),), "2012-03-07")
    assert any(
        "2012-03-07" in feature for _family, feature in meet(Person((Name("Amin", "Batyrow"),), "2012-07-03"), held)
    )


@pytest.mark.parametrize("given", ["Биби Джемал", "Bibi-Jemal", "Bibijemal"])
def test_a_name_of_two_words_meets_together_and_apart(given: str) -> None:
    held = Person((Name("Bibijemal" if " " in given else "Bibi Jemal", "Çaryýewa"),))
    assert meet(Person((Name(given, "Чарыева"),)), held)


def test_a_strangers_features_do_not_meet() -> None:
    assert not meet(Person((Name("Merdan", "Gurbanow", "Orazowiç"),), "2015-09-01", place="Tejen"), JEMAL)


def test_phones_and_documents_meet_however_they_are_written() -> None:
    asked = Person((), phones=("8 65 12-34-56",), documents=("i mr № 7",))
    assert meet(asked, JEMAL) == {("phone", "65123456"), ("document", "IMR7")}


def test_a_whole_record_has_about_seventeen_features() -> None:
    assert len(keys(Person((Name("Merdan", "Gurbanow", "Orazowiç"),), "2015-09-01", place="Tejen"))) == 18
    assert len(keys(JEMAL)) <= 24  # J and Ç have a second reading
    assert len(query_keys(JEMAL)) < 80


def test_a_name_stands_alone_only_where_nothing_else_is_known() -> None:
    assert keys(Person((), called="Jemal")) == [("name", skeleton("Jemal"))]
    assert keys(Person((), called="Aman")) == [("name", "AMN")]
    assert keys(Person((Name("Aman"),), place="Mary")) == [("person", "AMN@MR")]


def test_two_names_of_one_person_are_both_posted() -> None:
    both = Person((Name("Jemal", "Çaryýewa"), Name("Maria", "Popa")), "2011")
    for name in both.names:
        assert meet(Person((name,)), both)


@given(people)
def test_no_feature_is_one_word_unless_it_is_all_there_is(person: Person) -> None:
    names = [feature for family, feature in keys(person) if family == "name"]
    if any(family == "person" for family, _feature in keys(person)):
        assert all(" " in feature for feature in names) or len(person.names) + bool(person.called) > 1


@given(people)
def test_whoever_is_posted_is_found_by_the_same_entry(person: Person) -> None:
    assert set(keys(person)) <= set(query_keys(person)) or not keys(person)


@given(people)
def test_features_are_the_same_every_time_and_each_stands_once(person: Person) -> None:
    assert keys(person) == keys(person)
    assert len(set(query_keys(person))) == len(query_keys(person))
    assert {family for family, _feature in keys(person)} <= {"person", "name", "phone", "document"}


@given(people)
def test_given_and_family_name_in_each_others_place_make_the_same_features(person: Person) -> None:
    swapped = tuple(Name(name.family, name.given, name.patronymic) for name in person.names)
    crossed = Person(swapped, person.birth_date, person.birth_year, person.place)
    plain = Person(person.names, person.birth_date, person.birth_year, person.place)
    if all(name.given and name.family for name in person.names):
        assert set(keys(plain)) == set(keys(crossed))


def test_no_feature_holds_a_name_that_could_be_read() -> None:
    text = " ".join(feature for family, feature in keys(JEMAL) if family in {"name", "person"})
    assert not re.search("[a-zа-я]", text)
    assert all(one != other for one, other in combinations(keys(JEMAL), 2))
