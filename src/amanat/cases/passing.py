"""What is in the way of passing a whole case to another agency. Rooms that this one knows nothing of add theirs in `ready()`."""

from __future__ import annotations

from collections.abc import Callable

from amanat.cases.models import Case
from amanat.web.errors import PersonFacingError

# Asked within the lock of the case, before the yes; says what is in the way and what to do first, None where nothing is.
InTheWay = Callable[[Case], PersonFacingError | None]

_registered: list[InTheWay] = []


def register(in_the_way: InTheWay) -> None:
    if in_the_way not in _registered:
        _registered.append(in_the_way)


def check(case: Case) -> None:
    """Raises:
    PersonFacingError: something is in the way.
    """
    for in_the_way in _registered:
        if (error := in_the_way(case)) is not None:
            raise error
