"""The chain of custody: whatever is changed in it shows."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from amanat.legal import chain

LINKS = st.lists(st.fixed_dictionaries({key: st.text(max_size=8) for key in chain.TOLD}), min_size=1, max_size=5)


def linked(piece, told):
    before, made = piece, []
    for one in told:
        made.append(one | {"digest": (before := chain.link(before, one))})
    return made


@given(LINKS)
def test_what_was_written_link_by_link_holds(told):
    assert chain.broken_at("piece", linked("piece", told)) == 0


@given(LINKS, st.data())
def test_a_link_that_was_changed_is_named(told, data):
    made = linked("piece", told)
    place = data.draw(st.integers(0, len(made) - 1))
    key = data.draw(st.sampled_from(chain.TOLD))
    made[place] |= {key: made[place][key] + "x"}
    assert chain.broken_at("piece", made) == place + 1


@given(LINKS)
def test_another_piece_has_another_chain(told):
    assert chain.broken_at("other", linked("piece", told)) == 1
