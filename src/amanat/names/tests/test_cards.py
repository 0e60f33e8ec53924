"""A card gives back the person that it was made of: it compares as before, with everybody."""

import json

from hypothesis import given
from hypothesis import strategies as st

from amanat.names import Name, Person, card, from_card, likeness, prepare

WORDS = st.text("abcdeşçýüöÄжшаяён -'", max_size=14)
NAMES = st.builds(Name, WORDS, WORDS, WORDS)
PEOPLE = st.builds(
    Person,
    names=st.lists(NAMES, max_size=3).map(tuple),
    birth_date=st.sampled_from(["", "2011", "2011-04-30"]),
    birth_year=st.sampled_from([None, 2012]),
    place=WORDS,
    sex=st.sampled_from(["", "Feminine"]),
    phones=st.lists(st.sampled_from(["+993 12 463500", "463501"]), max_size=2).map(tuple),
    documents=st.lists(st.sampled_from(["I-AŞ 123456"]), max_size=1).map(tuple),
    called=WORDS,
)


@given(PEOPLE, PEOPLE)
def test_through_json_and_back_a_person_is_as_like_to_everybody_as_before(one: Person, other: Person) -> None:
    kept = from_card(json.loads(json.dumps(card(prepare(one)))))
    assert likeness(other, kept) == likeness(other, one)
    assert likeness(kept, kept) == likeness(one, one)
