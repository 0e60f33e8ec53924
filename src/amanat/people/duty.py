"""Who of a duty list is told next of an alert. Pure: the list as it stands goes in, who is told comes out."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from amanat.people.models import DutyPlace, Membership

Can = Callable[[Membership], bool]


@dataclass(frozen=True, slots=True)
class Next:
    """Who is told. `instead_of`: whose deputy they are; `as_supervisor`: the list is at its end."""

    membership: Membership
    instead_of: Membership | None = None
    as_supervisor: bool = False


def whom(
    places: Sequence[DutyPlace],
    supervisors: Iterable[Membership],
    *,
    told: Collection[uuid.UUID],
    now: datetime,
    can: Can,
) -> list[Next]:
    """The next one of the list; once all others were told, those in their quiet hours; then all supervisors at once.

    `places` in their order, `told` the users who know already, `can` whether somebody could be told at all (works there, is not
    kept out). Who is on leave is not told; the deputy is in their place. Empty where nobody is left.
    """
    quiet = {place.pk for place in places if _rests(place, places, now)}
    for place in sorted(places, key=lambda one: one.pk in quiet):
        found = _standing(place.membership, now, can)
        if found is not None and found.membership.user_id not in told:
            return [found]
    by_user: dict[uuid.UUID, Next] = {}
    for one in supervisors:
        found = _standing(one, now, can)
        if found is not None and found.membership.user_id not in told:
            by_user.setdefault(found.membership.user_id, Next(found.membership, found.instead_of, as_supervisor=True))
    return list(by_user.values())


def standing(membership: Membership, now: datetime) -> Membership | None:
    """Who stands in this place now: its holder, on leave the deputy; None where nobody does."""
    found = _standing(membership, now, works_there(now))
    return found.membership if found else None


def works_there(now: datetime) -> Can:
    return lambda membership: membership.is_current(now) and membership.user.is_active


def in_quiet_hours(place: DutyPlace, now: datetime) -> bool:
    """By the clock of the site where the worker of this place works."""
    if place.quiet_from is None or place.quiet_until is None:
        return False
    return _within(now.astimezone(place.membership.zone).time(), place.quiet_from, place.quiet_until)


def _within(moment: time, begins: time, ends: time) -> bool:
    """Over midnight where it ends before it begins."""
    if begins <= ends:
        return begins <= moment < ends
    return moment >= begins or moment < ends


def _rests(place: DutyPlace, places: Iterable[DutyPlace], now: datetime) -> bool:
    """Whether it is night for who stands in the place; a deputy has their own quiet hours, if they are on the list themselves."""
    if not place.membership.is_away(now):
        return in_quiet_hours(place, now)
    own = next((one for one in places if one.membership_id == place.membership.deputy_id), None)
    return own is not None and in_quiet_hours(own, now)


def _standing(membership: Membership, now: datetime, can: Can) -> Next | None:
    if not can(membership):
        return None
    if not membership.is_away(now):
        return Next(membership)
    deputy = membership.deputy
    if deputy is None or deputy.is_away(now) or not can(deputy):
        return None
    return Next(deputy, instead_of=membership)
