"""How many cases stand at a code that another version of a pack drops: what `pack diff --count` tells."""

from __future__ import annotations

from amanat.cases.models import Case
from amanat.packs.differences import Change, Difference, touched


def dropped(codes: str, code: str) -> Difference:
    return Difference("codes", codes, code, Change.DROPPED)


def test_cases_at_a_stage_that_is_dropped_are_counted_and_at_any_where_the_list_is_gone(case: Case) -> None:
    found = [dropped("stage", code) for code in ("registered", "closed", "")]
    assert touched([*found, dropped("risk", "high")]) == [1, 0, 1, 0]


def test_what_is_sealed_is_not_counted_and_neither_is_what_stays(case: Case) -> None:
    assert touched([dropped("sex", "Feminine"), Difference("codes", "stage", "registered", Change.RENAMED)]) == [
        None,
        None,
    ]
