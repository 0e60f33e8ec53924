"""A house for tests: arranged by the supervisor aman, with rooms and beds; and children in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from amanat.access.models import Grant
from amanat.access.policy import Relation
from amanat.cases.models import Case
from amanat.centre.actions.arranging import add_house, write_room
from amanat.centre.actions.placing import admit
from amanat.centre.models import Bed, House, Room, Stay
from tests.cast import IDENTITY, Cast

HOUSE, ROOM = "House of the lark", "Lilac"


def a_house(cast: Cast, *, capacity: int = 10, name: str = HOUSE) -> House:
    return add_house(name=name, capacity=capacity, site=cast["aman"].site, actor=cast.actor("aman"))


def a_room(cast: Cast, house: House, *, name: str = ROOM, beds: int = 2, **what: Any) -> Room:
    told: dict[str, Any] = {"purpose": "usual", "whom": "any"} | what
    return write_room(house, name=name, beds=beds, actor=cast.actor("aman"), **told)


def beds_of(room: Room) -> list[Bed]:
    return list(room.beds.order_by("number"))


def girl(register: Callable[..., Case], given: str = "Maral", born: str = "2012-09-01", **more: Any) -> Case:
    """Another child of jemal's."""
    sex = more.pop("sex", "Feminine")
    return register(identity=IDENTITY | {"names": [{"given": given}], "birth_date": born, "sex": sex}, **more)


def stay_of(case: Case, bed: Bed, cast: Cast, by: str = "jemal", **more: Any) -> Stay:
    return admit(case, bed=bed, actor=cast.actor(by), **more)


def let_in(cast: Cast, name: str, relation: Relation, case: Case) -> None:
    """A place in the circle for somebody of the cast."""
    Grant.objects.create(
        subject=case.subject, membership=cast[name], relation=relation.value, since=cast.now - timedelta(days=1)
    )
