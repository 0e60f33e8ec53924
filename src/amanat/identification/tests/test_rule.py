"""The rule of a screening against the published one, written here a second time and in another way."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amanat.identification import rule
from amanat.identification.rule import Answer, Finding, Result, find

pytestmark = pytest.mark.sqlcipher_only  # no database
GROUPS = ["exploitation", "deceptive_recruitment", "coercion"]
ANSWERED = st.sampled_from(list(Answer))
Weights = Mapping[str, tuple[str, str]]


@st.composite
def lists(draw: st.DrawFn) -> Weights:
    weighed = st.tuples(st.sampled_from(GROUPS), st.sampled_from(rule.STRENGTHS))
    return {f"sign_{place}": one for place, one in enumerate(draw(st.lists(weighed, max_size=14)))}


@st.composite
def screenings(draw: st.DrawFn) -> tuple[Weights, dict[str, Answer], Answer]:
    weights = draw(lists())
    return weights, {code: draw(ANSWERED) for code in weights}, draw(ANSWERED)


def published(weights: Weights, group: str, there: set[str]) -> bool:
    """Two strong; or one strong and one medium or weak; or three medium; or two medium and one weak. Nothing else."""
    strengths = [weights[code][1] for code in there if weights[code][0] == group]
    strong, medium, weak = (strengths.count(strength) for strength in ("strong", "medium", "weak"))
    return strong > 1 or (strong == 1 and medium + weak > 0) or medium > 2 or (medium == 2 and weak > 0)


def there(answers: Mapping[str, Answer], *which: Answer) -> set[str]:
    return {code for code, answer in answers.items() if answer in which}


def positive(finding: Finding) -> set[str]:
    return {one.group for one in finding.dimensions if one.positive}


@given(screenings())
def test_a_dimension_is_positive_exactly_where_the_published_rule_says_so(
    screening: tuple[Weights, dict[str, Answer], Answer],
) -> None:
    weights, answers, act = screening
    finding = find(weights, answers, act)
    present = there(answers, Answer.PRESENT)
    assert positive(finding) == {group for group in GROUPS if published(weights, group, present)}


def test_one_strong_two_medium_or_any_number_of_weak_ones_are_not_enough() -> None:
    for amounts in [(1, 0, 0), (0, 2, 0), (0, 1, 9), (0, 0, 99)]:
        assert rule.enough(amounts) is None


@given(screenings())
def test_for_a_child_an_act_and_exploitation_decide_and_means_change_nothing(
    screening: tuple[Weights, dict[str, Answer], Answer],
) -> None:
    weights, answers, act = screening
    result = find(weights, answers, act).result
    exploited = published(weights, "exploitation", there(answers, Answer.PRESENT))
    assert (result is Result.POINTS) == (act is Answer.PRESENT and exploited)
    without = {code: answer for code, answer in answers.items() if weights[code][0] == "exploitation"}
    if find(weights, without, act).weighs:
        assert find(weights, without, act).result is result


@given(screenings(), st.data())
def test_more_that_is_there_never_takes_a_finding_away(
    screening: tuple[Weights, dict[str, Answer], Answer], data: st.DataObject
) -> None:
    weights, answers, act = screening
    more = set(data.draw(st.lists(st.sampled_from(sorted(weights)), unique=True))) if weights else set()
    before = find(weights, answers, act)
    after = find(weights, answers | dict.fromkeys(more, Answer.PRESENT), act)
    assert positive(before) <= positive(after)
    assert before.result is not Result.POINTS or after.result is Result.POINTS


@given(screenings())
def test_what_is_not_known_never_counts(screening: tuple[Weights, dict[str, Answer], Answer]) -> None:
    weights, answers, act = screening
    known = {code: answer for code, answer in answers.items() if answer is not Answer.UNKNOWN}
    denied = {code: Answer.ABSENT if answer is Answer.UNKNOWN else answer for code, answer in answers.items()}
    assert find(weights, known, act) == find(weights, answers, act)
    assert positive(find(weights, denied, act)) == positive(find(weights, answers, act))


@given(screenings())
def test_it_says_whether_what_is_not_known_could_change_it(
    screening: tuple[Weights, dict[str, Answer], Answer],
) -> None:
    weights, answers, act = screening
    most = {code: Answer.PRESENT if answer is Answer.UNKNOWN else answer for code, answer in answers.items()}
    best = find(weights, most, Answer.PRESENT if act is Answer.UNKNOWN else act)
    finding = find(weights, answers, act)
    assert {one.group for one in finding.dimensions if one.could_be} == positive(best)
    if finding.weighs and finding.result is not Result.POINTS:
        assert (finding.result is Result.OPEN) == (best.result is Result.POINTS)


@given(screenings())
def test_what_a_dimension_misses_is_the_least_that_would_make_it_positive(
    screening: tuple[Weights, dict[str, Answer], Answer],
) -> None:
    weights, answers, act = screening
    for one in find(weights, answers, act).dimensions:
        have = rule.amounts(one.present)
        left = rule.amounts(one.with_answer(Answer.ABSENT, Answer.UNKNOWN))
        ways = [_counts(chosen) for size in range(1, 4) for chosen in combinations_with_replacement(range(3), size)]
        within = [way for way in ways if all(more <= some for more, some in zip(way, left, strict=True))]
        enough = [way for way in within if rule.enough(_plus(have, way))]
        fewest = min(map(sum, enough), default=0)
        expected = set() if one.positive else {way for way in enough if sum(way) == fewest}
        assert set(one.missing) == expected


def _plus(have: rule.Amounts, more: rule.Amounts) -> rule.Amounts:
    return have[0] + more[0], have[1] + more[1], have[2] + more[2]


def _counts(chosen: tuple[int, ...]) -> tuple[int, int, int]:
    return chosen.count(0), chosen.count(1), chosen.count(2)


@given(st.dictionaries(st.sampled_from("abcdefgh"), ANSWERED), ANSWERED)
def test_from_a_list_that_weighs_nothing_nothing_follows(answers: dict[str, Answer], act: Answer) -> None:
    finding = find(dict.fromkeys("abcdefgh", ("", "")), answers, act)
    assert finding.result is Result.COUNTED
    assert finding.how_many(Answer.PRESENT) == len(there(answers, Answer.PRESENT))
    assert finding.asked == 8
