"""Whatever happens in whatever order in one house: no bed has two children, no house more than it may hold, and nobody is lost."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amanat.centre.actions.arranging import set_bed
from amanat.centre.actions.leaving import end
from amanat.centre.actions.placing import admit, move
from amanat.centre.models import Bed, House, Stay, StayBed
from amanat.centre.models.stays import IN_HOUSE
from amanat.centre.tests.housed import a_house, a_room, beds_of, girl
from amanat.web.errors import PersonFacingError

CHILDREN, BEDS, HOLDS = 4, 4, 3
ACTS = ("admit", "keep", "move", "end", "out_of_use", "back")
STEPS = st.lists(
    st.tuples(st.sampled_from(ACTS), st.integers(0, CHILDREN - 1), st.integers(0, BEDS - 1)), min_size=4, max_size=14
)


@pytest.fixture
def children(case, register):
    return [case, *(girl(register, f"Maral {number}") for number in range(CHILDREN - 1))]


@pytest.fixture
def house(cast):
    return a_house(cast, capacity=HOLDS)


@pytest.fixture
def beds(cast, house):
    return beds_of(a_room(cast, house, beds=BEDS))


@given(STEPS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_order_of_what_people_do_puts_two_in_a_bed_or_too_many_in_a_house(cast, children, house, beds, steps):
    StayBed.objects.all().delete()
    Stay.objects.all().delete()
    Bed.objects.update(out_from=None, out_until=None)
    slept: dict[Any, Any] = {}
    for minute, (what, child, bed) in enumerate(steps, 1):
        now = cast.now + timedelta(minutes=minute)
        with suppress(PersonFacingError):  # refused: nothing is done
            _done(what, children[child], beds[bed], cast.actor("jemal", now), cast.actor("aman", now))
        held = list(StayBed.objects.filter(until=None, begun=True).select_related("stay"))
        assert len({row.bed_id for row in held}) == len(held) <= HOLDS
        assert {row.stay_id for row in held} == set(
            Stay.objects.filter(state__in=IN_HOUSE).values_list("pk", flat=True)
        )
        slept |= {row.stay_id: row.bed_id for row in held}
    rows = list(StayBed.objects.filter(begun=True).order_by("bed", "since"))
    for first, second in pairwise(rows):
        assert first.bed_id != second.bed_id or (first.until is not None and first.until <= second.since)
    assert set(slept) <= {row.stay_id for row in rows}


def house_of(bed: Bed) -> House:
    return House.objects.select_related("subject", "agency").get(rooms__beds=bed)


def _done(what: str, case: Any, bed: Any, by: Any, aman: Any) -> None:
    bed.refresh_from_db()
    if what == "admit":
        admit(case, bed=bed, why="Tonight.", actor=by)
    elif what == "keep":
        admit(case, bed=bed, on=by.now.date() + timedelta(days=2), why="Comes then.", actor=by)
    elif what == "move":
        move(case, bed=bed, why="Quieter.", actor=by)
    elif what == "end":
        end(case, ended_as="family", at=by.now, actor=by)
    elif what == "out_of_use":
        set_bed(house_of(bed), bed=bed, out_from=by.now.date(), out_until=None, actor=aman)
    else:
        set_bed(house_of(bed), bed=bed, actor=aman)
