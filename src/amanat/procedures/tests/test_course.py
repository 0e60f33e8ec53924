"""Which steps begin, end and come again, by what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from amanat.packs.labels import Label
from amanat.procedures import Calendar, Happened, Span, Step, due, rounds
from amanat.procedures.tests.test_calendars import CALENDARS, MOMENTS, SPANS

BEGAN = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
CALENDAR = Calendar(UTC, frozenset({5, 6}))


def step(name: str, *after: str, **told: Any) -> Step:
    return Step(name, Label({"en": name}), after, **{"by_hand": True} | told)


def events(*types: str) -> list[Happened]:
    """One a day."""
    return [Happened(type_, BEGAN + timedelta(days=day)) for day, type_ in enumerate(types)]


def course(steps: Sequence[Step], *types: str) -> list[tuple[str, int, int | None]]:
    """(step, on which day it began, on which it was over)."""
    return [
        (one.step.name, (one.began - BEGAN).days, one.over and (one.over - BEGAN).days)
        for one in rounds(steps, events(*types))
    ]


def open_at(steps: Sequence[Step], day: int, *types: str, **facts: str) -> list[str]:
    now = BEGAN + timedelta(days=day)
    return [one.step.name for one in due(steps, events(*types), CALENDAR, facts, now)]


def test_a_step_begins_with_any_of_what_begins_it_and_only_once() -> None:
    assert course([step("plan", "opened", "reopened")], "registered", "reopened", "opened") == [("plan", 1, None)]


def test_what_makes_steps_anew_drops_the_open_one_and_begins_the_row_once_more() -> None:
    told = {"finished_by": ("seen",), "anew": ("left",)}
    row = [step("first", "left", "stage", **told), step("second", "step:first", **told)]
    assert course(row, "left", "seen", "stage", "left", "stage", "seen") == [
        ("first", 0, 1),
        ("second", 1, 3),
        ("first", 3, 5),
        ("second", 5, None),
    ]


def test_it_is_over_with_what_finishes_it_or_when_somebody_says_so() -> None:
    plan = step("plan", "opened", finished_by=("form:plan",))
    assert course([plan], "opened", "note", "form:plan") == [("plan", 0, 2)]
    assert course([plan], "opened", "done:plan", "form:plan") == [("plan", 0, 1)]
    assert course([plan], "opened", "done:other") == [("plan", 0, None)]


def test_what_finishes_it_counts_only_afterwards_unless_it_says_otherwise() -> None:
    assert course([step("plan", "opened", finished_by=("form:plan",))], "form:plan", "opened") == [("plan", 1, None)]
    early = step("plan", "opened", finished_by=("form:plan",), also_before=True)
    assert course([early], "form:plan", "opened") == [("plan", 1, 1)]


def test_the_next_step_begins_when_the_one_before_is_over_or_waived() -> None:
    steps = [step("visit_3", "step:visit_1", finished_by=("form:visit",))]
    steps.append(step("visit_1", "opened", finished_by=("form:visit",)))
    assert course(steps, "opened", "form:visit", "form:visit") == [("visit_1", 0, 1), ("visit_3", 1, 2)]
    assert course(steps, "opened", "waived:visit_1") == [("visit_1", 0, 1), ("visit_3", 1, None)]
    assert [one.waived for one in rounds(steps, events("opened", "waived:visit_1"))] == [True, False]


def test_a_review_comes_again_each_time_it_is_over() -> None:
    review = step("review", "opened", "step:review", again=True)
    assert course([review], "opened", "done:review", "done:review") == [
        ("review", 0, 1),
        ("review", 1, 2),
        ("review", 2, None),
    ]


def test_a_retired_step_never_begins() -> None:
    assert course([step("plan", "opened", retired=True)], "opened") == []


def test_a_step_is_due_only_while_its_conditions_hold() -> None:
    urgent = step("call", "opened", when={"risk": frozenset({"high", "critical"})})
    assert open_at([urgent], 1, "opened", risk="critical") == ["call"]
    assert open_at([urgent], 1, "opened", risk="low") == open_at([urgent], 1, "opened") == []


def test_what_is_due_first_stands_first_and_what_has_no_time_last() -> None:
    steps = [step("late", "opened", span=Span(9, "days")), step("some_time", "opened")]
    steps.append(step("soon", "opened", span=Span(2, "hours")))
    found = due(steps, events("opened"), CALENDAR, {}, BEGAN + timedelta(hours=3))
    assert [(one.step.name, one.is_late) for one in found] == [("soon", True), ("late", False), ("some_time", False)]


def test_it_is_late_from_the_end_of_its_last_day_on() -> None:
    plan = step("plan", "opened", span=Span(3, "days"))
    for moment, late in (("2026-03-05T23:59:59+00:00", False), ("2026-03-06T00:00+00:00", True)):
        assert [one.is_late for one in due([plan], events("opened"), CALENDAR, {}, datetime.fromisoformat(moment))] == [late]  # fmt: skip


# --- for every procedure and every course ------------------------------------------------------------------------------

NAMES = ["a", "b", "c", "d"]
OUTSIDE = ["opened", "form:x", "form:y"]
STEPS = st.lists(
    st.builds(
        lambda name, after, finished, again, before: step(
            name, *after, finished_by=tuple(finished), again=again, also_before=before
        ),
        st.sampled_from(NAMES),
        st.lists(st.sampled_from([*OUTSIDE, *(f"step:{name}" for name in NAMES)]), min_size=1, max_size=3),
        st.lists(st.sampled_from(OUTSIDE), max_size=2),
        st.booleans(),
        st.booleans(),
    ),
    max_size=4,
    unique_by=lambda one: one.name,
)
TYPES = st.lists(st.sampled_from([*OUTSIDE, *(f"{how}:{name}" for how in ("done", "waived") for name in NAMES)]), max_size=12)  # fmt: skip


@given(STEPS, TYPES)
def test_every_course_ends_and_no_step_runs_twice_at_once(steps: list[Step], types: list[str]) -> None:
    found = rounds(steps, events(*types))
    for name in NAMES:
        own = [one for one in found if one.step.name == name]
        assert all(before.over is not None and before.over <= after.began for before, after in pairwise(own))
        assert all(one.over is None or one.over >= one.began for one in own)
        assert len(own) <= 1 or own[0].step.again


@given(STEPS, TYPES, st.integers(0, 12))
def test_what_happens_later_changes_nothing_that_was_over(steps: list[Step], types: list[str], cut: int) -> None:
    before, after = rounds(steps, events(*types[:cut])), rounds(steps, events(*types))
    assert all(one == after[place] for place, one in enumerate(before) if one.over)


@given(STEPS, TYPES, st.randoms())
def test_the_order_in_which_it_is_told_does_not_matter(steps: list[Step], types: list[str], random: Any) -> None:
    told = events(*types)
    shuffled = random.sample(told, len(told))
    assert rounds(steps, told) == rounds(steps, shuffled)


@given(STEPS, TYPES)
def test_only_what_somebody_said_of_a_step_is_told_as_its_end_by_hand(steps: list[Step], types: list[str]) -> None:
    told = [Happened(one.type, one.at, f"{place}") for place, one in enumerate(events(*types))]
    for one in rounds(steps, told):
        by_hand = one.said and told[int(one.said)].type in (f"done:{one.step.name}", f"waived:{one.step.name}")
        assert by_hand or not one.said
        assert not one.waived or told[int(one.said)].type == f"waived:{one.step.name}"


@given(CALENDARS, STEPS, st.lists(SPANS, min_size=4, max_size=4), TYPES, MOMENTS, st.tuples(MOMENTS, MOMENTS))
def test_each_open_step_is_due_once_the_earliest_first_and_late_from_its_deadline_on(
    calendar: Calendar, steps: list[Step], spans: list[Span], types: list[str], began: datetime, moments: tuple[datetime, datetime]
) -> None:  # fmt: skip
    timed = [replace(one, span=span) for one, span in zip(steps, spans, strict=False)]
    told = [Happened(one.type, one.at - BEGAN + began) for one in events(*types)]
    before, after = (due(timed, told, calendar, {}, now) for now in sorted(moments))
    assert sorted(one.step.name for one in before) == sorted(
        one.step.name for one in rounds(timed, told) if not one.over
    )
    for found, now in ((before, min(moments)), (after, max(moments))):
        deadlines = [one.deadline.at for one in found if one.deadline]
        assert deadlines == sorted(deadlines)
        assert [one.is_late for one in found] == [at <= now for at in deadlines]
        assert all(one.deadline == calendar.deadline(one.began, one.step.span) for one in found if one.step.span)
    assert {one.step.name for one in before if one.is_late} <= {one.step.name for one in after if one.is_late}


@given(CALENDARS, MOMENTS, st.integers(1, 2_000))
def test_hours_are_as_long_as_they_pass_whatever_the_clocks_do(
    calendar: Calendar, began: datetime, amount: int
) -> None:
    assert calendar.deadline(began, Span(amount, "hours")).at - began == timedelta(hours=amount)
