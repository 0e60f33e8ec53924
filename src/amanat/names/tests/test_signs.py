"""Numbers that are said by phone."""

from __future__ import annotations

from amanat.names import signs


def test_no_sign_is_taken_for_another() -> None:
    assert not set("01ILO") & set(signs.SIGNS)
    assert len(set(signs.SIGNS)) == len(signs.SIGNS) == 31
    assert set(signs.drawn(2_000)) == set(signs.SIGNS)


def test_a_number_that_is_taken_is_drawn_anew() -> None:
    assert signs.unused(iter(["A2", "B3", "C4"]).__next__, {"A2", "B3"}.__contains__) == "C4"
