"""Whom a duty list tells next: by rule, whatever the list looks like."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from amanat.people import duty
from amanat.people.duty import Next
from amanat.people.models import DutyPlace, Membership, Site, User

pytestmark = pytest.mark.sqlcipher_only

NOW = datetime(2026, 11, 24, 18, 30, tzinfo=UTC)  # 23:30 in Ashgabat
HOUR = timedelta(hours=1)
ASHGABAT, CHISINAU = (Site(name=zone, time_zone=zone) for zone in ("Asia/Ashgabat", "Europe/Chisinau"))


def member(*, away: bool = False, deputy: Membership | None = None, site: Site = ASHGABAT) -> Membership:
    """Somebody of an agency; not in any database."""
    leave = {"away_from": NOW - HOUR, "away_until": NOW + HOUR} if away else {}
    user = User(id=uuid.uuid4(), username="x")
    return Membership(id=uuid.uuid4(), user=user, site=site, since=NOW - HOUR, deputy=deputy, **leave)


def listed(*held: Membership, quiet: tuple[int, ...] = ()) -> list[DutyPlace]:
    """A list in this order; those whose place is named in `quiet` have their quiet hours now."""
    hours = {"quiet_from": time(22), "quiet_until": time(7)}
    return [
        DutyPlace(pk=at, membership=one, order=at, **(hours if at in quiet else {})) for at, one in enumerate(held, 1)
    ]


def told_in_turn(places: list[DutyPlace], supervisors: list[Membership], can: duty.Can | None = None) -> list[Next]:
    """All who are told while nobody takes it, in order."""
    told: list[Next] = []
    can = can or duty.works_there(NOW)
    while new := duty.whom(places, supervisors, told={one.membership.user_id for one in told}, now=NOW, can=can):
        told += new
    return told


def test_one_after_the_other_then_all_supervisors_at_once() -> None:
    first, second, boss, other = member(), member(), member(), member()
    told = told_in_turn(listed(first, second), [boss, other])
    assert [one.membership for one in told] == [first, second, boss, other]
    assert [one.as_supervisor for one in told] == [False, False, True, True]
    assert len(duty.whom([], [boss, other], told=(), now=NOW, can=duty.works_there(NOW))) == 2


def test_quiet_hours_come_after_the_others_and_before_the_supervisors() -> None:
    first, second, boss = member(), member(), member()
    told = told_in_turn(listed(first, second, quiet=(1,)), [boss])
    assert [one.membership for one in told] == [second, first, boss]


def test_a_deputy_is_told_in_the_place_of_whoever_is_on_leave() -> None:
    deputy = member()
    away = member(away=True, deputy=deputy)
    assert told_in_turn(listed(away), []) == [Next(deputy, instead_of=away)]
    assert told_in_turn(listed(member(away=True, deputy=member(away=True))), []) == []


def test_the_quiet_hours_of_whoever_is_on_leave_are_not_those_of_the_deputy() -> None:
    deputy, other = member(), member()
    away = member(away=True, deputy=deputy)
    assert told_in_turn(listed(away, other, quiet=(1,)), [])[0].membership == deputy
    assert told_in_turn(listed(away, other, deputy, quiet=(3,)), [])[0].membership == other


@pytest.mark.parametrize(
    ("site", "hours", "rests"),
    [
        (ASHGABAT, (time(22), time(7)), True),
        (CHISINAU, (time(22), time(7)), False),  # there it is half past eight in the evening
        (ASHGABAT, (time(23, 30), time(23, 45)), True),
        (ASHGABAT, (time(23), time(23, 30)), False),
        (ASHGABAT, (None, None), False),
    ],
)
def test_quiet_hours_go_by_the_clock_of_the_site(site: Site, hours: tuple[time, time], rests: bool) -> None:
    place = DutyPlace(membership=member(site=site), order=1, quiet_from=hours[0], quiet_until=hours[1])
    assert duty.in_quiet_hours(place, NOW) is rests


@some.composite
def agencies(draw: some.DrawFn) -> tuple[list[DutyPlace], list[Membership], set[uuid.UUID]]:
    """A list, supervisors, and the users who are kept out or gone."""
    people = [member() for _number in range(draw(some.integers(1, 6)))]
    for one in people:
        if draw(some.booleans()):
            one.away_from, one.away_until = NOW - HOUR, NOW + HOUR
        one.deputy = draw(some.sampled_from([None, *[other for other in people if other is not one]]))
    chosen = draw(some.lists(some.sampled_from(people), unique_by=id))
    quiet = tuple(draw(some.sets(some.integers(1, 6))))
    bosses = draw(some.lists(some.sampled_from(people), unique_by=id))
    out = {one.user_id for one in people if draw(some.booleans())}
    return listed(*chosen, quiet=quiet), bosses, out


@given(agencies())
def test_nobody_is_told_twice_nobody_on_leave_or_kept_out_and_somebody_if_anybody_is_there(
    agency: tuple[list[DutyPlace], list[Membership], set[uuid.UUID]],
) -> None:
    places, bosses, out = agency
    told = told_in_turn(places, bosses, lambda one: one.user_id not in out)
    users = [one.membership.user_id for one in told]
    assert len(users) == len(set(users))
    assert not [one for one in told if one.membership.is_away(NOW) or one.membership.user_id in out]
    there = {
        one.user_id
        for one in [*(place.membership for place in places), *bosses]
        if not one.is_away(NOW) and one.user_id not in out
    }
    assert there <= set(users)
