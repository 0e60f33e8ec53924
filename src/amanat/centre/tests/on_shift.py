"""Shifts and children in a house, for tests of its days."""

from __future__ import annotations

from datetime import timedelta

from amanat.access.policy import Relation
from amanat.cases.models import Case
from amanat.centre.actions.log import write_log
from amanat.centre.actions.shifts import arrange_shift, begin_shift, take_over
from amanat.centre.models import House, LogEntry, Shift, Stay
from amanat.centre.tests.housed import a_house, a_room, beds_of, let_in, stay_of
from amanat.people.models import Membership, Role, User
from tests.cast import Cast


def a_shift(cast: Cast, house: House, who: str = "bahar", *, begins: float = 0, hours: float = 8) -> Shift:
    """From so many hours from now on."""
    starts = cast.now + timedelta(hours=begins)
    return arrange_shift(
        house, worker=cast[who], begins_at=starts, ends_at=starts + timedelta(hours=hours), actor=cast.actor("aman")
    )


def resident(cast: Cast, case: Case, house: House | None = None) -> Stay:
    """The child in a bed of the house."""
    room = a_room(cast, house or a_house(cast), name=f"Room of {case.child.code_name}", beds=1)
    return stay_of(case, beds_of(room)[0], cast)


def in_circle(cast: Cast, case: Case, *names: str) -> None:
    """Workers of the centre who stand in the child's circle."""
    for name in names or ("bahar",):
        let_in(cast, name, Relation.CENTRE_WORKER, case)


def colleague(cast: Cast, name: str = "ayna", role: Role = Role.CENTRE_WORKER) -> Membership:
    """One more worker of the northern agency."""
    user = User.objects.create_user(name, None, display_name=name.capitalize())
    north = cast["aman"]
    cast[name] = Membership.objects.create(
        user=user, agency=north.agency, site=north.site, role=role, since=north.since
    )
    return cast[name]


def a_note(
    cast: Cast, case: Case, by: str = "bahar", *, ago: float = 1, words: str = "Slept late.", **more: object
) -> LogEntry:
    """A hand-over note of some hours ago."""
    actor = cast.actor(by, cast.now - timedelta(hours=ago))
    return write_log(case, kind="hand_over", words=words, actor=actor, **more)  # type: ignore[arg-type]


def taken_over(cast: Cast, shift: Shift, who: str) -> Shift:
    """Begun, with every note read."""
    from amanat.centre.hand_over import to_take_over

    begun = begin_shift(shift, actor=cast.actor(who))
    read = [note.pk.hex for one in to_take_over(begun, cast.actor(who)) for note in one.unread]
    return take_over(begun, read=read, actor=cast.actor(who))
