"""A child who sleeps in a house of another agency than its case is with: by which consent that agency takes it in, and whether it does.

The room of referrals says by which; the room of the centre, whether a child sleeps there, and where it is taken in.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from amanat.access.files import File
from amanat.access.models import Consent
from amanat.access.policy import Part
from amanat.cases.models import Case
from amanat.people.models import Agency


@dataclass(frozen=True, slots=True)
class Lodging:
    """`parts`: what whoever works in the house sees and writes, as far as `consent` names it; `log_by`: another consent, which names the
    log of the centre where that one does not; `until`: when it ends by itself, where it runs on after a withdrawal."""

    consent: Consent
    parts: frozenset[Part]
    log_by: Consent | None = None
    until: datetime | None = None

    @property
    def names_log(self) -> bool:
        """Whether the log of the centre is named: else nobody in the house reads or writes it."""
        return Part.CENTRE in self.consent.parts or self.log_by is not None

    @property
    def consents(self) -> list[tuple[Consent, frozenset[Part]]]:
        """Each with what it opens to whoever works in the house."""
        log = [(self.log_by, frozenset({Part.CENTRE}))] if self.log_by is not None else []
        return [(self.consent, self.parts), *log]


By = Callable[[Collection[Case], uuid.UUID, datetime], dict[uuid.UUID, Lodging]]
Sleeps = Callable[[Case, Agency], bool]
_by: list[By] = []
_sleeps: list[Sleeps] = []


def register(by: By) -> None:
    """`by(cases, agency, now)` says, by case, by what an agency may take these children in; so many queries, however many cases."""
    if by not in _by:
        _by.append(by)


def register_sleeping(sleeps: Sleeps) -> None:
    if sleeps not in _sleeps:
        _sleeps.append(sleeps)


def of(cases: Collection[Case], agency: uuid.UUID, now: datetime) -> dict[uuid.UUID, Lodging]:
    """By case, of those that are another agency's."""
    others = [case for case in cases if case.agency_id != agency]
    found: dict[uuid.UUID, Lodging] = {}
    for by in _by if others else ():
        found |= by(others, agency, now)
    return found


def may_take_in(file: File) -> bool:
    """Whether the actor's agency can take the child in: the case is its own, or it was asked and said yes."""
    case, agency = file.row, file.actor.membership.agency_id
    assert isinstance(case, Case)
    return case.agency_id == agency or lodging_of(file) is not None


def lodging_of(file: File) -> Lodging | None:
    """By what the actor's agency takes in the child of a file of another; asked once for one file."""
    return file.once(_ask)


def _ask(file: File) -> Lodging | None:
    case, actor = file.row, file.actor
    assert isinstance(case, Case)
    return of([case], actor.membership.agency_id, actor.now).get(case.pk)


def sleeps(case: Case, agency: Agency) -> bool:
    """Whether the child has a bed in a house of this agency."""
    return any(ask(case, agency) for ask in _sleeps)
