"""What a case that is opened from elsewhere (a call) brings with it: rooms register what they carry over to the child's file.

And the way back: the files that a case came from tell of the child as well, so that whoever is kept out of it is kept out of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from amanat.access.actor import Actor
from amanat.access.models import FileRow
from amanat.cases.models import Case
from amanat.people.models import User

Carry = Callable[[FileRow, Case, Actor, datetime | None], None]
_carried: list[Carry] = []


@dataclass(frozen=True, slots=True)
class Sources:
    """`of`: the files that a case came from; `cases`: the cases that came from such a file; `let_go`: it is in nobody's hands who is
    kept out of it.
    """

    of: Callable[[Case], Iterable[FileRow]]
    cases: Callable[[FileRow], Iterable[Case]]
    let_go: Callable[[FileRow, User], None]


_sources: list[Sources] = []


def register(carry: Carry) -> None:
    """`carry(source, case, actor, since)` seals anew, under the child's subject, what its room keeps of `source`, or what was written
    there after `since`. Called in `ready()`.
    """
    if carry not in _carried:
        _carried.append(carry)


def carry(source: FileRow, case: Case, actor: Actor, since: datetime | None = None) -> None:
    """Within the verb that opens the case. `since`: when the last other child's case was opened from there; what was written down
    before that went with that child, and is not told of this one.
    """
    for one in _carried:
        one(source, case, actor, since)


def register_sources(sources: Sources) -> None:
    """Called in `ready()`, by the room whose files cases come from."""
    if sources not in _sources:
        _sources.append(sources)


def sources_of(case: Case) -> list[tuple[FileRow, Sources]]:
    """The files that it came from, each with how its room answers for it."""
    return [(row, sources) for sources in _sources for row in sources.of(case)]
