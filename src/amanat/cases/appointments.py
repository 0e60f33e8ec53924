"""Appointments of a worker with children, as a registry: each room adds its own when it is loaded (hearings, sessions).

The calendar page shows them to the worker; a calendar feed tells of each only when it is.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from amanat.access.actor import Actor
from amanat.access.files import File, visible_to
from amanat.access.policy import Part
from amanat.cases.models import Case

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise


@dataclass(frozen=True, slots=True)
class Appointment:
    """`key`: the id of its row, which no feed shows; `case`: whose; `label`: what it is; `address`: its page, "" where it has none, which
    shows `part`."""

    key: uuid.UUID
    at: datetime
    case: uuid.UUID
    label: StrOrPromise
    address: str = ""
    part: Part = Part.EXISTENCE

    def link(self, file: File) -> str:
        """Its page, "" for whoever may not open it: they know of the appointment because they go along."""
        return self.address if file.sees(self.part) else ""


Ask = Callable[[Actor, datetime, datetime, int], Iterable[Appointment]]
"""Those of an actor from one moment to another that still stand, so many at most, the earliest first; one query."""
_asks: list[Ask] = []


def register(ask: Ask) -> None:
    """Called in `ready()`."""
    if ask not in _asks:
        _asks.append(ask)


def of(actor: Actor, since: datetime, until: datetime, most: int) -> list[tuple[Appointment, Case]]:
    """All of them by time, each with its case; none on a file of which the actor may not know any more."""
    found = [one for ask in _asks for one in ask(actor, since, until, most)]
    rows = Case.objects.filter(pk__in={one.case for one in found}).select_related("child", "subject", "agency")
    cases = {case.pk: case for case in visible_to(actor, rows)} if found else {}
    known = [(one, cases[one.case]) for one in found if one.case in cases]
    return sorted(known, key=lambda pair: (pair[0].at, pair[0].key))[:most]
